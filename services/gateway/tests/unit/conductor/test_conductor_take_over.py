"""A run that one conductor leaves and another takes over, wherever that happens."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roundtable_gateway.conductor.parts import EndPart, TurnFailure, TurnPart
from roundtable_gateway.domain.event import (
    RunPaused,
    RunResumed,
    TurnCompleted,
    TurnRef,
    TurnStarted,
)
from roundtable_gateway.domain.run import Budget, Pause, TurnState, Usage
from services.gateway.tests.support.conducting import (
    PassingClock,
    claim,
    drive,
    ref,
    run_tools,
)
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner
from services.gateway.tests.support.log_projection import TERMINAL_TYPES
from services.gateway.tests.support.samples import (
    answer,
    draft,
    failure,
    refusal,
    run_summary,
)

_Script = list[list[TurnPart]]

# Runs with everything in them: retries, withdrawals, differences, a lost seat.
_SCRIPTS: dict[str, dict[str, _Script]] = {
    "answered": {"A": [answer(draft("One"), draft("Two"))]},
    "result differs": {
        "A": [answer(draft("One"), draft("Two"), kept=(draft("Other"),))],
        "B": [answer(kept=(draft("Late"), draft("Later")))],
    },
    "tried again": {
        "A": [failure("timeout", draft("Old")), answer(draft("New"))],
        "B": [answer()],
    },
    "failed for good": {
        "A": [failure("refused", draft("One"), draft("Two"))],
        "B": [answer(draft("Mine"))],
    },
    "limit reached": {
        "A": [refusal("rate_limited", timedelta(minutes=3)), answer(draft("Mine"))],
        "B": [refusal("rate_limited"), failure("timeout"), answer()],
    },
    "account lost": {
        "A": [answer()],
        "B": [failure("auth_required", draft("Old")), answer(draft("New"))],
    },
    "scout lost": {
        "A": [
            refusal("rate_limited", timedelta(minutes=3)),
            refusal("unreachable"),
            refusal("timeout"),
            answer(draft("Mine")),
        ],
        "B": [answer()],
    },
    "no seat": {"A": [failure("invalid_output", draft("One"))]},
}


async def _whole_run(scripts: dict[str, _Script]) -> tuple[FakeLedger, FakeRunner]:
    ledger = FakeLedger(run_summary(seats="".join(scripts)))
    runner = FakeRunner(**scripts)
    await drive(ledger, runner, clock=PassingClock())
    return ledger, runner


def _check(ledger: FakeLedger) -> None:
    """Hold a log against what is promised of every log."""
    types = ledger.types()
    assert [each for each in types if each in TERMINAL_TYPES] == [types[-1]]
    _check_pauses(ledger)
    for turn_id in {each.turn.turn_id for each in ledger.log() if each.turn}:
        _check_turn(ledger, turn_id)


def _check_pauses(ledger: FakeLedger) -> None:
    told: Pause | None = None
    for each in ledger.log():
        if isinstance(each.fact, RunPaused):
            assert each.fact.pause != told, "no pause is told twice"
            told = each.fact.pause
        elif isinstance(each.fact, RunResumed):
            assert told is not None, "only a paused run is resumed"
            told = None
    assert told is None or ledger.types()[-1] == "run.cancelled"


def _check_turn(ledger: FakeLedger, turn_id: str) -> None:
    events = [
        each for each in ledger.log() if each.turn and each.turn.turn_id == turn_id
    ]
    attempts: Counter[int] = Counter()
    completed = 0
    for each in events:
        assert each.turn is not None
        assert not completed, "nothing follows a turn's completion"
        if isinstance(each.fact, TurnStarted):
            assert each.turn.attempt == len(attempts) + 1
            attempts[each.turn.attempt] = 0
            continue
        if each.part_index is not None:
            assert each.part_index == attempts[each.turn.attempt], "no gap, none twice"
            attempts[each.turn.attempt] += 1
        completed += isinstance(each.fact, TurnCompleted)


def _known_attempts(ledger: FakeLedger) -> set[TurnRef]:
    return {
        each.turn
        for each in ledger.log()
        if each.turn and isinstance(each.fact, TurnStarted)
    }


@pytest.mark.parametrize("name", sorted(_SCRIPTS))
async def test_take_over_behind_every_append_while_the_runner_goes_on(
    name: str,
) -> None:
    """Wherever the log is cut: one end, and nothing the runner has is begun again."""
    scripts = _SCRIPTS[name]
    whole, before = await _whole_run(scripts)

    for length in (0, *whole.boundaries()[:-1]):
        ledger = whole.fork(length)
        known = _known_attempts(ledger)
        runner = FakeRunner(**scripts)
        runner.adopt(known, of=before)

        await drive(ledger, runner, clock=PassingClock())

        _check(ledger)
        assert known.isdisjoint(runner.starts), f"cut behind {length} events"
        assert ledger.types()[-1] == whole.types()[-1]
        assert ledger.detail().findings == whole.detail().findings
        assert ledger.detail().decision == whole.detail().decision


@pytest.mark.parametrize("name", sorted(_SCRIPTS))
async def test_take_over_behind_every_append_of_a_runner_that_restarted(
    name: str,
) -> None:
    """With the attempts gone: one end, and no succeeded turn is asked again."""
    scripts = _SCRIPTS[name]
    whole, _ = await _whole_run(scripts)

    for length in (0, *whole.boundaries()[:-1]):
        ledger = whole.fork(length)
        done = {
            turn.id
            for turn in ledger.detail().turns
            if turn.state in (TurnState.SUCCEEDED, TurnState.FAILED)
        }
        runner = FakeRunner(**scripts)

        await drive(ledger, runner, clock=PassingClock())

        _check(ledger)
        assert done.isdisjoint({each.turn_id for each in runner.starts})


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    name=st.sampled_from(sorted(_SCRIPTS)),
    stops=st.lists(st.integers(1, 16), max_size=5),
    lost=st.sets(st.integers(0, 4)),
)
def test_any_number_of_take_overs_leaves_one_whole_log(
    name: str, stops: list[int], lost: set[int]
) -> None:
    """Conductors die after any append, the runner now and then; the log stays whole."""

    async def live_through() -> None:
        scripts = _SCRIPTS[name]
        ledger = FakeLedger(run_summary(seats="".join(scripts)))
        runner = FakeRunner(**scripts)
        for number, appends in enumerate(stops):
            await _drive_until(ledger, runner, appends=appends)
            if number in lost:
                runner.go_away()
                runner.come_back(with_attempts=False)
            ledger.lapse()
        if TERMINAL_TYPES.isdisjoint(ledger.types()):
            await drive(ledger, runner, clock=PassingClock())
        _check(ledger)
        assert lost or max(runner.starts.values(), default=1) == 1

    asyncio.run(live_through())


async def _drive_until(ledger: FakeLedger, runner: FakeRunner, *, appends: int) -> None:
    """Drive a run until some appends got through, then drop it as a crash does."""
    if not TERMINAL_TYPES.isdisjoint(ledger.types()):
        return
    driver = await claim(ledger, run_tools(ledger, runner, clock=PassingClock()))
    driving = asyncio.create_task(driver.drive())
    left = appends

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            driving.cancel()

    ledger.before_append = count
    await asyncio.gather(driving, return_exceptions=True)
    ledger.before_append = lambda: None


@pytest.mark.parametrize("budget", [Budget(turns=1), Budget(cost_usd=0.3)], ids=str)
async def test_budget_counts_what_was_spent_before(budget: Budget) -> None:
    """A take-over is no fresh start: the log's attempts and costs are spent."""
    ledger = FakeLedger(run_summary(budget=budget))
    price = Usage(cost_usd=0.4)
    lost: list[TurnPart] = [EndPart(0, TurnFailure("timeout"), price)]
    runner = FakeRunner(A=[lost, answer()])
    driving = asyncio.create_task(
        (await claim(ledger, run_tools(ledger, runner))).drive()
    )
    await ledger.until("turn.failed")
    driving.cancel()
    await asyncio.gather(driving, return_exceptions=True)

    other = ledger.fork(ledger.types().index("turn.failed") + 1)
    runner = FakeRunner(A=[answer()])
    await drive(other, runner)

    assert not runner.starts
    assert other.types()[-1] == "run.failed"


async def test_resumed_attempt_waits_for_no_slot() -> None:
    """The runner ends what nobody watches: attaching comes before new turns."""
    scripts: dict[str, _Script] = {"A": [answer()], "B": [answer()]}
    ledger = FakeLedger(run_summary(seats="BA"))
    runner = FakeRunner(**scripts)
    runner.hold(ref("B"), 1)
    tools = run_tools(ledger, runner, slots=1)
    driving = asyncio.create_task((await claim(ledger, tools)).drive())
    await ledger.until("turn.delta")
    driving.cancel()
    await asyncio.gather(driving, return_exceptions=True)
    ledger.lapse()
    tools = run_tools(ledger, runner, slots=1)
    await tools.slots.acquire()

    driving = asyncio.create_task((await claim(ledger, tools)).drive())
    runner.go(ref("B"))
    await ledger.until("turn.completed")
    tools.slots.release()
    await driving

    assert runner.starts == {ref("A"): 1, ref("B"): 1}
