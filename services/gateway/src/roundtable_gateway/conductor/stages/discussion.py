"""Rounds 2 and 3: the panel, without names, on what it disagrees about."""

import asyncio
from collections.abc import Iterator

from roundtable_gateway.conductor.cluster_building import ranked_anew
from roundtable_gateway.conductor.manifest import failed, ran, skipped
from roundtable_gateway.conductor.planned_turn import PlannedTurn
from roundtable_gateway.conductor.proceedings import Proceedings
from roundtable_gateway.conductor.quorum import QUORUM, lacks_quorum
from roundtable_gateway.conductor.settlement.discussion import DiscussionSettlement
from roundtable_gateway.conductor.spoken import ahead_of, discussed, speaker_to
from roundtable_gateway.conductor.stages.review import SEATS_FAILED
from roundtable_gateway.conductor.tasks import DiscussionTask
from roundtable_gateway.conductor.turn_ids import (
    discussion_digest,
    discussion_id,
    review_id,
)
from roundtable_gateway.domain.discussion import AgendaItem
from roundtable_gateway.domain.event import ClustersSet
from roundtable_gateway.domain.run import ManifestEntry, Panelist, Stage, Turn

NOTHING_TO_DISCUSS = "NOTHING_TO_DISCUSS"
NO_ROUNDS = "NO_ROUNDS"

_FIRST_ROUND = 2


async def discuss(proceedings: Proceedings) -> ManifestEntry:
    """Let the seats speak, round by round; each hears what was said before it."""
    reason = _reason_to_skip(proceedings)
    if reason is not None:
        return skipped(Stage.DISCUSSION, reason)
    is_whole = True
    for number in range(proceedings.run.discussion_rounds):
        words = _words(proceedings, _FIRST_ROUND + number)
        is_whole &= await proceedings.ask(Stage.DISCUSSION, *words)
    await _rank_clusters_anew(proceedings)
    if not is_whole:
        return failed(Stage.DISCUSSION, SEATS_FAILED)
    return ran(Stage.DISCUSSION)


def _reason_to_skip(proceedings: Proceedings) -> str | None:
    if proceedings.run.discussion_rounds == 0:
        return NO_ROUNDS
    if lacks_quorum(proceedings):
        return QUORUM
    return None if proceedings.record.agenda else NOTHING_TO_DISCUSS


def _words(proceedings: Proceedings, number: int) -> Iterator[PlannedTurn]:
    for panelist in proceedings.finished_seats:
        items = _readable_items(proceedings, panelist)
        if items:
            yield _word(proceedings, panelist, items=items, number=number)


def _readable_items(
    proceedings: Proceedings, panelist: Panelist
) -> tuple[AgendaItem, ...]:
    """Return what a seat can speak of: it was shown some of the passage."""
    shown = {each.id for each in proceedings.reading.shares[panelist.id]}
    return tuple(
        item
        for item in proceedings.record.agenda
        if not item.paragraph_ids or not shown.isdisjoint(item.paragraph_ids)
    )


def _word(
    proceedings: Proceedings,
    panelist: Panelist,
    *,
    items: tuple[AgendaItem, ...],
    number: int,
) -> PlannedTurn:
    record = proceedings.record
    findings = ahead_of(record.findings.values(), record.stances, round=number)
    heard = tuple(stance for stance in record.stances if stance.round < number)
    digest = discussion_digest(record.agenda, findings)
    return PlannedTurn(
        id=discussion_id(proceedings.run.id, panelist.id, round=number, digest=digest),
        task=DiscussionTask(
            proceedings.subject(proceedings.reading.shares[panelist.id]),
            proceedings.seat(panelist),
            round=number,
            items=tuple(
                discussed(
                    item,
                    findings=findings,
                    reviews=proceedings.reviews,
                    stances=heard,
                    name=speaker_to(panelist.id),
                )
                for item in items
            ),
            last_word=_last_word(proceedings, panelist, digest=digest, before=number),
        ),
        settlement=DiscussionSettlement(
            proceedings.gate,
            items,
            findings=findings,
            standing=record.findings,
            stances=record.stances,
        ),
        model=panelist.model,
        round=number,
    )


def _last_word(
    proceedings: Proceedings, panelist: Panelist, *, digest: str, before: int
) -> Turn:
    """Return a seat's latest answer ahead of a round, its review at the earliest."""
    record, run_id = proceedings.record, proceedings.run.id
    for number in range(before - 1, _FIRST_ROUND - 1, -1):
        turn_id = discussion_id(run_id, panelist.id, round=number, digest=digest)
        if record.has_answer(turn_id):
            return record.turns[turn_id]
    return record.turns[review_id(run_id, panelist.id)]


async def _rank_clusters_anew(proceedings: Proceedings) -> None:
    """Set clusters again whose members were moved."""
    record = proceedings.record
    clusters = await asyncio.to_thread(
        ranked_anew, record.clusters, tuple(record.findings.values())
    )
    if clusters != record.clusters:
        await proceedings.tell(Stage.DISCUSSION, ClustersSet(clusters))
