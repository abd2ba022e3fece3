"""What ends a pause: time, another account, an account that is well again."""

from datetime import datetime, timedelta

import pytest

from roundtable_gateway.domain.run import Account, Pause
from roundtable_kit.errors import Unavailable
from services.gateway.tests.support.conducting import (
    FakeWatch,
    SetClock,
    claim,
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
    refusal,
    run_summary,
)

_LATER = NOW + timedelta(seconds=1)
_LIMIT_OF_DAYS = refusal("rate_limited", timedelta(days=5))


@pytest.mark.parametrize(
    ("account", "since"),
    [(Account.API_KEY, NOW), (Account.SUBSCRIPTION, _LATER)],
    ids=["another kind", "another login"],
)
async def test_another_account_ends_a_limit_at_once(
    account: Account, since: datetime
) -> None:
    """The limit was the other one's, however long it lasts."""
    ledger, clock, watch = ledger_of(), SetClock(), FakeWatch()
    runner = FakeRunner(A=[_LIMIT_OF_DAYS, answer()])
    tools = run_tools(ledger, runner, clock=clock, watch=watch)
    async with driving(await claim(ledger, tools)) as run:
        await ledger.until("run.paused")
        await turns_of_the_loop()
        asked = dict(runner.starts)

        watch.account, watch.since = account, since
        await run

    assert asked == {ref(): 1}
    assert clock.seconds == 0
    assert ledger.types()[-1] == "run.succeeded"


async def test_limit_that_the_runner_knows_no_more_is_over_after_a_rest() -> None:
    """The admin's test was answered; what is answered now and then is not hammered."""
    ledger, clock, watch = ledger_of(), SetClock(), FakeWatch()
    runner = FakeRunner(A=[_LIMIT_OF_DAYS, answer()])
    tools = run_tools(ledger, runner, clock=clock, watch=watch)
    async with driving(await claim(ledger, tools)) as run:
        await ledger.until("run.paused")
        watch.is_working, watch.limit_reset_time = True, None
        clock.advance(timedelta(seconds=2))
        await turns_of_the_loop()
        asked = dict(runner.starts)

        clock.advance(timedelta(seconds=3))
        await run

    assert asked == {ref(): 1}
    assert ledger.types()[-1] == "run.succeeded"


@pytest.mark.parametrize(
    ("account", "is_working"),
    [
        (Account.NONE, None),
        (Account.ENDPOINT, True),
        (Account.SUBSCRIPTION, False),
    ],
)
async def test_account_that_can_not_answer_ends_no_limit(
    *, account: Account, is_working: bool | None
) -> None:
    """Logged out, another engine's, or refused: the time that was told stays."""
    ledger, clock, watch = ledger_of(), SetClock(), FakeWatch()
    runner = FakeRunner(A=[LIMIT, answer()])
    tools = run_tools(ledger, runner, clock=clock, watch=watch)
    async with driving(await claim(ledger, tools)) as run:
        await ledger.until("run.paused")
        await turns_of_the_loop()
        watch.account, watch.is_working = account, is_working
        watch.since, watch.limit_reset_time = _LATER, None
        clock.advance(HOUR - timedelta(seconds=1))
        await turns_of_the_loop()
        asked = dict(runner.starts)

        clock.advance(timedelta(seconds=1))
        await run

    assert asked == {ref(): 1}
    assert ledger.types()[-1] == "run.succeeded"


async def test_runner_away_in_a_limit_changes_nothing() -> None:
    """It is asked again; the time that was told is kept without it."""
    ledger, clock, watch = ledger_of(), SetClock(), FakeWatch()
    runner = FakeRunner(A=[LIMIT, answer()])
    watch.error = Unavailable("UNREACHABLE", "Away.")
    tools = run_tools(ledger, runner, clock=clock, watch=watch)
    async with driving(await claim(ledger, tools)) as run:
        await ledger.until("run.paused")
        await turns_of_the_loop()
        asked = dict(runner.starts)

        clock.advance(HOUR)
        await run

    assert asked == {ref(): 1}
    assert ledger.types()[-1] == "run.succeeded"


@pytest.mark.parametrize("is_seen", [True, False], ids=["seen", "unseen"])
async def test_another_account_ends_a_limit_that_was_taken_over(
    *, is_seen: bool
) -> None:
    """Also where it became another while no gateway was there to see it."""
    ledger, watch = ledger_of("AB"), FakeWatch()
    runner = FakeRunner(A=[_LIMIT_OF_DAYS, answer()], B=[_LIMIT_OF_DAYS, answer()])
    async with driving(await claim(ledger, run_tools(ledger, runner, watch=watch))):
        await ledger.until_true(lambda: ledger.types().count("turn.failed") == 2)
        await turns_of_the_loop()
    ledger.lapse()

    if not is_seen:
        watch.since, watch.limit_reset_time = _LATER, None
    looks = watch.looks
    tools = run_tools(ledger, runner, watch=watch)
    async with driving(await claim(ledger, tools)) as run:
        if is_seen:
            await watch.until_looked(looks + 1)
            watch.since = _LATER
        await run

    assert ledger.types().count("run.paused") == 1
    assert ledger.types()[-1] == "run.succeeded"


