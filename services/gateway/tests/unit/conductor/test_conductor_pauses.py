"""Runs that wait while their account refuses, and go on by themselves."""

from datetime import timedelta

import pytest

from roundtable_gateway.conductor.conductor import Conductor
from roundtable_gateway.conductor.parts import TurnPart
from roundtable_gateway.domain.event import TurnFailed
from roundtable_gateway.domain.run import Budget, Engine, Pause
from services.gateway.tests.support.conducting import (
    FakeWatch,
    PassingClock,
    SetClock,
    claim,
    drive,
    ref,
    run_tools,
    turns_of_the_loop,
)
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner
from services.gateway.tests.support.pausing import (
    HOUR,
    LIMIT,
    NO_ACCOUNT,
    driving,
    ledger_of,
    pauses_of,
)
from services.gateway.tests.support.samples import (
    NOW,
    answer,
    failure,
    refusal,
    run_summary,
)


async def test_limit_pauses_the_run_until_it_opens() -> None:
    """Viewers learn when it goes on; it goes on then, by itself, no sooner."""
    ledger, clock = ledger_of(), SetClock()
    runner = FakeRunner(A=[LIMIT, answer()])
    async with driving(
        await claim(ledger, run_tools(ledger, runner, clock=clock))
    ) as run:
        await ledger.until("run.paused")
        clock.advance(HOUR - timedelta(seconds=1))
        await turns_of_the_loop()
        early = ledger.types()

        clock.advance(timedelta(seconds=1))
        await run

    assert early[-2:] == ["turn.failed", "run.paused"]
    assert ledger.types() == [
        "run.started",
        "turn.started",
        "turn.failed",
        "run.paused",
        "turn.superseded",
        "turn.started",
        "run.resumed",
        "turn.delta",
        "turn.delta",
        "turn.completed",
        "decision.set",
        "run.succeeded",
    ]
    assert pauses_of(ledger) == [Pause("rate_limited", NOW + HOUR)]
    failed = next(e.fact for e in ledger.log() if isinstance(e.fact, TurnFailed))
    assert (failed.will_retry, failed.retry_time) == (True, NOW + HOUR)


async def test_turns_that_fail_together_make_one_pause() -> None:
    """Nine seats at the limit: one pause, one resumption, nine answers, nine turns."""
    seats = "ABCDEFGHI"
    ledger = ledger_of(seats)
    runner = FakeRunner(**{seat: [LIMIT, answer()] for seat in seats})

    await drive(ledger, runner, clock=PassingClock())

    types = ledger.types()
    assert (types.count("run.paused"), types.count("run.resumed")) == (1, 1)
    assert types.count("turn.completed") == 9
    assert types[-1] == "run.succeeded"
    assert ledger.detail().run.usage.turns == 9


async def test_one_turn_goes_first_when_the_limit_opens() -> None:
    """The others follow its first word, not the clock."""
    ledger, clock = ledger_of("AB"), SetClock()
    runner = FakeRunner(A=[LIMIT, answer()], B=[LIMIT, answer()])
    seconds = [ref("A", 2), ref("B", 2)]
    for second in seconds:
        runner.hold(second, 0)
    async with driving(
        await claim(ledger, run_tools(ledger, runner, clock=clock))
    ) as run:
        await ledger.until_true(lambda: ledger.types().count("turn.failed") == 2)
        await ledger.until("run.paused")
        clock.advance(HOUR)
        await ledger.until_true(lambda: ledger.types().count("turn.started") == 3)
        await turns_of_the_loop()
        first = [each for each in seconds if runner.starts[each]]
        is_paused = ledger.detail().run.pause is not None

        runner.go(first[0])
        await ledger.until_true(lambda: ledger.types().count("turn.started") == 4)
        types = ledger.types()
        for second in seconds:
            runner.go(second)
        await run

    assert len(first) == 1
    assert is_paused
    assert types.count("run.resumed") == 1
    assert ledger.types()[-1] == "run.succeeded"


