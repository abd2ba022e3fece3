"""How far a run is, in lines of our own: none of them holds a word of the document."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from roundtable_cli.events import Event
from roundtable_cli.printable import one_line
from roundtable_cli.render.waiting import pause_in_words
from roundtable_cli.render.words import DECISION_REASONS, OUTCOMES
from roundtable_cli.run import Run

_RUN_LINES = {
    "run.queued": "The run waits for its turn.",
    "run.resumed": "The run goes on.",
    "clusters.set": "Findings that one fix would resolve are put together.",
    "agenda.set": "What the panel disagrees on is found.",
}
_WITHOUT_SEAT = {"control": "The control reader", "synthesis": "The moderator"}


def _now() -> datetime:
    return datetime.now(UTC)


class Milestones:
    """Tells of a run's events, from where a snapshot of it stands."""

    def __init__(self, run: Run, *, now: Callable[[], datetime] = _now) -> None:
        self._now = now
        self._labels = {seat.id: one_line(seat.label) for seat in run.panelists}
        self._findings = {finding.id for finding in run.findings}
        self._turns: dict[str, str] = {}
        for turn in run.json.get("turns", ()):
            self._name(turn)

    def line(self, event: Event) -> str | None:
        """Return the line for the next event; None if it is not worth one."""
        match event.type:
            case "finding.added":
                finding = event.content.get("finding") or {}
                self._findings.add(str(finding.get("id")))
                return None
            case "finding.withdrawn":
                self._findings.discard(str(event.content.get("finding_id")))
                return None
            case "run.paused":
                return pause_in_words(event, self._now())
            case "decision.set":
                return _decision_line(event.content.get("decision") or {})
        if event.type.startswith("turn."):
            return self._turn_line(event)
        return _RUN_LINES.get(event.type)

    def _turn_line(self, event: Event) -> str | None:
        if event.type == "turn.started":
            self._name(event.content.get("turn") or {})
        turn = self._turns.get(event.turn_id or "", "The panel")
        match event.type:
            case "turn.started" if event.attempt > 1:
                return f"{turn}: begun again, attempt {event.attempt}."
            case "turn.started":
                return f"{turn}: begun."
            case "turn.completed":
                return f"{turn}: done; {len(self._findings)} findings so far."
            case "turn.failed" if event.content.get("reason") == "cancelled":
                return None  # it was ended with its run, which says so itself
            case "turn.failed":
                return f"{turn}: failed ({event.content.get('reason', 'unknown')})."
        return None

    def _name(self, turn: Mapping[str, Any]) -> None:
        kind = str(turn.get("kind", "turn"))
        who = self._labels.get(turn.get("panelist_id") or "")
        who = who or _WITHOUT_SEAT.get(kind, "The panel")
        self._turns[str(turn.get("id"))] = f"{who}, {one_line(kind)}"


def _decision_line(decision: Mapping[str, Any]) -> str:
    outcome, reason = str(decision.get("outcome")), str(decision.get("reason"))
    return (
        f"Decision: {OUTCOMES.get(outcome, outcome)} "
        f"({DECISION_REASONS.get(reason, reason)})."
    )