async def test_rehearsal_at_a_limit_waits_for_its_time_alone() -> None:
    """The runner's account is none of its matters."""
    ledger, clock, watch = FakeLedger(run_summary()), SetClock(), FakeWatch()
    runner = FakeRunner(A=[LIMIT, answer()])
    tools = run_tools(ledger, runner, clock=clock, watch=watch)
    async with driving(await claim(ledger, tools)) as run:
        await ledger.until("run.paused")
        clock.advance(HOUR)
        await run

    assert watch.looks == 0
    assert ledger.types()[-1] == "run.succeeded"


async def test_turns_of_a_paused_run_count_as_waiting() -> None:
    """Whoever asks how long the queue is hears of them, too."""
    ledger, clock = ledger_of("ABC"), SetClock()
    script = [LIMIT, answer()]
    runner = FakeRunner(A=script, B=script, C=script)
    tools = run_tools(ledger, runner, clock=clock)
    async with driving(await claim(ledger, tools)) as run:
        await ledger.until_true(lambda: ledger.types().count("turn.failed") == 3)
        await turns_of_the_loop()
        waiting = tools.slots.waiting
        clock.advance(HOUR)
        await run

    assert (waiting, tools.slots.waiting) == (3, 0)


@pytest.mark.parametrize(
    ("account", "is_working"),
    [
        (Account.NONE, None),
        (Account.ENDPOINT, True),
        (Account.SUBSCRIPTION, False),
    ],
)
async def test_lost_account_pauses_until_it_is_there_again(
    *, account: Account, is_working: bool | None
) -> None:
    """No account, another engine's, or one that was refused: nothing is asked."""
    ledger, clock, watch = ledger_of(), SetClock(), FakeWatch()
    runner = FakeRunner(A=[NO_ACCOUNT, answer()])
    watch.account, watch.is_working = account, is_working
    tools = run_tools(ledger, runner, clock=clock, watch=watch)
    async with driving(await claim(ledger, tools)) as run:
        await ledger.until("run.paused")
        clock.advance(timedelta(minutes=4))
        await turns_of_the_loop()
        asked = dict(runner.starts)

        watch.account, watch.is_working = Account.SUBSCRIPTION, None
        await run

    assert pauses_of(ledger) == [Pause("auth_required", None)]
    assert asked == {ref(): 1}
    assert ledger.types()[-1] == "run.succeeded"


async def test_refused_account_is_tried_now_and_then() -> None:
    """It may have been mended at the provider's, where no runner sees it."""
    ledger, clock, watch = ledger_of(), SetClock(), FakeWatch()
    runner = FakeRunner(A=[NO_ACCOUNT, answer()])
    watch.is_working = False
    tools = run_tools(ledger, runner, clock=clock, watch=watch)
    async with driving(await claim(ledger, tools)) as run:
        await ledger.until("run.paused")

        clock.advance(timedelta(minutes=5))
        await run

    assert ledger.types()[-1] == "run.succeeded"


async def test_account_that_nobody_doubts_is_not_hammered() -> None:
    """A runner that says nothing of its account is no reason to ask at once."""
    ledger, clock = ledger_of(), SetClock()
    runner = FakeRunner(A=[NO_ACCOUNT, answer()])
    async with driving(
        await claim(ledger, run_tools(ledger, runner, clock=clock))
    ) as run:
        await ledger.until("run.paused")
        clock.advance(timedelta(seconds=2))
        await turns_of_the_loop()
        asked = dict(runner.starts)

        clock.advance(timedelta(seconds=3))
        await run

    assert asked == {ref(): 1}
    assert ledger.types()[-1] == "run.succeeded"


async def test_runner_away_in_a_pause_is_waited_for() -> None:
    """The account is asked for again when the runner is back, and the run goes on."""
    ledger, clock, watch = ledger_of(), SetClock(), FakeWatch()
    runner = FakeRunner(A=[NO_ACCOUNT, answer()])
    watch.error = Unavailable("UNREACHABLE", "Away.")
    tools = run_tools(ledger, runner, clock=clock, watch=watch)
    async with driving(await claim(ledger, tools)) as run:
        await ledger.until("run.paused")
        clock.advance(timedelta(minutes=9))
        await turns_of_the_loop()
        asked = dict(runner.starts)

        watch.error = None
        await run

    assert asked == {ref(): 1}
    assert ledger.types()[-1] == "run.succeeded"
