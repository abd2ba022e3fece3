"""Progress of a run while it goes: plain lines, or a live picture on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Protocol, Self, TextIO

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from roundtable_cli.events import Event
from roundtable_cli.printable import one_line
from roundtable_cli.render.terminal import console_on
from roundtable_cli.render.waiting import pause_in_words, when
from roundtable_cli.render.words import (
    DECISION_REASONS,
    MOVES,
    OUTCOMES,
    finding_in_a_line,
)
from roundtable_cli.run import Panelist
from roundtable_cli.table import Seat, SeatState, Table, finding_of

_MARKS = {
    SeatState.WAITING: ("·", "dim"),
    SeatState.SPEAKING: ("…", "cyan"),
    SeatState.DONE: ("✓", "green"),
    SeatState.FAILED: ("✗", "red"),
}
_RUN_LINES = {
    "run.queued": "The run waits for its turn.",
    "run.resumed": "The run goes on.",
}
_REFRESHES_A_SECOND = 8
_LABEL_SHARE = 0.4


def _now() -> datetime:
    return datetime.now(UTC)


class Progress(Protocol):
    """Shows how a run goes."""

    def say(self, line: str) -> None:
        """Show a line about the review itself."""

    def seat(self, panelists: tuple[Panelist, ...]) -> None:
        """Show who sits at the table; comes before the first event."""

    def observe(self, event: Event) -> None:
        """Show what an event changes."""


@contextmanager
def progress_on(stream: TextIO) -> Iterator[Progress]:
    """Show progress on `stream`: live if it is a terminal, else line by line."""
    console = console_on(stream)
    if console.is_terminal:
        with LiveProgress(console) as live:
            yield live
    else:
        yield PlainProgress(stream)


class PlainProgress:
    """A line for each thing that happens."""

    def __init__(self, stream: TextIO, *, now: Callable[[], datetime] = _now) -> None:
        self._stream = stream
        self._now = now
        self._table = Table(())

    def say(self, line: str) -> None:
        """Write the line."""
        self._stream.write(one_line(line) + "\n")
        self._stream.flush()

    def seat(self, panelists: tuple[Panelist, ...]) -> None:
        """Write how many sit there."""
        self._table = Table(panelists)
        self.say(f"{len(panelists)} panelists read the document.")

    def observe(self, event: Event) -> None:
        """Write the event's line, if it has one."""
        self._table.apply(event)
        line = describe(event, self._table, now=self._now())
        line = line or _describe_turn(event, self._table)
        if line:
            self.say(line)


class LiveProgress:
    """A line for each panelist with its last words; findings scroll by above."""

    def __init__(self, console: Console, *, now: Callable[[], datetime] = _now) -> None:
        self._console = console
        self._now = now
        self._table = Table(())
        self._live = Live(
            console=console,
            get_renderable=self._render,
            refresh_per_second=_REFRESHES_A_SECOND,
            transient=True,
        )

    def __enter__(self) -> Self:
        """Take the terminal's last lines."""
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Give them back."""
        self._live.stop()

    def say(self, line: str) -> None:
        """Put the line above the picture."""
        self._console.print(Text(one_line(line)))

    def seat(self, panelists: tuple[Panelist, ...]) -> None:
        """Begin the picture."""
        self._table = Table(panelists)

    def observe(self, event: Event) -> None:
        """Change the picture, and put what stays said above it."""
        self._table.apply(event)
        if line := describe(event, self._table, now=self._now()):
            self.say(line)

    def _render(self) -> RenderableType:
        width = self._console.width
        # A copy: rich renders from a thread of its own.
        return Group(*(_seat_line(s, width) for s in tuple(self._table.seats.values())))


def describe(  # noqa: PLR0911 - a line a type
    event: Event, table: Table, *, now: datetime
) -> str | None:
    """Return the line for an event that is worth one in any view, else None."""
    match event.type:
        case "finding.added":
            finding = finding_of(event)
            return f"{table.label(finding.panelist_id)}: {finding_in_a_line(finding)}"
        case "turn.failed":
            return _failure_line(event, table, now)
        case "run.paused":
            return pause_in_words(event, now)
        case "clusters.set":
            return _clusters_line(event)
        case "agenda.set":
            return _agenda_line(event)
        case "stance.changed":
            return _stance_line(event, table)
        case "decision.set":
            return _decision_line(event)
    return _RUN_LINES.get(event.type)


def _failure_line(event: Event, table: Table, now: datetime) -> str | None:
    if event.content.get("reason") == "cancelled":
        # It was ended with its run, which says so itself.
        return None
    who = table.label_of_turn(event.turn_id)
    time = event.content.get("retry_time")
    if time is not None:
        then = f"tried again {when(time, now)}"
    elif event.content.get("will_retry"):
        then = "tried again when the run goes on"
    else:
        then = "not tried again"
    return f"{who} failed: {event.content.get('reason', 'unknown')}, {then}"


def _clusters_line(event: Event) -> str | None:
    clusters = event.content.get("clusters") or ()
    count = sum(len(cluster.get("finding_ids", ())) for cluster in clusters)
    return f"{count} findings are {len(clusters)} points." if clusters else None


def _agenda_line(event: Event) -> str | None:
    agenda = event.content.get("agenda") or ()
    if not agenda:
        return None
    things = "one disagreement" if len(agenda) == 1 else f"{len(agenda)} disagreements"
    return f"The panel discusses {things}."


def _stance_line(event: Event, table: Table) -> str:
    stance = event.content.get("stance") or {}
    who = table.label(stance.get("panelist_id"))
    move = str(stance.get("move", ""))
    return f"{who} on {stance.get('item_id')}: {MOVES.get(move, move)}"


def _decision_line(event: Event) -> str:
    decision = event.content.get("decision") or {}
    outcome, reason = decision.get("outcome", ""), decision.get("reason", "")
    return (
        f"Decision: {OUTCOMES.get(outcome, outcome)} "
        f"({DECISION_REASONS.get(reason, reason)})"
    )


def _describe_turn(event: Event, table: Table) -> str | None:
    who = table.label_of_turn(event.turn_id)
    match event.type:
        case "turn.started" if event.attempt > 1:
            return f"{who} starts again, attempt {event.attempt}."
        case "turn.started":
            return f"{who} starts."
        case "turn.completed":
            return f"{who} is done."
    return None


def _seat_line(seat: Seat, width: int) -> Text:
    mark, style = _MARKS[seat.state]
    label = one_line(seat.label)
    room_for_label = max(10, int(width * _LABEL_SHARE))
    if len(label) > room_for_label:
        label = label[: room_for_label - 1] + "…"
    words = one_line(seat.words)
    room = max(0, width - len(label) - 6)
    if len(words) > room:
        words = "…" + words[len(words) - room + 1 :] if room else ""
    line = Text(f"{mark} {label}  ", style=style, no_wrap=True, overflow="crop")
    return line.append(words, style="default")
