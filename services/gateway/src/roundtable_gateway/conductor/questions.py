"""The author's questions to panelists, once a run has ended."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

from roundtable_gateway.conductor.planned_turn import PlannedTurn
from roundtable_gateway.conductor.proceedings import Proceedings
from roundtable_gateway.conductor.record import RunRecord
from roundtable_gateway.conductor.settlement.answer import AnswerSettlement
from roundtable_gateway.conductor.tasks import AnswerTask, Subject
from roundtable_gateway.conductor.turn_driver import tell_begin
from roundtable_gateway.conductor.turn_ids import review_id
from roundtable_gateway.conductor.turn_tools import TurnTools
from roundtable_gateway.domain.event import (
    NewEvent,
    TurnFailed,
    TurnRef,
)
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import Turn, TurnKind, TurnState, Usage
from roundtable_gateway.panel.material import estimate_material, gravest_that_fit
from roundtable_gateway.panel.overhead import MATERIAL_TOKENS
from roundtable_gateway.panel.sections import estimate_shown
from roundtable_kit.errors import FailedPrecondition, InvalidArgument


async def answer(proceedings: Proceedings) -> None:
    """Have the open questions answered, side by side."""
    # What fits beside a long document takes long to tell.
    plans = await asyncio.to_thread(
        lambda: [_plan(proceedings, turn) for turn in _open(proceedings.record)]
    )
    await proceedings.drive(*plans)


async def give_up(record: RunRecord, tools: TurnTools, *, reason: str) -> None:
    """Fail the open questions, lest they be claimed for ever.

    Only what was asked counts towards a limit. Raises an ExceptionGroup of refusals
    where the store holds another view of a question: the next claim begins with it.
    """
    # What was being written comes first: the record says all behind an append.
    await _append(tools)
    refusals = [
        refusal
        for turn in list(_open(record))
        if (refusal := await _append(tools, *_end(turn, tools, reason=reason)))
    ]
    if refusals:
        raise ExceptionGroup("questions can't be given up", refusals)


async def _append(
    tools: TurnTools, *events: NewEvent
) -> InvalidArgument | FailedPrecondition | None:
    """Append events in one piece; return the error where the store refuses them."""
    try:
        await tools.log.append(*events)
    except (InvalidArgument, FailedPrecondition) as error:
        return error
    return None


def _end(turn: Turn, tools: TurnTools, *, reason: str) -> list[NewEvent]:
    """Return what ends a question; one that waits has an attempt for that."""
    is_asked = turn.state is TurnState.RUNNING
    events = []
    if not is_asked:
        previous = turn if turn.attempt else None
        turn = replace(turn, attempt=turn.attempt + 1, state=TurnState.RUNNING)
        events = tell_begin(turn, previous, tools.runner)
    failed = TurnFailed(
        reason,
        will_retry=False,
        retry_time=None,
        usage=Usage(turns=1 if is_asked else 0),
        model=turn.model,
    )
    return [*events, NewEvent(failed, TurnRef(turn.id, turn.attempt))]


def _open(record: RunRecord) -> Iterator[Turn]:
    for turn in record.turns.values():
        if turn.kind is TurnKind.ANSWER and not record.is_settled(turn.id):
            yield turn


def _plan(proceedings: Proceedings, turn: Turn) -> PlannedTurn:
    panelists = {each.id: each for each in proceedings.run.panelists}
    panelist = panelists[turn.panelist_id or ""]
    subject = proceedings.subject(proceedings.reading.shares[panelist.id])
    return PlannedTurn(
        id=turn.id,
        task=AnswerTask(
            subject,
            proceedings.seat(panelist),
            review=_review(proceedings, panelist.id),
            findings=_findings_that_fit(proceedings, subject, turn),
            question=turn.question or "",
        ),
        settlement=AnswerSettlement(),
        model=panelist.model,
        round=turn.round,
        question=turn.question,
    )


def _findings_that_fit(
    proceedings: Proceedings, subject: Subject, turn: Turn
) -> tuple[Finding, ...]:
    """Return a seat's findings, the gravest where the window does not hold them all."""
    shown = estimate_shown(subject.document, subject.paragraphs)
    review = _review(proceedings, turn.panelist_id or "")
    said = estimate_material([review.text, review.verdict_reason, turn.question])
    own = [
        each
        for each in proceedings.record.findings.values()
        if each.panelist_id == turn.panelist_id
    ]
    room = proceedings.room_tokens - shown + MATERIAL_TOKENS - said
    return gravest_that_fit(own, room)


def _review(proceedings: Proceedings, panelist_id: str) -> Turn:
    """Return a seat's review; an empty one where it never came to any."""
    turn_id = review_id(proceedings.run.id, panelist_id)
    missing = Turn(
        id=turn_id,
        kind=TurnKind.REVIEW,
        panelist_id=panelist_id,
        round=1,
        attempt=0,
        state=TurnState.CANCELLED,
    )
    return proceedings.record.turns.get(turn_id, missing)
