"""One attempt of one turn: its parts become events, its end a turn."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import get_args

from roundtable_gateway.conductor.parts import (
    EndPart,
    FindingPart,
    TextPart,
    TurnResult,
)
from roundtable_gateway.conductor.settlement.settlement import Settlement
from roundtable_gateway.domain.event import (
    Fact,
    FindingAdded,
    FindingChanged,
    FindingWithdrawn,
    NewEvent,
    TurnCompleted,
    TurnDelta,
    TurnFact,
    TurnFailed,
    TurnRef,
)
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import Turn, TurnState, Usage


@dataclass(frozen=True, slots=True)
class Retry:
    """A next attempt to come, and when, if anybody knows."""

    time: datetime | None


class Attempt:
    """Turns a runner's parts into the events of the log.

    Args:
        turn: The attempt as it was begun.
        settlement: What makes facts of its answer; its work belongs on a thread, so
            do `add` and `complete`.
        findings: What the log has of this attempt already.
    """

    def __init__(
        self, turn: Turn, settlement: Settlement, *, findings: tuple[Finding, ...] = ()
    ) -> None:
        self._turn = turn
        self._settlement = settlement
        self._findings = list(findings)
        self.ref = TurnRef(turn.id, turn.attempt)

    @property
    def counted(self) -> int:
        """Number of the attempt among those that count towards a limit, from 1."""
        return self._turn.attempt - self._turn.paused_attempts

    @property
    def start_time(self) -> datetime | None:
        """When it began."""
        return self._turn.start_time

    def speak(self, part: TextPart) -> NewEvent:
        """Return the event of some words."""
        return NewEvent(TurnDelta(part.text, part.draft), self.ref, part.index)

    def add(self, part: FindingPart) -> NewEvent:
        """Return the event of a finding that has closed.

        Raises UnfitAnswerError for one that can't be used.
        """
        number = len(self._findings) + 1
        finding = self._settlement.admit(self._turn, part.finding, number=number)
        self._findings.append(finding)
        return NewEvent(FindingAdded(finding), self.ref, part.index)

    def complete(
        self, part: EndPart, result: TurnResult, *, now: datetime
    ) -> tuple[Turn, list[NewEvent]]:
        """Return the answered turn and the events that end the attempt.

        The result's list of findings is what counts: where it differs from what was
        added on the way, the events say so. Raises UnfitAnswerError as `add` does.
        """
        answered = replace(
            self._turn,
            state=TurnState.SUCCEEDED,
            usage=replace(part.usage, turns=1),
            end_time=now,
        )
        settled = self._settlement.settle(answered, result)
        events = [
            *self._differences(settled.findings),
            *map(self._event, settled.facts),
            NewEvent(TurnCompleted(settled.turn), self.ref, part.index),
        ]
        return settled.turn, events

    def fail(
        self,
        reason: str,
        usage: Usage,
        *,
        now: datetime,
        retry: Retry | None,
    ) -> tuple[Turn, list[NewEvent]]:
        """Return the failed turn and the events that end the attempt.

        With a retry to come the turn is queued again, and the next attempt supersedes
        this one's findings; without one they are withdrawn here.
        """
        turn = replace(
            self._turn,
            state=TurnState.FAILED if retry is None else TurnState.QUEUED,
            reason=reason,
            usage=usage,
            end_time=now,
            retry_time=None if retry is None else retry.time,
        )
        events = []
        if retry is None:
            events = [
                self._withdraw(finding, "TURN_FAILED") for finding in self._findings
            ]
        failed = TurnFailed(
            reason,
            will_retry=retry is not None,
            retry_time=turn.retry_time,
            usage=usage,
            model=turn.model,
        )
        return turn, [*events, self._event(failed)]

    def _differences(self, findings: Iterable[Finding]) -> list[NewEvent]:
        known = {finding.id: finding for finding in self._findings}
        kept = {finding.id: finding for finding in findings}
        events = [
            self._event(
                FindingChanged(finding)
                if finding.id in known
                else FindingAdded(finding)
            )
            for finding in kept.values()
            if known.get(finding.id) != finding
        ]
        gone = [finding for finding in self._findings if finding.id not in kept]
        return events + [self._withdraw(each, "NOT_IN_RESULT") for each in gone]

    def _withdraw(self, finding: Finding, reason: str) -> NewEvent:
        return self._event(FindingWithdrawn(finding.id, reason))

    def _event(self, fact: Fact) -> NewEvent:
        is_of_turn = isinstance(fact, get_args(TurnFact))
        return NewEvent(fact, self.ref if is_of_turn else None)
