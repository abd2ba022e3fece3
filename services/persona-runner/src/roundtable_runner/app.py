"""The runner, wired."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import structlog

from roundtable_kit.clock import SystemClock
from roundtable_kit.live_identity import LiveIdentity
from roundtable_kit.rpc_server import RpcServer
from roundtable_runner.accesses import Accesses
from roundtable_runner.claude.account import (
    AccountKind,
    AccountVariables,
    find_rivals,
)
from roundtable_runner.claude.account_desk import AccountDesk
from roundtable_runner.claude.account_models import (
    AccountModels,
    ModelList,
    ask_account,
)
from roundtable_runner.claude.account_watch import AccountWatch
from roundtable_runner.claude.engine import ClaudeEngine
from roundtable_runner.claude.environment import Deadlines
from roundtable_runner.claude.launching import CliLauncher
from roundtable_runner.claude.login import LoginDesk
from roundtable_runner.claude.login_command import LoginLauncher
from roundtable_runner.claude.pool import PoolLimits, WarmPool
from roundtable_runner.claude.pool_size import find_pool_size
from roundtable_runner.claude.program import bundled_cli, read_cli_version
from roundtable_runner.claude.workspace import Workspace
from roundtable_runner.forks import require_safe_forks
from roundtable_runner.rehearsal import RehearsalChild
from roundtable_runner.rpc.account_service import ACCOUNT_SERVICE, AccountServicer
from roundtable_runner.rpc.allowed_callers import ALLOWED_CALLERS
from roundtable_runner.rpc.registry import RegistryLimits, TurnRegistry
from roundtable_runner.rpc.runner_service import (
    RUNNER_SERVICE,
    RunnerServicer,
    RunnerState,
)
from roundtable_runner.rpc.turn_service import TURN_SERVICE, TurnServicer
from roundtable_runner.settings import RunnerSettings
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
        self._variables = _account_variables(settings)
        self._account = AccountWatch(self._variables, self._clock)
        self._rehearsal = RehearsalChild(
            words_per_second=settings.rehearsal_words_per_second
        )
        self._accesses = Accesses(self._account, self._rehearsal)
        self._workspace: Workspace | None = None
        self._pool: WarmPool | None = None
        self._models: AccountModels | None = None
        self._logins: LoginDesk | None = None
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
        require_safe_forks()
        self._workspace = Workspace.create()
        self._cli_version = await read_cli_version(self._program, self._workspace)
        launcher = self._make_launcher(self._workspace)
        self._pool = self._make_pool(launcher)
        self._models = AccountModels(ask_account(launcher), self._clock)
        self._logins = LoginDesk(self._make_login_launcher(self._workspace))
        engines = self._make_engines(self._pool)
        self._registry = self._make_registry(engines)
        self._server = RpcServer(
            self._settings.address,
            (
                TurnServicer(self._registry).register,
                RunnerServicer(self._look).register,
                AccountServicer(self._make_desk(self._logins, engines)).register,
            ),
            service_names=(TURN_SERVICE, RUNNER_SERVICE, ACCOUNT_SERVICE),
            probe=self._probe,
            identity=LiveIdentity.of(self._settings.certificates_dir),
            callers=ALLOWED_CALLERS,
        )
        account = self._account.look().kind
        if account is AccountKind.NONE:
            # It is what will answer; a runner with an account starts it when asked.
            await self._rehearsal.address()
        self._warn_of_rivals()
        await self._server.start()
        self._pool.start()
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
        for part in (self._logins, self._models, self._pool):
            if part is not None:
                await part.stop()
        if self._server is not None:
            await self._server.stop(_STREAM_GRACE)
        await self._rehearsal.stop()
        if self._workspace is not None:
            self._workspace.remove()
            self._workspace = None

    def _make_launcher(self, workspace: Workspace) -> CliLauncher:
        settings = self._settings
        return CliLauncher(
            self._program, workspace, _deadlines(settings), settings.network
        )

    def _make_login_launcher(self, workspace: Workspace) -> LoginLauncher:
        settings = self._settings
        return LoginLauncher(
            self._program, workspace, settings.config_dir, settings.network
        )

    def _make_pool(self, launcher: CliLauncher) -> WarmPool:
        size = self._settings.warm
        if size is None:
            size = find_pool_size(slots=self._settings.slots)
        return WarmPool(launcher, self._accesses.of_new_runs, limits=PoolLimits(size))

    def _make_engines(self, pool: WarmPool) -> dict[EngineKind, ClaudeEngine]:
        return {
            kind: ClaudeEngine(
                source,
                pool,
                deadlines=_deadlines(self._settings),
                clock=self._clock,
                on_use=self._account.note,
            )
            for kind, source in self._accesses.sources().items()
        }

    def _make_registry(
        self, engines: Mapping[EngineKind, ClaudeEngine]
    ) -> TurnRegistry:
        settings = self._settings
        return TurnRegistry(
            engines,
            limits=RegistryLimits(
                slots=settings.slots,
                unwatched=timedelta(seconds=settings.unwatched_seconds),
                kept=timedelta(seconds=settings.kept_seconds),
            ),
            timers=asyncio.get_running_loop(),
        )

    def _make_desk(
        self, logins: LoginDesk, engines: Mapping[EngineKind, ClaudeEngine]
    ) -> AccountDesk:
        return AccountDesk(
            self._account,
            logins,
            endpoint=engines[EngineKind.ENDPOINT],
            claude=engines[EngineKind.CLAUDE],
        )

    def _warn_of_rivals(self) -> None:
        used, *idle = find_rivals(self._variables) or ("",)
        if idle:
            _log.warning("account.outranked", used=used, idle=idle)

    def _look(self) -> RunnerState:
        account = self._account.look()
        return RunnerState(
            account=account,
            models=self._models.look(account.access) if self._models else ModelList(),
            cli_version=self._cli_version,
            slots=self._settings.slots,
            busy=self._registry.busy if self._registry else 0,
            warm=self._pool.warm if self._pool else 0,
        )

    async def _probe(self) -> None:
        if not self._program.is_file():
            raise FileNotFoundError(self._program)


def _deadlines(settings: RunnerSettings) -> Deadlines:
    return Deadlines(
        first_token=timedelta(seconds=settings.first_token_seconds),
        idle=timedelta(seconds=settings.idle_seconds),
        total=timedelta(seconds=settings.total_seconds),
    )


def _account_variables(settings: RunnerSettings) -> AccountVariables:
    return AccountVariables(
        config_dir=settings.config_dir,
        base_url=settings.anthropic_base_url,
        api_key=settings.api_key,
        auth_token=settings.auth_token,
        oauth_token=settings.oauth_token,
    )
