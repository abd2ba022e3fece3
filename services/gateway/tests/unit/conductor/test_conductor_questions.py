"""Questions of the author to panelists, once the run has ended."""

import asyncio
from dataclasses import replace

import pytest

from roundtable_gateway.conductor.tasks import AnswerTask
from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.event import TurnFailed, TurnRef
from roundtable_gateway.domain.run import (
    Budget,
    RunState,
    Turn,
    TurnKind,
    TurnState,
    Usage,
)
from roundtable_kit.errors import Aborted, NotFound, ServiceError, Unavailable
from services.gateway.tests.support.conducting import (
    LEASE,
    PassingClock,
    claim,
    drive,
    run_tools,
)
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner
from services.gateway.tests.support.panel_answers import replied
from services.gateway.tests.support.samples import (
    answer,
    draft,
    failure,
    refusal,
    run_summary,
)


def _question(seat: str = "A", number: int = 1) -> Turn:
    return Turn(
        id=f"run_1-8-{number}-{seat}",
        kind=TurnKind.ANSWER,
        panelist_id=seat,
        round=1,
        attempt=0,
        state=TurnState.QUEUED,
        question="Who says so?",
    )


async def _asked(*questions: Turn, ledger: FakeLedger | None = None) -> FakeLedger:
    """Return the ledger of a run that has ended and was asked something."""
    ledger = ledger or FakeLedger(run_summary(seats="AB"))
    runner = FakeRunner(A=[answer(draft())], B=[answer(draft("Other"))])
    await drive(ledger, runner)
    for question in questions:
        ledger.ask(question)
    return ledger


def _turn(ledger: FakeLedger, question: Turn) -> Turn:
    return next(turn for turn in ledger.detail().turns if turn.id == question.id)


async def test_question_is_answered_without_another_end() -> None:
    """The answer is a turn in the same log, and nothing else is told."""
    ledger = await _asked(_question())
    before = len(ledger.log())

    await drive(ledger, FakeRunner(answer_A=[replied()]))

    assert ledger.types()[before:] == [
        "turn.started",
        "turn.delta",
        "turn.delta",
        "turn.completed",
    ]
    turn = _turn(ledger, _question())
    assert (turn.text, turn.question) == ("Because nobody tried.", "Who says so?")
    assert (turn.attempt, turn.state) == (1, TurnState.SUCCEEDED)
    assert ledger.detail().run.state is RunState.SUCCEEDED


async def test_panelist_has_its_own_review_at_hand() -> None:
    """It is asked with its words, its findings and the document."""
    ledger, runner = await _asked(_question("B")), FakeRunner(answer_B=[replied()])

    await drive(ledger, runner)

    (order,) = runner.orders
    assert isinstance(order.task, AnswerTask)
    assert order.task.question == "Who says so?"
    assert order.task.review.text == "I would ask for proof."
    assert [each.id for each in order.task.findings] == ["B1"]
    assert order.task.subject.paragraphs[0].id == "P1"


async def test_lease_is_given_back_for_the_next_question() -> None:
    """Who asks again does not wait for a lease to lapse."""
    ledger = await _asked(_question())
    await drive(ledger, FakeRunner(answer_A=[replied()]))
    held = ledger.is_held()

    ledger.ask(_question(number=2))
    await drive(ledger, FakeRunner(answer_A=[replied("Still.")]))

    assert not held
    assert _turn(ledger, _question(number=2)).text == "Still."


@pytest.mark.parametrize(
    "error",
    [Unavailable("UNREACHABLE", "Away."), Aborted("FENCED", "Another has it.")],
    ids=lambda error: error.reason,
)
async def test_lease_that_cannot_be_given_back_is_left(error: ServiceError) -> None:
    """A store that is away at that moment, or a conductor that was faster."""

    class Unreleasing(FakeLedger):
        async def release(self, run_id: str, *, fencing_token: int) -> None:
            raise error

    ledger = Unreleasing(run_summary(seats="AB"))
    await _asked(_question(), ledger=ledger)

    await drive(ledger, FakeRunner(answer_A=[replied()]))

    assert _turn(ledger, _question()).state is TurnState.SUCCEEDED


async def test_several_seats_answer_side_by_side() -> None:
    """A question to all is a turn of each."""
    ledger = await _asked(_question("A"), _question("B"))
    runner = FakeRunner(answer_A=[replied()], answer_B=[replied()])
    runner.hold(TurnRef("run_1-8-1-A", 1), 0)
    driver = await claim(ledger, run_tools(ledger, runner))

    driving = asyncio.create_task(driver.drive())
    await ledger.until_true(
        lambda: _turn(ledger, _question("B")).state is TurnState.SUCCEEDED
    )
    runner.go(TurnRef("run_1-8-1-A", 1))
    await driving

    assert _turn(ledger, _question("A")).state is TurnState.SUCCEEDED


