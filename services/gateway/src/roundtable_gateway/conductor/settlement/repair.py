"""Settles a repair: findings whose words are found now, or that are taken back."""

from roundtable_gateway.conductor.gate import Gate, UnfitAnswerError
from roundtable_gateway.conductor.parts import FindingRepair, RepairResult, TurnResult
from roundtable_gateway.conductor.settlement.settlement import Settled, Settlement
from roundtable_gateway.domain.event import Fact, FindingChanged, FindingWithdrawn
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import Turn

WITHDRAWN_BY_AUTHOR = "WITHDRAWN_BY_AUTHOR"


class RepairSettlement(Settlement):
    """Checks the new words of findings, as they stand in the task."""

    def __init__(self, gate: Gate, findings: tuple[Finding, ...]) -> None:
        self._gate = gate
        self._findings = findings

    def settle(self, turn: Turn, result: TurnResult) -> Settled:
        """Return what changes; a finding that stays unfound stays as it was."""
        if not isinstance(result, RepairResult):
            raise UnfitAnswerError
        repairs: dict[int, FindingRepair] = {}
        for repair in result.repairs:
            repairs.setdefault(repair.number, repair)
        facts = (
            self._fact(finding, repairs[number])
            for number, finding in enumerate(self._findings, start=1)
            if number in repairs
        )
        return Settled(turn, facts=tuple(fact for fact in facts if fact))

    def _fact(self, finding: Finding, repair: FindingRepair) -> Fact | None:
        if repair.is_withdrawn:
            return FindingWithdrawn(finding.id, WITHDRAWN_BY_AUTHOR)
        mended = self._gate.mend(finding, repair.quotes)
        return FindingChanged(mended) if mended.verified else None
