"""One attempt of one turn: its parts become events, its end a turn."""

from dataclasses import dataclass, replace
from datetime import datetime

from roundtable_gateway.conductor.gate import Gate, admit_scores, admit_verdict
from roundtable_gateway.conductor.parts import (
    EndPart,
    FindingDraft,
    FindingPart,
    ReviewResult,
    TextPart,
)
from roundtable_gateway.domain.event import (
    FindingAdded,
    FindingChanged,
    FindingWithdrawn,
    NewEvent,
    TurnCompleted,
    TurnDelta,
    TurnFailed,
    TurnRef,
)
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import Turn, TurnState, Usage


@dataclass(frozen=True, slots=True)
class SettledTurn:
    """A turn with the findings that count once it has ended."""

    turn: Turn
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Retry:
    """A next attempt to come, and when, if anybody knows."""

    time: datetime | None


class Attempt:
    """Turns a runner's parts into the events of the log.

    Args:
        turn: The attempt as it was begun.
        gate: What checks findings; its work belongs on a thread, so do `add` and
            `complete`.
        findings: What the log has of this attempt already.
    """

    def __init__(
        self, turn: Turn, gate: Gate, *, findings: tuple[Finding, ...] = ()
    ) -> None:
        self._turn = turn
        self._gate = gate
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

        Raises UnfitAnswerError for a word that the schema doesn't have.
        """
        finding = self._admit(part.finding, number=len(self._findings) + 1)
        self._findings.append(finding)
        return NewEvent(FindingAdded(finding), self.ref, part.index)

    def complete(
        self, part: EndPart, result: ReviewResult, *, now: datetime
    ) -> tuple[SettledTurn, list[NewEvent]]:
        """Return the answered turn and the events that end the attempt.

        The result's list of findings is what counts: where it differs from what was
        added on the way, the events say so. Raises UnfitAnswerError as `add` does.
        """
        findings = [
            self._admit(draft, number=number)
            for number, draft in enumerate(result.findings, start=1)
        ]
        turn = replace(
            self._turn,
            state=TurnState.SUCCEEDED,
            text=result.text,
            scores=admit_scores(result.scores, findings),
            overall=result.overall,
            verdict=admit_verdict(result.verdict),
            verdict_reason=result.verdict_reason,
            not_assessed=result.not_assessed,
            usage=replace(part.usage, turns=1),
            end_time=now,
        )
        events = [
            *self._differences(findings),
            NewEvent(TurnCompleted(turn), self.ref, part.index),
        ]
        return SettledTurn(turn, tuple(findings)), events

    def fail(
        self,
        reason: str,
        usage: Usage,
        *,
        now: datetime,
        retry: Retry | None,
    ) -> tuple[SettledTurn, list[NewEvent]]:
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
        return SettledTurn(turn, ()), [*events, NewEvent(failed, self.ref)]

    def _admit(self, draft: FindingDraft, *, number: int) -> Finding:
        panelist_id = self._turn.panelist_id or ""
        suffix = f".{self._turn.attempt}" if self._turn.attempt > 1 else ""
        return self._gate.admit(
            draft,
            finding_id=f"{panelist_id}{number}{suffix}",
            turn_id=self._turn.id,
            panelist_id=panelist_id,
        )

    def _differences(self, findings: list[Finding]) -> list[NewEvent]:
        known = {finding.id: finding for finding in self._findings}
        events = [
            NewEvent(
                FindingChanged(finding)
                if finding.id in known
                else FindingAdded(finding),
                self.ref,
            )
            for finding in findings
            if known.get(finding.id) != finding
        ]
        kept = {finding.id for finding in findings}
        gone = [finding for finding in self._findings if finding.id not in kept]
        return events + [self._withdraw(each, "NOT_IN_RESULT") for each in gone]

    def _withdraw(self, finding: Finding, reason: str) -> NewEvent:
        return NewEvent(FindingWithdrawn(finding.id, reason), self.ref)
