"""Settles a panelist's word in a round: stances, and what they move."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from roundtable_gateway.conductor.gate import Gate, UnfitAnswerError, admit_verdict
from roundtable_gateway.conductor.parts import (
    DiscussionResult,
    StatementDraft,
    TurnResult,
)
from roundtable_gateway.conductor.settlement.settlement import Settled, Settlement
from roundtable_gateway.domain.discussion import AgendaItem, Move, Position, Stance
from roundtable_gateway.domain.event import FindingChanged, StanceChanged
from roundtable_gateway.domain.finding import Finding, Severity
from roundtable_gateway.domain.run import Turn
from roundtable_gateway.panel.stances import moved_severity, weigh


class DiscussionSettlement(Settlement):
    """Weighs what a panelist says against what it has said and shown before.

    Args:
        gate: What checks quotes.
        items: What it was asked of.
        findings: All findings by id, as they stood when the round began.
        standing: All findings by id, as they stand now.
        stances: All that was said of the agenda so far. A retry asks a round again
            behind later ones; what was said in those stands.
    """

    def __init__(
        self,
        gate: Gate,
        items: Sequence[AgendaItem],
        *,
        findings: Mapping[str, Finding],
        standing: Mapping[str, Finding],
        stances: Sequence[Stance],
    ) -> None:
        self._gate = gate
        self._items = {item.id: item for item in items}
        self._findings = findings
        self._standing = standing
        self._stances = stances

    def settle(self, turn: Turn, result: TurnResult) -> Settled:
        """Return the turn, its stances, and its own findings that it moves."""
        if not isinstance(result, DiscussionResult):
            raise UnfitAnswerError
        own = [
            finding
            for finding in self._findings.values()
            if finding.panelist_id == turn.panelist_id
        ]
        stances = [
            self._weigh(turn, statement, item=item, own=own)
            for item, statement in self._statements(result)
        ]
        answered = replace(
            turn,
            text=result.text,
            overall=result.overall,
            verdict=admit_verdict(result.verdict),
            verdict_reason=result.verdict_reason,
        )
        return Settled(
            answered,
            facts=(
                *map(StanceChanged, stances),
                *map(FindingChanged, self._moved(turn.panelist_id, stances)),
            ),
        )

    def _statements(
        self, result: DiscussionResult
    ) -> Iterator[tuple[AgendaItem, StatementDraft]]:
        """Yield one statement an item; what was not asked of is not heard."""
        open_items = dict(self._items)
        for statement in result.statements:
            item = open_items.get(statement.item_id)
            if item is None:
                continue
            if not statement.finding_id or statement.finding_id in item.finding_ids:
                del open_items[item.id]
                yield item, statement

    def _weigh(
        self,
        turn: Turn,
        statement: StatementDraft,
        *,
        item: AgendaItem,
        own: Sequence[Finding],
    ) -> Stance:
        try:
            move, position = Move(statement.move), Position(statement.stance)
            severity = Severity(statement.severity) if statement.severity else None
        except ValueError as error:
            raise UnfitAnswerError from error
        return weigh(
            item,
            panelist_id=turn.panelist_id or "",
            turn_id=turn.id,
            round=turn.round,
            finding=self._findings.get(statement.finding_id),
            move=move,
            position=position,
            severity=severity,
            argument=statement.argument,
            changed_by=statement.changed_by or None,
            quotes=self._gate.check(statement.quotes),
            own_findings=own,
            earlier=self._stances,
        )

    def _moved(
        self, panelist_id: str | None, stances: Sequence[Stance]
    ) -> Iterator[Finding]:
        for finding in self._standing.values():
            if finding.panelist_id != panelist_id:
                continue
            severity = moved_severity(finding, [*self._stances, *stances])
            if severity is not None:
                yield replace(finding, severity=severity)
