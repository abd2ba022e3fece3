"""One turn: its attempts, and what its events say of them."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from roundtable_gateway.conductor import retries
from roundtable_gateway.conductor.parts import EndPart, TurnFailure, TurnPart
from roundtable_gateway.conductor.retries import RetryPolicy
from roundtable_gateway.domain.event import (
    FindingAdded,
    FindingChanged,
    FindingWithdrawn,
    NewEvent,
    TurnCompleted,
    TurnFailed,
    TurnSuperseded,
)
from roundtable_gateway.domain.run import Usage
from roundtable_kit.errors import Aborted, Internal, InvalidArgument, ServiceError
from services.gateway.tests.support.conducting import (
    RunningClock,
    SetClock,
    claim,
    drive,
    ref,
    run_tools,
    turns_of_the_loop,
)
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner
from services.gateway.tests.support.samples import (
    NOW,
    answer,
    draft,
    failure,
    result,
    run_summary,
)

_FINAL = ("refused", "output_too_long", "context_too_long", "model_not_found")
_FINAL_TOO = ("budget_exhausted", "invalid_output", "internal")
_TRANSIENT = ("timeout", "unreachable", "cli_crashed", "runner_lost")
_ATTEMPTS = {
    **dict.fromkeys((*_FINAL, *_FINAL_TOO), 1),
    **dict.fromkeys(_TRANSIENT, 3),
    "overloaded": 5,
}


def _failures(ledger: FakeLedger) -> list[TurnFailed]:
    return [each.fact for each in ledger.log() if isinstance(each.fact, TurnFailed)]


def _of(ledger: FakeLedger, *kinds: type) -> list[NewEvent]:
    return [each for each in ledger.log() if isinstance(each.fact, kinds)]


@pytest.mark.parametrize(("reason", "attempts"), sorted(_ATTEMPTS.items()))
async def test_failure_is_tried_again_by_its_reason(reason: str, attempts: int) -> None:
    """The table of retries, row by row: how often a turn is asked in all."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[failure(reason)])

    await drive(ledger, runner)

    assert sum(runner.starts.values()) == attempts
    assert [each.reason for each in _failures(ledger)] == [reason] * attempts
    assert [each.retry_time is None for each in _failures(ledger)] == [
        number == attempts for number in range(1, attempts + 1)
    ]


@pytest.mark.parametrize(("attempt", "least", "most"), [(1, 0.5, 1.0), (2, 2.0, 4.0)])
def test_delays_grow_and_are_spread(
    monkeypatch: pytest.MonkeyPatch, attempt: int, least: float, most: float
) -> None:
    """The next attempt waits about four times as long, no two alike."""
    monkeypatch.setattr(retries, "_FIRST_DELAY", timedelta(seconds=1))
    policy = RetryPolicy(Random(7))  # noqa: S311 - spreads delays

    lost = TurnFailure("timeout")

    delays = [policy.delay(lost, attempt=attempt) for _ in range(20)]

    seconds = [delay.total_seconds() for delay in delays if delay is not None]
    assert len(set(seconds)) == 20
    assert least <= min(seconds) <= max(seconds) <= most


def test_endpoints_own_delay_is_kept_to_however_long() -> None:
    """An overloaded endpoint that names a time is not asked before."""
    policy = RetryPolicy(Random(7))  # noqa: S311 - spreads delays
    asked = timedelta(hours=1)

    delay = policy.delay(TurnFailure("overloaded", asked), attempt=1)

    assert delay == asked


async def test_asked_delay_is_told_with_the_failure_and_kept_to() -> None:
    """Viewers learn when the next attempt comes, and it comes no sooner."""
    ledger = FakeLedger(run_summary())
    asked = timedelta(seconds=40)
    runner = FakeRunner(A=[failure("overloaded", retry_delay=asked), answer()])
    clock = SetClock()
    driving = asyncio.create_task(drive(ledger, runner, clock=clock))
    await ledger.until("turn.failed")
    clock.advance(asked - timedelta(seconds=1))
    await turns_of_the_loop()
    early = dict(runner.starts)

    clock.advance(timedelta(seconds=1))
    await driving

    assert _failures(ledger)[0].retry_time == NOW + asked
    assert early == {ref(): 1}
    assert ledger.types()[-1] == "run.succeeded"


