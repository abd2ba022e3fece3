"""Questions that are given up for a fault of ours: each ends once, and in order."""

import asyncio
from collections.abc import Sequence
from datetime import date

import pytest

from roundtable_gateway.conductor.ports import Progress
from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.event import (
    NewEvent,
    TurnDelta,
    TurnFailed,
    TurnRef,
    TurnStarted,
)
from roundtable_gateway.domain.run import Budget, Turn, TurnKind, TurnState, Usage
from roundtable_kit.errors import FailedPrecondition, NotFound
from services.gateway.tests.support.conducting import (
    LEASE,
    RunningClock,
    drive,
    turns_of_the_loop,
)
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner
from services.gateway.tests.support.panel_answers import replied
from services.gateway.tests.support.samples import answer, run_summary

_OF = {seat: f"run_1-8-1-{seat}" for seat in "AB"}


class _Unreadable(FakeLedger):
    """Loses its document."""

    is_lost = False

    async def read_text(self, document_id: str) -> DocumentText:
        if self.is_lost:
            raise NotFound("DOCUMENT_NOT_FOUND", "There is no such document.")
        return await super().read_text(document_id)


async def _ask(ledger: FakeLedger, seats: str, *, attempts: int = 0) -> None:
    """Let a run end, and ask some of its seats; some attempts have failed since."""
    await drive(ledger, FakeRunner(A=[answer()], B=[answer()]))
    for seat in seats:
        ledger.ask(
            Turn(
                id=_OF[seat],
                kind=TurnKind.ANSWER,
                panelist_id=seat,
                round=1,
                attempt=attempts,
                state=TurnState.QUEUED,
                question="Who says so?",
            )
        )


def _states(ledger: FakeLedger) -> dict[str, tuple[TurnState, int, str | None]]:
    return {
        turn.panelist_id or "": (turn.state, turn.attempt, turn.reason)
        for turn in ledger.detail().turns
        if turn.kind is TurnKind.ANSWER
    }


async def test_attempt_that_failed_is_superseded_by_the_one_that_gives_up() -> None:
    """The log tells a further attempt as it tells any."""
    ledger = _Unreadable(run_summary(seats="AB"))
    await _ask(ledger, "A", attempts=1)
    before = len(ledger.log())
    ledger.is_lost = True

    await drive(ledger, FakeRunner())

    told = [(each.fact.type, each.turn) for each in ledger.log()[before:]]
    assert told == [
        ("turn.superseded", TurnRef(_OF["A"], 1)),
        ("turn.started", TurnRef(_OF["A"], 2)),
        ("turn.failed", TurnRef(_OF["A"], 2)),
    ]
    assert _states(ledger) == {"A": (TurnState.FAILED, 2, "internal")}


class _Late(FakeLedger):
    """Refuses what A says while B's start is on its way, and is slow to write that."""

    def __init__(self) -> None:
        super().__init__(run_summary(seats="AB"))
        self.is_asked = False
        self._has_refused = asyncio.Event()
        self._looks = 0

    async def day_usage(self, day: date) -> Usage:
        self._looks += self.is_asked
        if self._looks > 1:
            await self._has_refused.wait()
        return await super().day_usage(day)

    async def append(
        self,
        run_id: str,
        *,
        fencing_token: int,
        first_index: int,
        events: Sequence[NewEvent],
        progress: Progress | None,
    ) -> None:
        if self.is_asked:
            told = {type(each.fact) for each in events}
            if TurnDelta in told:
                self._has_refused.set()
                await turns_of_the_loop()
                raise FailedPrecondition("ILLEGAL_EVENT", "Not that.")
            if self._has_refused.is_set() and TurnStarted in told:
                await turns_of_the_loop()
        await super().append(
            run_id,
            fencing_token=fencing_token,
            first_index=first_index,
            events=events,
            progress=progress,
        )


async def test_question_whose_start_was_on_its_way_is_given_up_as_begun() -> None:
    """What was being written when all was given up comes first."""
    ledger = _Late()
    await _ask(ledger, "AB")
    ledger.is_asked = True
    runner = FakeRunner(answer_A=[replied()], answer_B=[replied()])

    await drive(ledger, runner, clock=RunningClock(), day=Budget(turns=100))

    gone = (TurnState.FAILED, 1, "internal")
    assert _states(ledger) == {"A": gone, "B": gone}
    assert await ledger.claim(holder="x", incarnation="1", lease=LEASE) is None


class _Adamant(_Unreadable):
    """Takes no end of A's question."""

    async def append(
        self,
        run_id: str,
        *,
        fencing_token: int,
        first_index: int,
        events: Sequence[NewEvent],
        progress: Progress | None,
    ) -> None:
        refused = TurnRef(_OF["A"], 1)
        if any(e.turn == refused and isinstance(e.fact, TurnFailed) for e in events):
            raise FailedPrecondition("ILLEGAL_EVENT", "Not that.")
        await super().append(
            run_id,
            fencing_token=fencing_token,
            first_index=first_index,
            events=events,
            progress=progress,
        )


async def test_refused_end_costs_no_other_question_its_own() -> None:
    """The claim is dropped; the next one begins with what the store says."""
    ledger = _Adamant(run_summary(seats="AB"))
    await _ask(ledger, "AB")
    ledger.is_lost = True

    with pytest.raises(ExceptionGroup) as caught:
        await drive(ledger, FakeRunner())

    assert caught.group_contains(FailedPrecondition, match="Not that")
    assert _states(ledger)["B"] == (TurnState.FAILED, 1, "internal")
    assert ledger.is_held()
