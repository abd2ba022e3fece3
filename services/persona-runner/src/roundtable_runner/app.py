"""The runner, wired."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import structlog

from roundtable_kit.clock import SystemClock
from roundtable_kit.live_identity import LiveIdentity
from roundtable_kit.rpc_server import RpcServer
from roundtable_runner.claude.account import (
    Access,
    AccountKind,
    AccountVariables,
    AccountWatch,
    endpoint_access,
)
from roundtable_runner.claude.engine import ClaudeEngine, CliLauncher
from roundtable_runner.claude.environment import Deadlines
from roundtable_runner.claude.program import bundled_cli, read_cli_version
from roundtable_runner.claude.workspace import Workspace
from roundtable_runner.rehearsal import RehearsalChild, RehearsalUnavailable
from roundtable_runner.rpc.allowed_callers import ALLOWED_CALLERS
from roundtable_runner.rpc.registry import RegistryLimits, TurnRegistry
from roundtable_runner.rpc.runner_service import (
    RUNNER_SERVICE,
    RunnerServicer,
    RunnerState,
)
from roundtable_runner.rpc.turn_service import TURN_SERVICE, TurnServicer
from roundtable_runner.settings import RunnerSettings
from roundtable_runner.turn.engine import TurnFailed
from roundtable_runner.turn.parts import FailureReason
from roundtable_runner.turn.task import EngineKind

_log = structlog.get_logger()

# For the last parts to reach their watchers once every turn has ended.
_STREAM_GRACE = timedelta(seconds=1)


class App:
    """The runner; `port` is bound once it has started.

    Args:
        settings: The runner's settings.
        on_ready: Called with the port when calls are taken.
        program: The CLI; the one that the SDK brings along unless a test says else.
    """

    def __init__(
        self,
        settings: RunnerSettings,
        *,
        on_ready: Callable[[int], None] = lambda _: None,
        program: Path | None = None,
    ) -> None:
        self._settings = settings
        self._on_ready = on_ready
        self._program = program or bundled_cli()
        self._clock = SystemClock()
        self._account = AccountWatch(_account_variables(settings), self._clock)
        self._rehearsal = RehearsalChild(
            words_per_second=settings.rehearsal_words_per_second
        )
        self._workspace: Workspace | None = None
        self._registry: TurnRegistry | None = None
        self._server: RpcServer | None = None
        self._cli_version = ""

    @property
    def port(self) -> int:
        """The port it listens on."""
        return 0 if self._server is None else self._server.port

    async def start(self) -> None:
        """Be ready to run turns when this returns."""
        try:
            await self._start()
        except BaseException:
            await self.stop()
            raise
        self._on_ready(self.port)

    async def _start(self) -> None:
        self._workspace = Workspace.create()
        self._cli_version = await read_cli_version(self._program, self._workspace)
        self._registry = self._make_registry(self._workspace)
        self._server = RpcServer(
            self._settings.address,
            (
                TurnServicer(self._registry).register,
                RunnerServicer(self._look).register,
            ),
            service_names=(TURN_SERVICE, RUNNER_SERVICE),
            probe=self._probe,
            identity=LiveIdentity.of(self._settings.certificates_dir),
            callers=ALLOWED_CALLERS,
        )
        account = self._account.look().kind
        if account is AccountKind.NONE:
            # It is what will answer; a runner with an account starts it when asked.
            await self._rehearsal.address()
        await self._server.start()
        _log.info(
            "runner.started", account=account.value, cli_version=self._cli_version
        )

    async def stop(self) -> None:
        """Refuse new turns, let others run on for the grace, end what is left."""
        if self._server is not None:
            await self._server.refuse_new_work()
        if self._registry is not None:
            grace = timedelta(seconds=self._settings.stop_grace_seconds)
            await self._registry.stop(grace)
        if self._server is not None:
            await self._server.stop(_STREAM_GRACE)
        await self._rehearsal.stop()
        if self._workspace is not None:
            self._workspace.remove()
            self._workspace = None

    def _make_registry(self, workspace: Workspace) -> TurnRegistry:
        settings = self._settings
        deadlines = Deadlines(
            first_token=timedelta(seconds=settings.first_token_seconds),
            idle=timedelta(seconds=settings.idle_seconds),
            total=timedelta(seconds=settings.total_seconds),
        )
        launcher = CliLauncher(self._program, workspace, deadlines)
        sources = {
            EngineKind.CLAUDE: self._claude_access,
            EngineKind.ENDPOINT: self._endpoint_access,
            EngineKind.REHEARSAL: self._rehearsal_access,
        }
        return TurnRegistry(
            {
                kind: ClaudeEngine(source, launcher, clock=self._clock)
                for kind, source in sources.items()
            },
            limits=RegistryLimits(
                slots=settings.slots,
                unwatched=timedelta(seconds=settings.unwatched_seconds),
                kept=timedelta(seconds=settings.kept_seconds),
            ),
            timers=asyncio.get_running_loop(),
        )

    async def _claude_access(self) -> Access | None:
        account = self._account.look()
        return None if account.kind is AccountKind.ENDPOINT else account.access

    async def _endpoint_access(self) -> Access | None:
        account = self._account.look()
        return account.access if account.kind is AccountKind.ENDPOINT else None

    async def _rehearsal_access(self) -> Access:
        try:
            address = await self._rehearsal.address()
        except RehearsalUnavailable as error:
            raise TurnFailed.because(
                FailureReason.UNREACHABLE, "The rehearsal engine does not start."
            ) from error
        return endpoint_access(address.url, api_key=address.key)

    def _look(self) -> RunnerState:
        account = self._account.look()
        return RunnerState(
            account=account.kind.value,
            since=account.since,
            cli_version=self._cli_version,
            slots=self._settings.slots,
            busy=0 if self._registry is None else self._registry.busy,
        )

    async def _probe(self) -> None:
        if not self._program.is_file():
            raise FileNotFoundError(self._program)


def _account_variables(settings: RunnerSettings) -> AccountVariables:
    return AccountVariables(
        config_dir=settings.config_dir,
        base_url=settings.anthropic_base_url,
        api_key=settings.api_key,
        auth_token=settings.auth_token,
        oauth_token=settings.oauth_token,
    )
