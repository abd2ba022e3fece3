"""What the panel disagrees about, found by code."""

import asyncio
from collections.abc import Mapping

from roundtable_gateway.conductor.cluster_building import ranked_anew
from roundtable_gateway.conductor.manifest import ran, skipped
from roundtable_gateway.conductor.proceedings import Proceedings
from roundtable_gateway.conductor.quorum import QUORUM, lacks_quorum
from roundtable_gateway.conductor.turn_ids import discussion_digest
from roundtable_gateway.domain.discussion import AgendaItem
from roundtable_gateway.domain.event import (
    AgendaSet,
    ClustersSet,
    FindingChanged,
    NewEvent,
    TurnRef,
)
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import ManifestEntry, Stage, Turn
from roundtable_gateway.panel import agenda


async def set_agenda(proceedings: Proceedings) -> ManifestEntry:
    """Set the agenda, unless the one that is set still holds."""
    if lacks_quorum(proceedings):
        return skipped(Stage.AGENDA, QUORUM)
    record = proceedings.record
    reviewed = {each.id: each for each in proceedings.reviewed_findings}
    items = await _find(proceedings, reviewed)
    if items != record.agenda or _is_stale(proceedings, items, reviewed):
        # What was said is void, and so is what it has moved.
        taken_back = await asyncio.to_thread(_take_back, proceedings, reviewed)
        await proceedings.append(Stage.AGENDA, *taken_back, NewEvent(AgendaSet(items)))
    return ran(Stage.AGENDA)


def _take_back(
    proceedings: Proceedings, reviewed: Mapping[str, Finding]
) -> list[NewEvent]:
    """Return what puts findings and their clusters as they were before they moved."""
    record = proceedings.record
    events = [
        NewEvent(FindingChanged(finding), _reading(record.turns[finding.turn_id]))
        for finding in reviewed.values()
        if finding != record.findings[finding.id]
    ]
    clusters = ranked_anew(record.clusters, reviewed.values())
    if clusters != record.clusters:
        events.append(NewEvent(ClustersSet(clusters)))
    return events


def _reading(turn: Turn) -> TurnRef:
    return TurnRef(turn.id, turn.attempt)


async def _find(
    proceedings: Proceedings, findings: Mapping[str, Finding]
) -> tuple[AgendaItem, ...]:
    standing, clusters = tuple(findings.values()), proceedings.record.clusters
    reviews = proceedings.reviews

    def find() -> tuple[AgendaItem, ...]:
        return agenda.set_agenda(
            proceedings.run.panelists,
            reviews,
            standing,
            ranked_anew(clusters, standing),
            proceedings.run.rubric,
        )

    return await asyncio.to_thread(find)


def _is_stale(
    proceedings: Proceedings,
    items: tuple[AgendaItem, ...],
    findings: Mapping[str, Finding],
) -> bool:
    """Return whether something was said of the findings as they were before."""
    digest = discussion_digest(items, findings)
    return not all(
        stance.turn_id.endswith(f"-{digest}") for stance in proceedings.record.stances
    )