async def test_failed_attempt_is_superseded_ahead_of_the_next() -> None:
    """What it found no longer counts; the next attempt has ids of its own."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[failure("timeout", draft("Old")), answer(draft("New"))])

    await drive(ledger, runner)

    assert [(each.fact.type, each.turn) for each in ledger.log()[1:]][:12] == [
        ("turn.started", ref()),
        ("turn.delta", ref()),
        ("finding.added", ref()),
        ("turn.failed", ref()),
        ("turn.superseded", ref()),
        ("turn.started", ref(attempt=2)),
        ("turn.delta", ref(attempt=2)),
        ("turn.delta", ref(attempt=2)),
        ("finding.added", ref(attempt=2)),
        ("turn.completed", ref(attempt=2)),
        ("clusters.set", None),
        ("decision.set", None),
    ]
    assert [each.id for each in ledger.detail().findings] == ["A1.2"]


async def test_failure_for_good_withdraws_its_findings() -> None:
    """A turn that has no answer leaves nothing that counts."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[failure("refused", draft("One"), draft("Two"))])

    await drive(ledger, runner)

    withdrawn = [each.fact for each in _of(ledger, FindingWithdrawn)]
    assert withdrawn == [
        FindingWithdrawn("A1", "TURN_FAILED"),
        FindingWithdrawn("A2", "TURN_FAILED"),
    ]
    assert ledger.detail().findings == ()


async def test_last_failure_of_several_withdraws_only_its_own() -> None:
    """Findings of earlier attempts are gone with their being superseded."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[failure("timeout", draft())])

    await drive(ledger, runner)

    withdrawn = [each.turn for each in _of(ledger, FindingWithdrawn)]
    assert withdrawn == [ref(attempt=3)]
    assert ledger.detail().findings == ()


async def test_result_is_what_counts_where_it_differs() -> None:
    """Changed, added and withdrawn findings are told before the turn completes."""
    ledger = FakeLedger(run_summary())
    streamed = (draft("Same"), draft("Other"))
    longer = (draft("Same"), draft("Changed"), draft("Late"))
    runner = FakeRunner(A=[answer(*streamed, kept=longer)])

    await drive(ledger, runner)

    events = ledger.log()[6:9]
    assert [each.fact.type for each in events] == [
        "finding.changed",
        "finding.added",
        "turn.completed",
    ]
    assert isinstance(events[0].fact, FindingChanged)
    assert isinstance(events[1].fact, FindingAdded)
    assert (events[0].fact.finding.id, events[1].fact.finding.id) == ("A2", "A3")
    titles = [each.title for each in ledger.detail().findings]
    assert titles == ["Same", "Changed", "Late"]


async def test_finding_that_the_result_drops_is_withdrawn() -> None:
    """A finding that was streamed, but is not in the result, no longer counts."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer(draft("One"), draft("Two"), kept=(draft("One"),))])

    await drive(ledger, runner)

    (withdrawn,) = _of(ledger, FindingWithdrawn)
    assert withdrawn.fact == FindingWithdrawn("A2", "NOT_IN_RESULT")
    assert [each.id for each in ledger.detail().findings] == ["A1"]


async def test_finding_on_a_paragraph_that_is_not_there_loses_the_number() -> None:
    """A model's paragraph numbers are its own until code has seen them."""
    ledger = FakeLedger(run_summary())
    invented = replace(draft(), paragraph_ids=("P1", "P99"))

    await drive(ledger, FakeRunner(A=[answer(invented)]))

    assert ledger.detail().findings[0].paragraph_ids == ("P1",)


@pytest.mark.parametrize("word", ["kind", "severity", "fix_kind", "criterion"], ids=str)
async def test_word_off_the_schema_fails_the_turn_not_the_run(word: str) -> None:
    """A streamed finding that fits no schema is an invalid answer of one seat."""
    ledger = FakeLedger(run_summary(seats="AB"))
    changes: dict[str, Any] = {word: "nonsense"}
    odd = replace(draft(), **changes)
    runner = FakeRunner(A=[answer(odd)], B=[answer()])

    await drive(ledger, runner)

    assert [each.reason for each in _failures(ledger)] == ["invalid_output"]
    assert runner.cancels == [ref()]
    assert ledger.types()[-1] == "run.incomplete"


async def test_verdict_off_the_schema_fails_the_turn_not_the_run() -> None:
    """A result that fits no schema is an invalid answer, its tokens are counted."""
    ledger = FakeLedger(run_summary())
    usage = Usage(input_tokens=7)
    odd: list[TurnPart] = [EndPart(0, result(verdict="maybe"), usage)]

    await drive(ledger, FakeRunner(A=[odd]))

    assert [each.reason for each in _failures(ledger)] == ["invalid_output"]
    assert _failures(ledger)[0].usage.input_tokens == 7


async def test_full_runner_keeps_the_turn_waiting() -> None:
    """A runner without a free slot is asked again until it has one."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.full_answers = 3

    await drive(ledger, runner)

    assert runner.starts[ref()] == 1
    assert ledger.types()[-1] == "run.succeeded"


async def test_runner_away_at_the_start_is_waited_for() -> None:
    """An order that does not get through is sent again, and begun once."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.go_away()
    driving = asyncio.create_task(drive(ledger, runner))
    await ledger.until("turn.started")

    runner.come_back(with_attempts=True)
    await driving

    assert runner.starts[ref()] == 1
    assert _failures(ledger) == []


