"""One run, from its claim to its one end."""

import asyncio
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from roundtable_gateway.conductor.tasks import ReviewTask
from roundtable_gateway.domain.decision import Outcome
from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.event import (
    FindingAdded,
    NewEvent,
    RunFailed,
    RunIncomplete,
    TurnCompleted,
    TurnFailed,
    TurnStarted,
)
from roundtable_gateway.domain.finding import QuoteStatus, Verdict
from roundtable_gateway.domain.run import (
    Budget,
    ManifestEntry,
    RunState,
    Stage,
    StageResult,
)
from roundtable_kit.errors import Aborted, FailedPrecondition, NotFound
from services.gateway.tests.support.conducting import claim, drive, ref, run_tools
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner
from services.gateway.tests.support.log_projection import TERMINAL_TYPES
from services.gateway.tests.support.samples import (
    NOW,
    answer,
    draft,
    failure,
    run_summary,
)


def _facts(ledger: FakeLedger, kind: type) -> list[object]:
    return [each.fact for each in ledger.log() if isinstance(each.fact, kind)]


async def test_answered_run_writes_every_part_in_order() -> None:
    """Parts become events, one each, stages follow, the decision precedes the end."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer(draft())])

    await drive(ledger, runner)

    assert ledger.types() == [
        "run.started",
        "turn.started",
        "turn.delta",
        "turn.delta",
        "finding.added",
        "turn.completed",
        "clusters.set",
        "decision.set",
        "turn.started",
        "synthesis.set",
        "turn.completed",
        "run.succeeded",
    ]
    assert [each.part_index for each in ledger.log()[2:6]] == [0, 1, 2, 3]
    assert all(each.turn == ref() for each in ledger.log()[1:6])


async def test_answered_turn_is_kept_whole() -> None:
    """The completed turn has the answer, its checked scores, usage and times."""
    ledger = FakeLedger(run_summary())

    await drive(ledger, FakeRunner(A=[answer(draft())]))

    turn = ledger.detail().turns[0]
    assert turn.text == "I would ask for proof."
    assert turn.verdict is Verdict.APPROVE_WITH_CHANGES
    assert turn.scores[0].finding_ids == ("A1",)
    assert (turn.usage.input_tokens, turn.usage.turns) == (10, 1)
    assert (turn.start_time, turn.end_time) == (NOW, NOW)


async def test_finding_is_checked_against_the_document() -> None:
    """What a model quotes is looked up before anybody sees the finding."""
    ledger = FakeLedger(run_summary())

    await drive(ledger, FakeRunner(A=[answer(draft())]))

    (finding,) = ledger.detail().findings
    assert finding.quotes[0].status is QuoteStatus.EXACT
    assert (finding.quotes[0].start, finding.quotes[0].end) == (0, 23)
    assert finding.verified
    assert (finding.id, finding.panelist_id) == ("A1", "A")


async def test_finished_run_names_its_stages() -> None:
    """The manifest says what ran; the decision is the panel's."""
    ledger = FakeLedger(run_summary())

    await drive(ledger, FakeRunner(A=[answer(draft())]))

    detail = ledger.detail()
    assert detail.run.stage is Stage.SYNTHESIS
    assert detail.run.manifest == tuple(
        ManifestEntry(stage, StageResult.RAN)
        for stage in (
            Stage.INTAKE,
            Stage.REVIEW,
            Stage.GATE,
            Stage.CLUSTERS,
            Stage.DECISION,
            Stage.SYNTHESIS,
        )
    )
    assert detail.decision is not None
    assert detail.decision.outcome is Outcome.FIX_THEN_SHIP


