"""Settles what a reader hands in: a review, the control's, or a sweep's."""

from dataclasses import replace

from roundtable_gateway.conductor.gate import (
    Gate,
    UnfitAnswerError,
    admit_scores,
    admit_verdict,
)
from roundtable_gateway.conductor.parts import FindingDraft, ReviewResult, TurnResult
from roundtable_gateway.conductor.settlement.settlement import Settled, Settlement
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import Turn, TurnKind


class ReadingSettlement(Settlement):
    """Checks a reader's findings and numbers them.

    Args:
        gate: What checks findings.
        prefix: What the ids of its findings begin with.
    """

    def __init__(self, gate: Gate, *, prefix: str) -> None:
        self._gate = gate
        self._prefix = prefix

    def admit(self, turn: Turn, draft: FindingDraft, *, number: int) -> Finding:
        """Return a finding, checked; an attempt's ids are its own."""
        suffix = f".{turn.attempt}" if turn.attempt > 1 else ""
        return self._gate.admit(
            draft,
            finding_id=f"{self._prefix}{number}{suffix}",
            turn_id=turn.id,
            panelist_id=turn.panelist_id,
        )

    def settle(self, turn: Turn, result: TurnResult) -> Settled:
        """Return the turn with its findings; a sweep has no marks and no verdict."""
        if not isinstance(result, ReviewResult):
            raise UnfitAnswerError
        findings = tuple(
            self.admit(turn, draft, number=number)
            for number, draft in enumerate(result.findings, start=1)
        )
        answered = replace(turn, text=result.text, not_assessed=result.not_assessed)
        if turn.kind is not TurnKind.SWEEP:
            answered = replace(
                answered,
                scores=admit_scores(result.scores, findings),
                overall=result.overall,
                verdict=admit_verdict(result.verdict),
                verdict_reason=result.verdict_reason,
            )
        return Settled(answered, findings)