async def test_answer_of_a_cancelled_run_is_not_cancelled() -> None:
    """That the run was to be cancelled is over with its end."""
    ledger = FakeLedger(run_summary(seats="AB"))
    ledger.request_cancel()
    await _asked(_question(), ledger=ledger)

    await drive(ledger, FakeRunner(answer_A=[replied()]))

    assert _turn(ledger, _question()).state is TurnState.SUCCEEDED


async def test_answer_that_its_account_refuses_can_be_ended() -> None:
    """It would be tried again without end, and nothing be deleted meanwhile."""
    ledger = await _asked(_question())
    runner = FakeRunner(answer_A=[refusal("auth_required")])
    driver = await claim(ledger, run_tools(ledger, runner))
    driving = asyncio.create_task(driver.drive())
    await ledger.until_true(lambda: ledger.types()[-1] == "turn.failed")
    before = ledger.detail().run.usage

    driver.cancel_requested.set()
    await driving

    turn = _turn(ledger, _question())
    assert (turn.state, turn.reason) == (TurnState.CANCELLED, "cancelled")
    assert ledger.detail().run.usage == before
    assert ledger.detail().run.state is RunState.SUCCEEDED
    assert not ledger.is_held()


async def test_answers_are_ended_at_the_runner_and_with_what_they_used() -> None:
    """One that is being given, and one that was answered before."""
    ledger = await _asked(_question("A"), _question("B"))
    runner = FakeRunner(answer_A=[replied()], answer_B=[replied()])
    runner.spent = Usage(input_tokens=70)
    given = TurnRef("run_1-8-1-B", 1)
    runner.hold(given, 1)
    driver = await claim(ledger, run_tools(ledger, runner))
    deltas = ledger.types().count("turn.delta")
    driving = asyncio.create_task(driver.drive())
    await ledger.until_true(
        lambda: (
            _turn(ledger, _question("A")).state is TurnState.SUCCEEDED
            and ledger.types().count("turn.delta") == deltas + 3
        )
    )
    before = ledger.detail().run.usage

    driver.cancel_requested.set()
    await driving

    assert runner.cancels == [given]
    assert _turn(ledger, _question("A")).state is TurnState.SUCCEEDED
    assert _turn(ledger, _question("B")).state is TurnState.CANCELLED
    assert ledger.detail().run.usage == replace(
        before, input_tokens=before.input_tokens + 70
    )


@pytest.mark.parametrize("is_away", [False, True])
async def test_questions_are_ended_at_take_over(*, is_away: bool) -> None:
    """Whoever claims a run whose answers are not wanted any more asks for none."""
    ledger, runner = await _asked(_question()), FakeRunner(answer_A=[replied()])
    runner.hold(TurnRef("run_1-8-1-A", 1), 1)
    driver = await claim(ledger, run_tools(ledger, runner))
    driving = asyncio.create_task(driver.drive())
    await ledger.until_true(lambda: ledger.types()[-1] == "turn.delta")
    driving.cancel()
    await asyncio.gather(driving, return_exceptions=True)
    ledger.ask(_question("B"))
    if is_away:
        runner.go_away()

    ledger.request_cancel()
    await drive(ledger, runner)

    states = {_turn(ledger, _question(seat)).state for seat in "AB"}
    assert states == {TurnState.CANCELLED}
    assert runner.starts == {TurnRef("run_1-8-1-A", 1): 1}
    assert await ledger.claim(holder="x", incarnation="1", lease=LEASE) is None


async def test_answer_is_tried_again_by_its_reason() -> None:
    """An answer's attempts are as those of any turn."""
    ledger = await _asked(_question())
    runner = FakeRunner(answer_A=[failure("timeout"), replied()])

    await drive(ledger, runner)

    turn = _turn(ledger, _question())
    assert (turn.attempt, turn.state) == (2, TurnState.SUCCEEDED)


async def test_refusing_account_is_waited_for_without_a_word_of_the_run() -> None:
    """The run has ended: it is not paused, its answer tells when it is tried again."""
    ledger = await _asked(_question())
    runner = FakeRunner(answer_A=[refusal("rate_limited"), replied()])

    await drive(ledger, runner, clock=PassingClock())

    assert "run.paused" not in ledger.types()
    failed = [e.fact for e in ledger.log() if isinstance(e.fact, TurnFailed)]
    assert [(each.reason, each.will_retry) for each in failed] == [
        ("rate_limited", True)
    ]
    assert _turn(ledger, _question()).state is TurnState.SUCCEEDED


