"""The panel process, stage by stage; no model can skip one."""

from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from roundtable_gateway.conductor.manifest import ran, skipped
from roundtable_gateway.conductor.proceedings import Proceedings
from roundtable_gateway.conductor.stages.agenda import set_agenda
from roundtable_gateway.conductor.stages.clusters import put_together
from roundtable_gateway.conductor.stages.decision import decide
from roundtable_gateway.conductor.stages.discussion import discuss
from roundtable_gateway.conductor.stages.repair import repair
from roundtable_gateway.conductor.stages.review import NO_SEAT_FINISHED, read
from roundtable_gateway.conductor.stages.synthesis import synthesize
from roundtable_gateway.domain.event import (
    RunFact,
    RunFailed,
    RunIncomplete,
    RunSucceeded,
)
from roundtable_gateway.domain.run import ManifestEntry, Mode, Stage, StageResult

INTAKE_RAN = ran(Stage.INTAKE)

_Take = Callable[[Proceedings], Awaitable[ManifestEntry]]
_TAKES: Mapping[Stage, _Take] = MappingProxyType(
    {
        Stage.REVIEW: read,
        Stage.GATE: repair,
        Stage.CLUSTERS: put_together,
        Stage.AGENDA: set_agenda,
        Stage.DISCUSSION: discuss,
        Stage.DECISION: decide,
        Stage.SYNTHESIS: synthesize,
    }
)
_DISCUSSED = frozenset({Stage.AGENDA, Stage.DISCUSSION})
_STAGES = {
    Mode.REVIEW: tuple(stage for stage in _TAKES if stage not in _DISCUSSED),
    Mode.ROUNDTABLE: tuple(_TAKES),
}


async def walk(proceedings: Proceedings) -> RunFact:
    """Take a run through the stages of its mode and return the fact that ends it.

    Every stage finds in the record what is done of it, and does the rest: a walk
    that another conductor began is gone on with by walking it again.
    """
    manifest = proceedings.manifest
    manifest.close(INTAKE_RAN)
    for stage in _STAGES[proceedings.run.mode]:
        is_void = stage is not Stage.REVIEW and not proceedings.finished_seats
        entry = (
            skipped(stage, NO_SEAT_FINISHED)
            if is_void
            else await _TAKES[stage](proceedings)
        )
        manifest.close(entry)
    return _end(proceedings)


def _end(proceedings: Proceedings) -> RunFact:
    """Return the terminal fact: failed without a seat, else as the stages did."""
    if not proceedings.finished_seats:
        return RunFailed(NO_SEAT_FINISHED)
    for entry in proceedings.manifest.entries:
        if entry.result is StageResult.FAILED:
            return RunIncomplete(entry.reason or "")
    return RunSucceeded()
