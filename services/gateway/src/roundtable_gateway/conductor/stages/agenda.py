"""What the panel disagrees about, found by code."""

import asyncio
from collections.abc import Mapping

from roundtable_gateway.conductor.clustering import ranked_anew
from roundtable_gateway.conductor.discussing import (
    QUORUM,
    discussion_digest,
    lacks_quorum,
)
from roundtable_gateway.conductor.manifest import ran, skipped
from roundtable_gateway.conductor.proceedings import Proceedings
from roundtable_gateway.domain.discussion import AgendaItem
from roundtable_gateway.domain.event import AgendaSet
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import ManifestEntry, Stage
from roundtable_gateway.panel import agenda


async def set_agenda(proceedings: Proceedings) -> ManifestEntry:
    """Set the agenda, unless the one that is set still holds."""
    if lacks_quorum(proceedings):
        return skipped(Stage.AGENDA, QUORUM)
    record = proceedings.record
    reviewed = {each.id: each for each in proceedings.reviewed_findings}
    items = await _find(proceedings, reviewed)
    if items != record.agenda or _is_stale(proceedings, items, reviewed):
        # What was said is void, but not what it has moved.
        items = await _find(proceedings, record.findings)
        await proceedings.tell(Stage.AGENDA, AgendaSet(items))
    return ran(Stage.AGENDA)


async def _find(
    proceedings: Proceedings, findings: Mapping[str, Finding]
) -> tuple[AgendaItem, ...]:
    standing = tuple(findings.values())
    return await asyncio.to_thread(
        agenda.set_agenda,
        proceedings.run.panelists,
        proceedings.reviews,
        standing,
        ranked_anew(proceedings.record.clusters, standing),
        proceedings.run.rubric,
    )


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
