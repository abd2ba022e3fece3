"""Who sits at the table and what each is saying right now."""

from dataclasses import dataclass
from enum import StrEnum

from roundtable_cli.errors import MalformedAnswerError
from roundtable_cli.events import Event
from roundtable_cli.run import Finding, Panelist

# More than the widest terminal shows of a panelist's last words.
_KEPT_CHARACTERS = 500


# What speaks without a seat, by the kind of its turn; a finding of nobody's is the
# control's.
_WITHOUT_SEAT = {
    None: "The control",
    "control": "The control",
    "cluster": "The sorting of findings",
    "synthesis": "The moderator",
}


class SeatState(StrEnum):
    """What a seat is doing, in a word for the user."""

    WAITING = "waiting"
    SPEAKING = "speaking"
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True)
class Seat:
    """A panelist, or a step without one, and its latest turn."""

    label: str
    state: SeatState = SeatState.WAITING
    words: str = ""
    draft: int = 0


class Table:
    """Folds a run's events into the picture of who speaks."""

    def __init__(self, panelists: tuple[Panelist, ...]) -> None:
        self.seats = {panelist.id: Seat(panelist.label) for panelist in panelists}
        self._seat_of_turn: dict[str, str] = {}

    def label(self, panelist_id: str | None) -> str:
        """Return what a panelist, or what speaks without a seat, is called."""
        seat = self.seats.get(panelist_id or "")
        return seat.label if seat else _WITHOUT_SEAT.get(panelist_id, "The panel")

    def label_of_turn(self, turn_id: str | None) -> str:
        """Return whose turn it is."""
        return self.label(self._seat_of_turn.get(turn_id or "", ""))

    def apply(self, event: Event) -> None:
        """Take the next event."""
        if event.type == "turn.started":
            self._begin(event)
        seat = self.seats.get(self._seat_of_turn.get(event.turn_id or "", ""))
        if seat is None:
            return
        match event.type:
            case "turn.started" | "turn.superseded":
                seat.state, seat.words, seat.draft = SeatState.SPEAKING, "", 0
            case "turn.delta":
                _speak(seat, event)
            case "turn.completed":
                seat.state = SeatState.DONE
            case "turn.failed":
                seat.state = _state_after_failure(event)

    def _begin(self, event: Event) -> None:
        turn = event.content.get("turn") or {}
        if event.turn_id:
            who = turn.get("panelist_id") or str(turn.get("kind"))
            self._seat_of_turn[event.turn_id] = who


def _state_after_failure(event: Event) -> SeatState:
    has_time = event.content.get("retry_time") is not None
    # A gateway of the first version tells the time alone.
    will_retry = event.content.get("will_retry", has_time)
    return SeatState.WAITING if will_retry else SeatState.FAILED


def finding_of(event: Event) -> Finding:
    """Return the finding that a ``finding.added`` event carries."""
    try:
        return Finding.from_json(event.content["finding"])
    except (KeyError, TypeError, AttributeError) as error:
        raise MalformedAnswerError("a finding with fields missing or wrong") from error


def _speak(seat: Seat, event: Event) -> None:
    draft = int(event.content.get("draft") or 0)
    text = str(event.content.get("text") or "")
    if draft > seat.draft:
        seat.words, seat.draft = "", draft
    seat.words = (seat.words + text)[-_KEPT_CHARACTERS:]
