"""Round 1, blind: every seat and the control read alone; long documents are swept."""

from collections.abc import Iterator

from roundtable_gateway.conductor.manifest import failed, ran
from roundtable_gateway.conductor.planned_turn import PlannedTurn
from roundtable_gateway.conductor.proceedings import Proceedings
from roundtable_gateway.conductor.settlement.reading import ReadingSettlement
from roundtable_gateway.conductor.tasks import ControlTask, ReviewTask, SweepTask
from roundtable_gateway.conductor.turn_ids import CONTROL, review_id, sweep_reader
from roundtable_gateway.domain.run import ManifestEntry, Stage

NO_SEAT_FINISHED = "NO_SEAT_FINISHED"
SEATS_FAILED = "SEATS_FAILED"
CONTROL_FAILED = "CONTROL_FAILED"
SWEEPS_FAILED = "SWEEPS_FAILED"

_CONTROL_PREFIX = "X"


async def read(proceedings: Proceedings) -> ManifestEntry:
    """Have the document read by everybody who shall, side by side."""
    reviews = list(_reviews(proceedings))
    control = list(_control(proceedings))
    sweeps = list(_sweeps(proceedings))
    await proceedings.ask(Stage.REVIEW, *reviews, *control, *sweeps)
    if not proceedings.finished_seats:
        return failed(Stage.REVIEW, NO_SEAT_FINISHED)
    for turns, reason in (
        (reviews, SEATS_FAILED),
        (control, CONTROL_FAILED),
        (sweeps, SWEEPS_FAILED),
    ):
        if not all(proceedings.record.has_answer(turn.id) for turn in turns):
            return failed(Stage.REVIEW, reason)
    return ran(Stage.REVIEW)


def _reviews(proceedings: Proceedings) -> Iterator[PlannedTurn]:
    for panelist in proceedings.run.panelists:
        shown = proceedings.reading.shares[panelist.id]
        yield PlannedTurn(
            id=review_id(proceedings.run.id, panelist.id),
            task=ReviewTask(proceedings.subject(shown), proceedings.seat(panelist)),
            settlement=ReadingSettlement(proceedings.gate, prefix=panelist.id),
            model=panelist.model,
        )


def _control(proceedings: Proceedings) -> Iterator[PlannedTurn]:
    if not proceedings.run.control:
        return
    yield PlannedTurn(
        id=review_id(proceedings.run.id, CONTROL),
        task=ControlTask(proceedings.subject(proceedings.reading.control)),
        settlement=ReadingSettlement(proceedings.gate, prefix=_CONTROL_PREFIX),
        model=proceedings.common_model,
    )


def _sweeps(proceedings: Proceedings) -> Iterator[PlannedTurn]:
    panelists = {each.id: each for each in proceedings.run.panelists}
    for sweep in proceedings.reading.sweeps:
        panelist, shown = panelists[sweep.panelist_id], sweep.paragraphs
        yield PlannedTurn(
            id=review_id(proceedings.run.id, sweep_reader(panelist.id, sweep.number)),
            task=SweepTask(
                proceedings.subject(shown),
                proceedings.seat(panelist),
                first_paragraph_id=shown[0].id,
                last_paragraph_id=shown[-1].id,
            ),
            settlement=ReadingSettlement(
                proceedings.gate, prefix=f"{panelist.id}s{sweep.number}-"
            ),
            model=panelist.model,
        )