async def test_runner_is_asked_with_the_claims_token() -> None:
    """An order carries what the runner needs: seat, criteria, document, token."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])

    await drive(ledger, runner)

    (order,) = runner.orders
    assert (order.run_id, order.fencing_token, order.attempt) == ("run_1", 1, 1)
    assert isinstance(order.task, ReviewTask)
    assert order.task.seat.owned_criteria == ("evidence",)
    assert order.task.subject.document.text.startswith("Our backups")
    (started,) = _facts(ledger, TurnStarted)
    assert isinstance(started, TurnStarted)
    assert started.runner_address == runner.address


async def test_seats_go_on_side_by_side() -> None:
    """No seat waits for another's answer."""
    ledger = FakeLedger(run_summary(seats="AB"))
    runner = FakeRunner(A=[answer()], B=[answer()])
    runner.hold(ref("A"), 0)
    driver = await claim(ledger, run_tools(ledger, runner))

    driving = asyncio.create_task(driver.drive())
    await ledger.until("turn.completed")
    (done,) = [each for each in ledger.log() if isinstance(each.fact, TurnCompleted)]
    runner.go(ref("A"))
    await driving

    assert done.turn == ref("B")
    assert ledger.detail().run.state is RunState.SUCCEEDED


async def test_slots_bound_the_turns_at_once() -> None:
    """With one slot the second seat is asked when the first has answered."""
    ledger = FakeLedger(run_summary(seats="AB"))
    runner = FakeRunner(A=[answer()], B=[answer()])

    await (await claim(ledger, run_tools(ledger, runner, slots=1))).drive()

    types = [(each.turn, each.fact.type) for each in ledger.log() if each.turn]
    assert types.index((ref("A"), "turn.completed")) < types.index(
        (ref("B"), "turn.started")
    )


async def test_run_without_a_finished_seat_fails_without_decision() -> None:
    """No seat, no decision; the manifest says so."""
    ledger = FakeLedger(run_summary(seats="AB"))
    runner = FakeRunner(A=[failure("refused")], B=[failure("refused")])

    await drive(ledger, runner)

    detail = ledger.detail()
    assert ledger.log()[-1].fact == RunFailed("NO_SEAT_FINISHED")
    assert detail.decision is None
    assert [(each.stage, each.result) for each in detail.run.manifest] == [
        (Stage.INTAKE, StageResult.RAN),
        (Stage.REVIEW, StageResult.FAILED),
        (Stage.GATE, StageResult.SKIPPED),
        (Stage.CLUSTERS, StageResult.SKIPPED),
        (Stage.DECISION, StageResult.SKIPPED),
        (Stage.SYNTHESIS, StageResult.SKIPPED),
    ]


async def test_run_with_some_finished_seats_is_incomplete_with_decision() -> None:
    """A failed seat counts against the quorum and moves no score."""
    ledger = FakeLedger(run_summary(seats="ABC"))
    runner = FakeRunner(A=[answer()], B=[answer()], C=[failure("refused", draft())])

    await drive(ledger, runner)

    detail = ledger.detail()
    assert ledger.log()[-1].fact == RunIncomplete("SEATS_FAILED")
    assert detail.decision is not None
    assert (detail.decision.seats, detail.decision.seats_finished) == (3, 2)
    assert detail.decision.score == 4
    assert detail.run.manifest[1] == ManifestEntry(
        Stage.REVIEW, StageResult.FAILED, "SEATS_FAILED"
    )
    assert detail.findings == ()


async def test_budget_of_turns_ends_what_is_beyond_it() -> None:
    """Seats beyond the budget fail without asking the runner."""
    ledger = FakeLedger(run_summary(seats="ABC", budget=Budget(turns=2)))
    runner = FakeRunner(A=[answer()], B=[answer()], C=[answer()])

    await drive(ledger, runner)

    assert sum(runner.starts.values()) == 2
    (failed,) = _facts(ledger, TurnFailed)
    assert isinstance(failed, TurnFailed)
    assert (failed.reason, failed.retry_time) == ("budget_exhausted", None)


async def test_budget_of_money_ends_what_is_beyond_it() -> None:
    """Once the cost is reached no turn is asked for, a retry neither."""
    ledger = FakeLedger(run_summary(seats="AB", budget=Budget(cost_usd=0.4)))
    runner = FakeRunner(A=[answer()], B=[answer()])

    await (await claim(ledger, run_tools(ledger, runner, slots=1))).drive()

    assert sum(runner.starts.values()) == 1
    assert ledger.log()[-1].fact == RunIncomplete("SEATS_FAILED")


