"""What answers new runs: the runner's account, or what the store remembers of one."""

from typing import Protocol

from roundtable_gateway.domain.run import Account, Engine
from roundtable_gateway.domain.runner import RunnerState


class Runner(Protocol):
    """Asks the runner."""

    async def look(self) -> RunnerState:
        """Return how the runner is at the moment."""
        ...


class Installation(Protocol):
    """Asks the store."""

    async def record_account(self) -> None:
        """Note that the runner has an account."""
        ...

    async def had_account(self) -> bool:
        """Return whether an account was ever noted."""
        ...


class EngineChoice:
    """Picks the engine of a run when it is created.

    The rehearsal speaks only where no account was ever configured: where one was and is
    gone, a run asks for it rather than quietly be answered by rules.
    """

    def __init__(self, runner: Runner, installation: Installation) -> None:
        self._runner = runner
        self._installation = installation
        self._is_recorded = False

    async def look(self) -> tuple[Engine, RunnerState]:
        """Return what would answer a new run, and the runner that it goes to."""
        state = await self._runner.look()
        return await self._engine_on(state.account), state

    async def for_new_run(self) -> Engine:
        """Return the engine that a run created now gets unless it asks for another."""
        engine, _ = await self.look()
        return engine

    async def _engine_on(self, account: Account) -> Engine:
        if account is Account.NONE:
            had_account = await self._installation.had_account()
            return Engine.CLAUDE if had_account else Engine.REHEARSAL
        if not self._is_recorded:
            await self._installation.record_account()
            self._is_recorded = True
        return Engine.ENDPOINT if account is Account.ENDPOINT else Engine.CLAUDE