async def test_scout_that_is_refused_prolongs_the_pause() -> None:
    """The run hears of the new time, and is not resumed in between."""
    ledger = ledger_of("AB")
    runner = FakeRunner(
        A=[LIMIT, refusal("rate_limited", 2 * HOUR), answer()],
        B=[LIMIT, answer()],
    )

    await drive(ledger, runner, clock=PassingClock())

    types = ledger.types()
    own = [each for each in types if each in ("run.paused", "run.resumed")]
    assert own == ["run.paused", "run.paused", "run.resumed"]
    first, second = pauses_of(ledger)
    assert first.resume_time is not None
    assert second.resume_time is not None
    assert second.resume_time - first.resume_time >= 2 * HOUR
    assert types.count("turn.failed") == 3
    assert types[-1] == "run.succeeded"


async def test_scout_that_fails_otherwise_lets_the_others_pass() -> None:
    """The account has let it in; what went wrong is its own matter."""
    ledger = ledger_of("AB")
    runner = FakeRunner(A=[LIMIT, refusal("refused")], B=[LIMIT, refusal("refused")])

    await drive(ledger, runner, clock=PassingClock())

    types = ledger.types()
    assert (types.count("run.paused"), types.count("run.resumed")) == (1, 1)
    assert types[-1] == "run.failed"


@pytest.mark.parametrize(
    "reason", ["unreachable", "timeout", "runner_lost", "cli_crashed", "internal"]
)
async def test_scout_that_never_came_to_its_account_is_followed_by_another(
    reason: str,
) -> None:
    """It says nothing of the account: the others wait on, and it costs no attempt."""
    ledger, clock = ledger_of("AB"), SetClock()
    lost = refusal(reason)
    runner = FakeRunner(A=[LIMIT, lost, answer()], B=[LIMIT, lost, answer()])
    async with driving(
        await claim(ledger, run_tools(ledger, runner, clock=clock))
    ) as run:
        await ledger.until_true(lambda: ledger.types().count("turn.failed") == 2)
        clock.advance(HOUR)
        await ledger.until_true(lambda: ledger.types().count("turn.failed") == 3)
        await turns_of_the_loop()
        started = ledger.types().count("turn.started")
        pause = ledger.detail().run.pause

        for _ in range(3):
            clock.advance(timedelta(minutes=1))
            await turns_of_the_loop()
        await run

    assert started == 3
    assert pause is not None
    assert pause.resume_time is not None
    later = pause.resume_time - NOW - HOUR
    assert timedelta(0) < later <= timedelta(seconds=10)
    assert ledger.types().count("run.resumed") == 1
    assert ledger.types()[-1] == "run.succeeded"
    assert ledger.detail().run.usage.turns == 2


async def test_scout_is_not_lost_for_ever() -> None:
    """What may cost something each time is tried so often; then its attempts count."""
    ledger = ledger_of(budget=Budget(turns=3))
    runner = FakeRunner(A=[LIMIT, refusal("timeout")])

    await drive(ledger, runner, clock=PassingClock())

    assert sum(runner.starts.values()) == 1 + 5 + 3
    assert ledger.types()[-1] == "run.failed"
    assert ledger.detail().run.usage.turns == 3


async def test_refused_attempts_count_towards_no_limit() -> None:
    """Neither to the attempts of a turn nor to the budget of a run."""
    ledger = ledger_of(budget=Budget(turns=3))
    lost = failure("timeout")
    runner = FakeRunner(A=[LIMIT, LIMIT, lost, NO_ACCOUNT, lost, LIMIT, answer()])

    await drive(ledger, runner, clock=PassingClock())

    assert ledger.types()[-1] == "run.succeeded"
    (turn,) = ledger.detail().turns
    assert (turn.attempt, turn.paused_attempts) == (7, 4)
    assert ledger.detail().run.usage.turns == 3


async def test_limit_without_a_time_is_waited_for_longer_and_longer() -> None:
    """An account that refuses at once and for ever is asked seldom."""
    ledger = ledger_of()
    runner = FakeRunner(A=[*[refusal("rate_limited")] * 8, answer()])
    clock = PassingClock()

    await drive(ledger, runner, clock=clock)

    times = [pause.resume_time for pause in pauses_of(ledger)]
    assert len(times) == 8
    assert clock.seconds > 2.5 * (1 + 2 + 4 + 8 + 16 + 32)