async def test_fenced_driver_stops_quietly() -> None:
    """Another has the run: nothing is written, and it is no crash."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.hold(ref(), 1)
    driver = await claim(ledger, run_tools(ledger, runner))
    driving = asyncio.create_task(driver.drive())
    await ledger.until("turn.delta")
    before = ledger.types()

    with capture_logs() as logs:
        ledger.lapse()
        runner.go(ref())
        with pytest.raises(ExceptionGroup) as caught:
            await driving

    assert caught.group_contains(Aborted)
    assert ledger.types() == before
    assert "run.crashed" not in [each["event"] for each in logs]


async def test_lease_that_is_lost_ends_the_driver() -> None:
    """A renewal that is refused stops the driver though no event is due."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.hold(ref(), 0)
    tools = run_tools(ledger, runner, lease=timedelta(milliseconds=3))
    driver = await claim(ledger, tools)
    ledger.lapse()

    with pytest.raises(ExceptionGroup) as caught:
        await driver.drive()

    assert caught.group_contains(Aborted)


async def test_lease_is_kept_through_a_store_that_is_away() -> None:
    """A renewal that does not get through is tried again; the run goes on."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.hold(ref(), 1)
    tools = run_tools(ledger, runner, lease=timedelta(milliseconds=3))
    driving = asyncio.create_task((await claim(ledger, tools)).drive())
    await ledger.until("turn.delta")
    ledger.calls.clear()

    ledger.is_away = True
    await ledger.until_true(lambda: ledger.calls.count("renew") >= 2)
    ledger.is_away = False
    runner.go(ref())
    await driving

    assert ledger.types()[-1] == "run.succeeded"


async def test_store_away_at_the_start_is_waited_for() -> None:
    """The document is read again until the store answers."""
    ledger = FakeLedger(run_summary())
    driver = await claim(ledger, run_tools(ledger, FakeRunner(A=[answer()])))
    driving = asyncio.create_task(driver.drive())
    await ledger.until("run.started")

    ledger.is_away = True
    await ledger.until_true(lambda: ledger.calls.count("read_text") >= 2)
    ledger.is_away = False
    await driving

    assert ledger.types()[-1] == "run.succeeded"


async def test_crash_inside_a_run_ends_it_as_failed() -> None:
    """A fault of ours is told as such, once, and attempts are not left behind."""

    class Unreadable(FakeLedger):
        async def read_text(self, document_id: str) -> DocumentText:
            raise NotFound("DOCUMENT_NOT_FOUND", "There is no such document.")

    ledger = Unreadable(run_summary())

    with capture_logs() as logs:
        await drive(ledger, FakeRunner(A=[answer()]))

    assert ledger.log()[-1].fact == RunFailed("INTERNAL")
    assert ledger.types() == ["run.started", "run.failed"]
    assert "run.crashed" in [each["event"] for each in logs]


async def test_event_that_the_store_refuses_ends_the_run_as_failed() -> None:
    """A refused event is not sent for ever, and the other seats' attempts end."""

    class Refusing(FakeLedger):
        refusals = 0

        async def append(  # type: ignore[override]  # the keywords are the port's
            self, run_id: str, *, events: list[NewEvent], **rest: object
        ) -> None:
            if any(isinstance(each.fact, FindingAdded) for each in events):
                self.refusals += 1
                raise FailedPrecondition("ILLEGAL_EVENT", "Refused.")
            await super().append(run_id, events=events, **rest)  # type: ignore[arg-type]  # passed on

    ledger = Refusing(run_summary(seats="AB"))
    runner = FakeRunner(A=[answer(draft())], B=[answer()])
    runner.hold(ref("B"), 1)

    await drive(ledger, runner)

    assert ledger.log()[-1].fact == RunFailed("INTERNAL")
    assert ledger.refusals == 1
    assert ref("B") in runner.cancels


async def test_graceful_stop_leaves_no_task() -> None:
    """A driver that is cancelled takes all its tasks along and ends nothing."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.hold(ref(), 1)
    driver = await claim(ledger, run_tools(ledger, runner))
    before = asyncio.all_tasks()
    driving = asyncio.create_task(driver.drive())
    await ledger.until("turn.delta")

    driving.cancel()
    await asyncio.gather(driving, return_exceptions=True)

    assert asyncio.all_tasks() == before
    assert TERMINAL_TYPES.isdisjoint(ledger.types())
    assert runner.cancels == []
