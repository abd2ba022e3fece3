"""What the owner does with the account: log in, log out, try it."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from roundtable_kit.errors import FailedPrecondition
from roundtable_runner.claude.account import AccountKind
from roundtable_runner.claude.account_watch import AccountWatch
from roundtable_runner.claude.failures import NO_ACCOUNT
from roundtable_runner.claude.fingerprint import take_fingerprint
from roundtable_runner.claude.login import LoginDesk, StartedLogin
from roundtable_runner.claude.tiny_turn import TinyTurn, take_tiny_turn
from roundtable_runner.turn.engine import Engine, TurnFailed
from roundtable_runner.turn.parts import FailureReason, TurnFailure, TurnUsage

_TEST_LIMIT = timedelta(seconds=60)

_OUTRANKING = {
    AccountKind.ENDPOINT: "an endpoint",
    AccountKind.API_KEY: "an API key",
    AccountKind.TOKEN: "a token",
}


@dataclass(frozen=True, slots=True)
class AccountTest:
    """What came of one tiny turn.

    Attributes:
        failure: Why there was no answer; None when there was one.
        duration: From its start to its end.
        model: What answered, as it names itself; empty when none did.
        usage: What it used.
    """

    failure: TurnFailure | None
    duration: timedelta
    model: str = ""
    usage: TurnUsage = field(default_factory=TurnUsage)


class AccountDesk:
    """Serves the owner of the account.

    Args:
        watch: Knows the account and learns from every test.
        logins: Leads the CLI's login.
        endpoint: What answers where the account is an endpoint.
        claude: What answers under every other account.
        test_limit: The longest that a test takes.
    """

    def __init__(
        self,
        watch: AccountWatch,
        logins: LoginDesk,
        *,
        endpoint: Engine,
        claude: Engine,
        test_limit: timedelta = _TEST_LIMIT,
    ) -> None:
        self._watch = watch
        self._logins = logins
        self._endpoint = endpoint
        self._claude = claude
        self._test_limit = test_limit

    async def start_login(self) -> StartedLogin:
        """Begin a login; one that was begun before is ended.

        Raises:
            FailedPrecondition: ACCOUNT_IS_CONFIGURED, it would be outranked.
            Unavailable: LOGIN_UNAVAILABLE, the CLI does not begin one.
        """
        outranking = _OUTRANKING.get(self._watch.look().kind)
        if outranking is not None:
            raise FailedPrecondition(
                "ACCOUNT_IS_CONFIGURED",
                f"This runner's settings name {outranking}, which outranks a login."
                " Take it out of them and restart the runner, then log in.",
            )
        return await self._logins.begin()

    async def finish_login(self, login_id: str, code: str) -> None:
        """Hand a login its code; see `LoginDesk.finish`."""
        await self._logins.finish(login_id, code)
        self._watch.forget()

    async def log_out(self) -> None:
        """End a login under way and the one on disk; see `LoginDesk.log_out`."""
        await self._logins.log_out()

    async def test(self, *, model: str) -> AccountTest:
        """Take one tiny turn with the account there is."""
        access = self._watch.look().access
        if access is None:
            return AccountTest(NO_ACCOUNT, timedelta())
        used = take_fingerprint(access)
        is_endpoint = access.kind is AccountKind.ENDPOINT
        engine = self._endpoint if is_endpoint else self._claude
        clock = asyncio.get_running_loop()
        begin = clock.time()
        outcome = await self._take_turn(engine, model=model)
        duration = timedelta(seconds=clock.time() - begin)
        if isinstance(outcome, TurnFailure):
            self._watch.note(used, outcome)
            return AccountTest(outcome, duration)
        self._watch.note(used, None)
        return AccountTest(None, duration, outcome.model, outcome.usage)

    async def _take_turn(self, engine: Engine, *, model: str) -> TinyTurn | TurnFailure:
        seconds = self._test_limit.total_seconds()
        try:
            async with asyncio.timeout(seconds):
                return await take_tiny_turn(engine, model=model)
        except TurnFailed as error:
            return error.failure
        except TimeoutError:
            return TurnFailure(
                FailureReason.TIMEOUT, f"The test was not over after {seconds:g} s."
            )
