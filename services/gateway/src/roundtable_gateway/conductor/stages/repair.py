"""The gate's one repair: who wrote a finding is asked again for its words."""

from collections.abc import Iterator, Sequence

from roundtable_gateway.conductor.manifest import failed, ran
from roundtable_gateway.conductor.planned_turn import PlannedTurn
from roundtable_gateway.conductor.proceedings import Proceedings
from roundtable_gateway.conductor.settlement.repair import RepairSettlement
from roundtable_gateway.conductor.tasks import RepairTask
from roundtable_gateway.conductor.turn_ids import repair_id, review_id
from roundtable_gateway.domain.document import Paragraph
from roundtable_gateway.domain.finding import Disposition, Finding, FindingKind
from roundtable_gateway.domain.run import ManifestEntry, Stage, Turn, TurnKind

REPAIRS_FAILED = "REPAIRS_FAILED"

_READING = (TurnKind.REVIEW, TurnKind.CONTROL, TurnKind.SWEEP)


async def repair(proceedings: Proceedings) -> ManifestEntry:
    """Ask once for the words that were not found; what stays unfound stays labelled."""
    if await proceedings.ask(Stage.GATE, *_repairs(proceedings)):
        return ran(Stage.GATE)
    return failed(Stage.GATE, REPAIRS_FAILED)


def _repairs(proceedings: Proceedings) -> Iterator[PlannedTurn]:
    record, run_id = proceedings.record, proceedings.run.id
    prefix = review_id(run_id, "")
    for turn in list(record.turns.values()):
        if turn.kind not in _READING or not record.has_answer(turn.id):
            continue
        turn_id = repair_id(run_id, turn.id.removeprefix(prefix))
        unfound = [each for each in record.findings_of(turn.id) if _is_unfound(each)]
        # A repair that was answered has left what it could not mend.
        if unfound and not record.has_answer(turn_id):
            yield _repair(proceedings, turn_id, of=turn, findings=unfound)


def _repair(
    proceedings: Proceedings, turn_id: str, *, of: Turn, findings: Sequence[Finding]
) -> PlannedTurn:
    panelists = {each.id: each for each in proceedings.run.panelists}
    panelist = panelists[of.panelist_id] if of.panelist_id else None
    return PlannedTurn(
        id=turn_id,
        task=RepairTask(
            proceedings.subject(_shown(proceedings, of)),
            proceedings.seat(panelist) if panelist else None,
            tuple(findings),
        ),
        settlement=RepairSettlement(proceedings.gate, tuple(findings)),
        model=of.model,
    )


def _is_unfound(finding: Finding) -> bool:
    """Return whether better words may help; an omission has none."""
    return (
        not finding.verified
        and finding.kind is not FindingKind.OMISSION
        and finding.disposition is not Disposition.REJECTED
    )


def _shown(proceedings: Proceedings, turn: Turn) -> tuple[Paragraph, ...]:
    """Return what a reader was shown."""
    paragraphs = proceedings.document.paragraphs
    ids = [paragraph.id for paragraph in paragraphs]
    first, last = turn.first_paragraph_id, turn.last_paragraph_id
    if first is None or last is None:
        return paragraphs
    return paragraphs[ids.index(first) : ids.index(last) + 1]
