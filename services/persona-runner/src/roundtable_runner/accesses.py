"""What each engine's turns are paid with, looked up anew for each of them."""

from roundtable_runner.claude.account import Access, AccountKind, endpoint_access
from roundtable_runner.claude.account_watch import AccountWatch
from roundtable_runner.claude.pool import AccessSource
from roundtable_runner.rehearsal import RehearsalChild, RehearsalUnavailable
from roundtable_runner.turn.engine import TurnFailed
from roundtable_runner.turn.parts import FailureReason
from roundtable_runner.turn.task import EngineKind


class Accesses:
    """The account there is, as each engine may use it.

    Args:
        account: The runner's account.
        rehearsal: What answers where no account does.
    """

    def __init__(self, account: AccountWatch, rehearsal: RehearsalChild) -> None:
        self._account = account
        self._rehearsal = rehearsal

    def sources(self) -> dict[EngineKind, AccessSource]:
        """Return where each engine finds its access."""
        return {
            EngineKind.CLAUDE: self._of_claude,
            EngineKind.ENDPOINT: self._of_endpoint,
            EngineKind.REHEARSAL: self._of_rehearsal,
        }

    async def of_new_runs(self) -> Access | None:
        """Return what turns to come will most likely be paid with."""
        access = self._account.look().access
        if access is not None:
            return access
        try:
            return await self._of_rehearsal()
        except TurnFailed:
            return None

    async def _of_claude(self) -> Access | None:
        account = self._account.look()
        return None if account.kind is AccountKind.ENDPOINT else account.access

    async def _of_endpoint(self) -> Access | None:
        account = self._account.look()
        return account.access if account.kind is AccountKind.ENDPOINT else None

    async def _of_rehearsal(self) -> Access:
        try:
            address = await self._rehearsal.address()
        except RehearsalUnavailable as error:
            raise TurnFailed.because(
                FailureReason.UNREACHABLE, "The rehearsal engine does not start."
            ) from error
        return endpoint_access(address.url, api_key=address.key, calls_tools=True)