async def test_budget_that_is_used_up_answers_nothing() -> None:
    """What the author allows a run to spend holds for questions, too."""
    ledger = FakeLedger(run_summary(seats="AB", budget=Budget(turns=3)))
    await _asked(_question(), ledger=ledger)
    runner = FakeRunner()

    await drive(ledger, runner)

    turn = _turn(ledger, _question())
    assert (turn.state, turn.reason) == (TurnState.FAILED, "budget_exhausted")
    assert not runner.starts


@pytest.mark.parametrize("is_begun", [False, True])
async def test_fault_of_ours_fails_the_question_not_the_run(*, is_begun: bool) -> None:
    """It is claimed no more, and the run keeps its end."""

    class Unreadable(FakeLedger):
        is_lost = False

        async def read_text(self, document_id: str) -> DocumentText:
            if self.is_lost:
                raise NotFound("DOCUMENT_NOT_FOUND", "There is no such document.")
            return await super().read_text(document_id)

    ledger = Unreadable(run_summary(seats="AB"))
    await _asked(_question(), ledger=ledger)
    if is_begun:
        runner = FakeRunner(answer_A=[replied()])
        runner.hold(TurnRef("run_1-8-1-A", 1), 1)
        driver = await claim(ledger, run_tools(ledger, runner))
        driving = asyncio.create_task(driver.drive())
        await ledger.until_true(lambda: bool(_turn(ledger, _question()).attempt))
        driving.cancel()
        await asyncio.gather(driving, return_exceptions=True)
        ledger.lapse()
    ledger.is_lost = True

    await drive(ledger, FakeRunner())

    turn = _turn(ledger, _question())
    assert (turn.state, turn.reason) == (TurnState.FAILED, "internal")
    assert ledger.detail().run.state is RunState.SUCCEEDED
    assert await ledger.claim(holder="x", incarnation="1", lease=LEASE) is None


async def test_seat_without_a_review_answers_all_the_same() -> None:
    """Its review is empty where it never came to one."""
    ledger = FakeLedger(run_summary(seats="A"))
    ledger.request_cancel()
    await drive(ledger, FakeRunner())
    ledger.ask(_question())
    runner = FakeRunner(answer_A=[replied()])

    await drive(ledger, runner)

    (order,) = runner.orders
    assert isinstance(order.task, AnswerTask)
    assert (order.task.review.text, order.task.review.verdict) == ("", None)


async def test_answer_that_is_cut_is_gone_on_with() -> None:
    """A second conductor attaches to what the first one asked for."""
    ledger, runner = await _asked(_question()), FakeRunner(answer_A=[replied()])
    runner.hold(TurnRef("run_1-8-1-A", 1), 1)
    driver = await claim(ledger, run_tools(ledger, runner))
    driving = asyncio.create_task(driver.drive())
    await ledger.until_true(lambda: ledger.types()[-1] == "turn.delta")
    driving.cancel()
    await asyncio.gather(driving, return_exceptions=True)
    ledger.lapse()

    runner.go(TurnRef("run_1-8-1-A", 1))
    await drive(ledger, runner)

    assert runner.starts == {TurnRef("run_1-8-1-A", 1): 1}
    assert _turn(ledger, _question()).state is TurnState.SUCCEEDED


async def test_answer_of_another_kind_is_no_answer() -> None:
    """A runner that hands in a review for it fails the turn."""
    ledger = await _asked(_question())

    await drive(ledger, FakeRunner(answer_A=[answer()]))

    turn = _turn(ledger, _question())
    assert (turn.state, turn.reason) == (TurnState.FAILED, "invalid_output")


async def test_fenced_answer_stops_quietly() -> None:
    """Another conductor has the run: nothing is written, and it is no fault."""
    ledger, runner = await _asked(_question()), FakeRunner(answer_A=[replied()])
    runner.hold(TurnRef("run_1-8-1-A", 1), 1)
    driver = await claim(ledger, run_tools(ledger, runner))
    driving = asyncio.create_task(driver.drive())
    await ledger.until_true(lambda: ledger.types()[-1] == "turn.delta")
    before = ledger.types()

    ledger.hand_over()
    runner.go(TurnRef("run_1-8-1-A", 1))
    with pytest.raises(ExceptionGroup) as caught:
        await driving

    assert caught.group_contains(Aborted)
    assert ledger.types() == before