@pytest.mark.parametrize("refused", [LIMIT, NO_ACCOUNT], ids=["limit", "account"])
async def test_paused_run_answers_a_cancel_at_once(refused: list[TurnPart]) -> None:
    """Nobody has to wait for a limit to get rid of a run."""
    ledger, watch = ledger_of("AB"), FakeWatch()
    watch.is_working = False
    runner = FakeRunner(A=[refused], B=[refused])
    driver = await claim(ledger, run_tools(ledger, runner, watch=watch))
    async with driving(driver) as run:
        await ledger.until("run.paused")

        driver.cancel_requested.set()
        await run

    assert ledger.types()[-1] == "run.cancelled"
    assert ledger.detail().run.pause is None


async def test_turns_that_go_on_are_left_alone() -> None:
    """A pause keeps what is under way, and is told all the same."""
    ledger, clock = ledger_of("AB"), SetClock()
    runner = FakeRunner(A=[answer()], B=[LIMIT, answer()])
    runner.hold(ref("A"), 1)
    async with driving(
        await claim(ledger, run_tools(ledger, runner, clock=clock))
    ) as run:
        await ledger.until("run.paused")

        runner.go(ref("A"))
        await ledger.until("turn.completed")
        is_paused = ledger.detail().run.pause is not None
        clock.advance(HOUR)
        await run

    assert is_paused
    assert ledger.types().count("run.paused") == 1
    assert ledger.types()[-1] == "run.succeeded"


def _two_runs(engine: Engine) -> FakeLedger:
    return FakeLedger(
        run_summary("run_1", engine=Engine.CLAUDE),
        run_summary("run_2", seats="B", engine=engine),
    )


async def test_another_run_of_the_engine_asks_nothing() -> None:
    """It waits at the same barrier before its first turn, and says so."""
    ledger, clock = _two_runs(Engine.CLAUDE), SetClock()
    runner = FakeRunner(A=[LIMIT], B=[answer()])
    tools = run_tools(ledger, runner, clock=clock)
    async with driving(await claim(ledger, tools)):
        await ledger.until("run.paused", "run_1")
        async with driving(await claim(ledger, tools)):
            await ledger.until("run.paused", "run_2")

    assert ledger.types("run_2") == ["run.started", "run.paused"]
    assert pauses_of(ledger, "run_2") == pauses_of(ledger, "run_1")
    assert runner.starts == {ref(): 1}


async def test_paused_run_holds_neither_slot_nor_room() -> None:
    """A rehearsal goes on beside it, with one slot and room for one run."""
    ledger = _two_runs(Engine.REHEARSAL)
    runner = FakeRunner(A=[LIMIT], B=[answer()])
    tools = run_tools(ledger, runner, slots=1)
    conductor = Conductor(tools, holder="here", incarnation="1", runs_at_once=1)
    conductor.start()
    await ledger.until("run.paused", "run_1")

    conductor.notice_new_run("run_2")
    await ledger.until_ended("run_2")
    await conductor.stop()

    assert ledger.types("run_2")[-1] == "run.succeeded"
    assert ledger.types("run_1")[-1] == "run.paused"


async def test_many_paused_runs_leave_room_for_another_engine() -> None:
    """However many wait for one account, what needs no account is driven."""
    claude = [f"run_{number}" for number in range(1, 18)]
    ledger = FakeLedger(
        *(run_summary(each, engine=Engine.CLAUDE) for each in claude),
        run_summary("run_18", seats="B", engine=Engine.REHEARSAL),
    )
    tools = run_tools(ledger, FakeRunner(A=[LIMIT], B=[answer()]))
    conductor = Conductor(tools, holder="here", incarnation="1", runs_at_once=4)
    conductor.start()
    for each in claude[:16]:
        conductor.notice_new_run(each)
        await ledger.until("run.paused", each)

    conductor.notice_new_run("run_18")
    await ledger.until_ended("run_18")
    is_held = [ledger.is_held(each) for each in claude]
    await conductor.stop()

    assert ledger.types("run_18")[-1] == "run.succeeded"
    assert is_held == [True] * 16 + [False]