async def test_runner_that_stays_away_is_unreachable() -> None:
    """A runner that is not there for a minute fails the attempt."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.go_away()

    await drive(ledger, runner, clock=RunningClock())

    assert [each.reason for each in _failures(ledger)] == ["unreachable"] * 3
    assert ledger.types()[-1] == "run.failed"


@pytest.mark.parametrize(
    "error",
    [
        InvalidArgument("INVALID_FIELD", "No."),
        Aborted("FENCED", "Another."),
        Internal("INTERNAL", "Oh."),
    ],
    ids=lambda error: error.reason,
)
async def test_order_that_the_runner_refuses_is_our_fault(error: ServiceError) -> None:
    """Such an attempt fails as internal, and another is made."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.start_error = error

    await drive(ledger, runner)

    assert [each.reason for each in _failures(ledger)] == ["internal"]
    assert ledger.types()[-1] == "run.succeeded"


async def test_runner_back_from_a_cut_is_attached_behind_the_last_part() -> None:
    """Nothing is told twice, nothing is left out, nothing is asked again."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer(draft(), words=3)])
    runner.hold(ref(), 2)
    driving = asyncio.create_task(drive(ledger, runner))
    await ledger.until_true(lambda: ledger.types().count("turn.delta") == 2)

    runner.go_away()
    await runner.until_unwatched(ref())
    runner.come_back(with_attempts=True)
    runner.go(ref())
    await driving

    assert runner.starts[ref()] == 1
    attaches = {index for each, index in runner.attaches if each == ref()}
    assert attaches == {0, 2}
    indexes = [each.part_index for each in ledger.log() if each.turn == ref()][1:]
    assert indexes == [0, 1, 2, 3, 4]


async def test_runner_that_restarted_has_lost_the_attempt() -> None:
    """The attempt fails as runner_lost, and the next one supersedes it."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer(draft())])
    runner.hold(ref(), 1)
    driving = asyncio.create_task(drive(ledger, runner))
    await ledger.until("turn.delta")

    runner.go_away()
    runner.come_back(with_attempts=False)
    await driving

    assert [each.reason for each in _failures(ledger)] == ["runner_lost"]
    assert [each.turn for each in _of(ledger, TurnSuperseded)] == [ref()]
    completed = [each.turn for each in _of(ledger, TurnCompleted)]
    assert completed[0] == ref(attempt=2)


async def test_runner_that_never_comes_back_has_lost_the_attempt() -> None:
    """A minute without the runner ends the wait for its parts."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.hold(ref(), 1)
    clock = RunningClock()
    driving = asyncio.create_task(drive(ledger, runner, clock=clock))
    await ledger.until("turn.delta")

    runner.go_away()
    await driving

    reasons = [each.reason for each in _failures(ledger)]
    assert reasons == ["runner_lost", "unreachable", "unreachable"]


async def test_silent_attempt_is_not_lost_by_being_cut_now_and_then() -> None:
    """Only absence counts; a runner that has the turn may say nothing for long."""
    ledger, clock = FakeLedger(run_summary()), SetClock()
    runner = FakeRunner(A=[answer()])
    runner.hold(ref(), 1)
    driving = asyncio.create_task(drive(ledger, runner, clock=clock))
    await ledger.until("turn.delta")
    for _ in range(3):
        await runner.until_watched(ref())
        clock.advance(timedelta(seconds=50))
        runner.go_away()
        await runner.until_unwatched(ref())
        runner.come_back(with_attempts=True)

    runner.go(ref())
    await driving

    assert runner.starts == {ref(): 1}
    assert _failures(ledger) == []


async def test_stream_that_ends_without_an_end_is_attached_to_again() -> None:
    """A stream may close cleanly ahead of the end, as at a deadline."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.close_streams_at(ref(), 1)

    await drive(ledger, runner)

    assert [index for _, index in runner.attaches] == [0, 1]
    assert ledger.types()[-1] == "run.succeeded"


async def test_stream_that_breaks_for_good_fails_the_turn_not_the_run() -> None:
    """What attaching again does not mend is internal, and the attempt is ended."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.attach_error = Internal("UNKNOWN_VALUE", "Upgrade.")
    runner.spent = Usage(input_tokens=70, cost_usd=0.25)

    await drive(ledger, runner)

    assert [each.reason for each in _failures(ledger)] == ["internal"]
    assert _failures(ledger)[0].usage == Usage(input_tokens=70, cost_usd=0.25, turns=1)
    assert runner.cancels == [ref()]
    assert ledger.types()[-1] == "run.succeeded"


async def test_cancel_that_is_never_answered_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A runner that hangs does not keep a run from ending."""
    monkeypatch.setattr(
        "roundtable_gateway.conductor.afoot._CANCEL_DEADLINE", timedelta(0)
    )
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(A=[answer()])
    runner.hold(ref(), 1)
    driver = await claim(ledger, run_tools(ledger, runner))
    driving = asyncio.create_task(driver.drive())
    await ledger.until("turn.delta")

    driver.cancel_requested.set()
    await driving

    assert ledger.types()[-1] == "run.cancelled"
    assert runner.cancels == []
