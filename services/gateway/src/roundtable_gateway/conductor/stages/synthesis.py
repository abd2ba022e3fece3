"""The moderator's text for the author: a model writes it, code checks it."""

import asyncio
from collections.abc import Iterable, Mapping
from itertools import chain

from roundtable_gateway.conductor.manifest import failed, ran, skipped
from roundtable_gateway.conductor.planned_turn import PlannedTurn
from roundtable_gateway.conductor.proceedings import Proceedings
from roundtable_gateway.conductor.settlement.synthesis import SynthesisSettlement
from roundtable_gateway.conductor.spoken import Speaker, discussed, speaker_by_name
from roundtable_gateway.conductor.synthesis_material import fit, told_ids
from roundtable_gateway.conductor.tasks import (
    SpokenDissent,
    SpokenFinding,
    SpokenStance,
    SynthesisTask,
    SynthesizedCluster,
)
from roundtable_gateway.conductor.turn_ids import (
    digest_of,
    evidence_of,
    synthesis_id,
)
from roundtable_gateway.conductor.unexamined import list_unexamined
from roundtable_gateway.domain.cluster import Cluster
from roundtable_gateway.domain.decision import Decision
from roundtable_gateway.domain.finding import Disposition, Finding
from roundtable_gateway.domain.run import ManifestEntry, Stage

NOTHING_FOUND = "NOTHING_FOUND"
SYNTHESIS_FAILED = "SYNTHESIS_FAILED"


async def synthesize(proceedings: Proceedings) -> ManifestEntry:
    """Have the findings put into words, unless there are none to cite."""
    record, decision = proceedings.record, proceedings.record.decision
    findings = {
        each.id: each
        for each in record.findings.values()
        if each.disposition is not Disposition.REJECTED
    }
    if not findings or decision is None:
        return skipped(Stage.SYNTHESIS, NOTHING_FOUND)
    # A long document has many paragraphs to look up.
    turn = await asyncio.to_thread(_turn, proceedings, decision, findings)
    if await proceedings.ask(Stage.SYNTHESIS, turn):
        return ran(Stage.SYNTHESIS)
    return failed(Stage.SYNTHESIS, SYNTHESIS_FAILED)


def _turn(
    proceedings: Proceedings, decision: Decision, findings: Mapping[str, Finding]
) -> PlannedTurn:
    run, record = proceedings.run, proceedings.record
    name = speaker_by_name(run.panelists)
    whole = SynthesisTask(
        document_title=run.document.title,
        document_type=run.rubric.document_type,
        brief=run.brief,
        decision=decision,
        clusters=tuple(_spoken_clusters(record.clusters, findings, name=name)),
        dissent=tuple(
            SpokenDissent(name(each.panelist_id), each) for each in decision.dissent
        ),
        items=tuple(
            discussed(
                item,
                findings=findings,
                reviews=proceedings.reviews,
                stances=record.stances,
                name=name,
            )
            for item in record.agenda
        ),
        not_examined=list_unexamined(proceedings),
    )
    task = fit(whole, room_tokens=proceedings.room_tokens)
    return PlannedTurn(
        id=_turn_id(proceedings, _digest(task, findings)),
        task=task,
        settlement=SynthesisSettlement(
            finding_ids=told_ids(task.clusters), not_examined=task.not_examined
        ),
        model=proceedings.common_model,
    )


def _turn_id(proceedings: Proceedings, digest: str) -> str:
    """Return the id under which no text was written that is void by now."""
    run, record = proceedings.run, proceedings.record
    turn_id = synthesis_id(run.id, digest)
    while record.synthesis is None and record.has_answer(turn_id):
        # The decision was another meanwhile, and is this one again.
        digest = digest_of((digest,))
        turn_id = synthesis_id(run.id, digest)
    return turn_id


def _spoken_clusters(
    clusters: Iterable[Cluster], findings: Mapping[str, Finding], *, name: Speaker
) -> Iterable[SynthesizedCluster]:
    for cluster in clusters:
        members = [findings[each] for each in cluster.finding_ids if each in findings]
        if members:
            yield SynthesizedCluster(
                cluster,
                tuple(SpokenFinding(name(each.panelist_id), each) for each in members),
            )


def _digest(task: SynthesisTask, findings: Mapping[str, Finding]) -> str:
    decision = task.decision
    # The log's order is not the order in which another conductor is told.
    known = sorted(findings.values(), key=lambda finding: finding.id)
    said = chain.from_iterable(item.stances for item in task.items)
    return digest_of(
        (
            decision.outcome,
            decision.reason,
            # The store gives whole numbers back as fractions.
            [_figure(decision.score), _figure(decision.score_after_discussion)],
            decision.seats_finished,
            decision.blockers,
            decision.majors,
            [(each.panelist_id, each.finding_ids) for each in decision.dissent],
            [(each.cluster.id, each.cluster.finding_ids) for each in task.clusters],
            [each.severity for each in known],
            evidence_of(known),
            sorted(map(_word, said)),
            task.not_examined,
        )
    )


def _word(said: SpokenStance) -> tuple[int | str | bool, ...]:
    stance = said.stance
    return (
        stance.round,
        stance.panelist_id,
        stance.item_id,
        stance.finding_id or "",
        stance.move,
        stance.position,
        stance.severity_after or "",
        stance.argument,
        stance.is_evidenced,
    )


def _figure(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