async def test_turn_that_waits_for_a_slot_heeds_a_barrier_that_closes() -> None:
    """What was open when it began to wait may be closed when there is room."""
    ledger, clock = ledger_of("AB"), SetClock()
    runner = FakeRunner(A=[LIMIT, answer()], B=[answer()])
    tools = run_tools(ledger, runner, clock=clock, slots=1)
    async with driving(await claim(ledger, tools)) as run:
        await ledger.until("run.paused")
        await turns_of_the_loop()
        asked = dict(runner.starts)

        clock.advance(HOUR)
        await run

    assert asked == {ref("A"): 1}
    assert ledger.types()[-1] == "run.succeeded"
    assert ledger.types().count("run.paused") == 1


async def test_another_conductor_goes_on_with_the_pause() -> None:
    """It tells nothing twice, waits for the time that was told, and resumes once."""
    ledger = ledger_of("AB")
    runner = FakeRunner(A=[LIMIT, answer()], B=[LIMIT, answer()])
    async with driving(await claim(ledger, run_tools(ledger, runner))):
        await ledger.until("run.paused")
        await turns_of_the_loop()
    ledger.lapse()
    before, clock = ledger.types(), SetClock()

    async with driving(
        await claim(ledger, run_tools(ledger, runner, clock=clock))
    ) as run:
        await turns_of_the_loop()
        waiting = ledger.types()
        clock.advance(HOUR)
        await run

    assert waiting == before
    types = ledger.types()
    assert (types.count("run.paused"), types.count("run.resumed")) == (1, 1)
    assert types[-1] == "run.succeeded"


async def test_pause_that_was_not_told_yet_is_kept_all_the_same() -> None:
    """A conductor that died behind the refusal leaves its time in the turn."""
    ledger = ledger_of()
    runner = FakeRunner(A=[LIMIT, answer()])
    async with driving(await claim(ledger, run_tools(ledger, runner))):
        await ledger.until("run.paused")
    cut = ledger.fork(ledger.types().index("turn.failed") + 1)

    async with driving(await claim(cut, run_tools(cut, runner))):
        await cut.until("run.paused")
        await turns_of_the_loop()

    assert pauses_of(cut) == [Pause("rate_limited", NOW + HOUR)]
    assert runner.starts == {ref(): 1}


async def test_run_whose_only_turn_goes_on_is_resumed_by_who_takes_over() -> None:
    """The scout's word may be in the log before the word of the resumption."""
    ledger, clock = ledger_of(), SetClock()
    runner = FakeRunner(A=[LIMIT, answer()])
    runner.hold(ref(attempt=2), 0)
    async with driving(await claim(ledger, run_tools(ledger, runner, clock=clock))):
        await ledger.until("run.paused")
        clock.advance(HOUR)
        await ledger.until_true(lambda: ledger.types().count("turn.started") == 2)
    ledger.lapse()

    async with driving(await claim(ledger, run_tools(ledger, runner))) as run:
        await ledger.until("run.resumed")
        runner.go(ref(attempt=2))
        await run

    assert runner.starts == {ref(): 1, ref(attempt=2): 1}
    assert ledger.types().count("run.resumed") == 1
    assert ledger.types()[-1] == "run.succeeded"


async def test_queued_retry_keeps_its_time_over_a_take_over() -> None:
    """Whoever takes over asks no sooner than was told."""
    ledger = ledger_of()
    asked = timedelta(minutes=2)
    runner = FakeRunner(A=[refusal("overloaded", asked), answer()])
    async with driving(await claim(ledger, run_tools(ledger, runner))):
        await ledger.until("turn.failed")
    ledger.lapse()
    clock = SetClock()

    async with driving(
        await claim(ledger, run_tools(ledger, runner, clock=clock))
    ) as run:
        await turns_of_the_loop()
        early = dict(runner.starts)
        clock.advance(asked)
        await run

    assert early == {ref(): 1}
    assert ledger.types()[-1] == "run.succeeded"
