"""Wires the store."""

import asyncio
from datetime import timedelta

import grpc
import structlog

from roundtable.store.v1.conductor_service_pb2_grpc import (
    add_ConductorServiceServicer_to_server,
)
from roundtable.store.v1.document_service_pb2_grpc import (
    add_DocumentServiceServicer_to_server,
)
from roundtable.store.v1.panel_service_pb2_grpc import (
    add_PanelServiceServicer_to_server,
)
from roundtable.store.v1.persona_service_pb2_grpc import (
    add_PersonaServiceServicer_to_server,
)
from roundtable.store.v1.run_service_pb2_grpc import add_RunServiceServicer_to_server
from roundtable.store.v1.token_service_pb2_grpc import (
    add_TokenServiceServicer_to_server,
)
from roundtable_kit.clock import Clock, SystemClock
from roundtable_kit.live_identity import LiveIdentity
from roundtable_kit.rpc_server import RpcServer
from roundtable_store.records.ids import IdSource, RandomIds
from roundtable_store.records.tokens import RandomSecrets
from roundtable_store.rpc.allowed_callers import ALLOWED_CALLERS
from roundtable_store.rpc.conductor import ConductorServicer
from roundtable_store.rpc.documents import DocumentServicer
from roundtable_store.rpc.panels import PanelServicer
from roundtable_store.rpc.personas import PersonaServicer
from roundtable_store.rpc.runs import RunServicer
from roundtable_store.rpc.signals import RunSignals
from roundtable_store.rpc.tokens import TokenServicer
from roundtable_store.settings import Settings
from roundtable_store.sql.conducting import SqlConducting
from roundtable_store.sql.database import Database
from roundtable_store.sql.documents import SqlDocuments
from roundtable_store.sql.folding import Folding
from roundtable_store.sql.installation import SqlInstallation
from roundtable_store.sql.panels import SqlPanels
from roundtable_store.sql.personas import SqlPersonas
from roundtable_store.sql.runs import SqlRuns
from roundtable_store.sql.token_rows import Issuing
from roundtable_store.sql.tokens import SqlTokens

_log = structlog.get_logger()

_GRACE = timedelta(seconds=10)
_FOLDING_INTERVAL = timedelta(minutes=1)
_SERVICE_NAMES = (
    "roundtable.store.v1.DocumentService",
    "roundtable.store.v1.RunService",
    "roundtable.store.v1.ConductorService",
    "roundtable.store.v1.TokenService",
    "roundtable.store.v1.PersonaService",
    "roundtable.store.v1.PanelService",
)


class App:
    """The store, wired; `port` is the bound one once it has started.

    Raises:
        IdentityError: The settings name certificates that can't be used.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        ids: IdSource | None = None,
    ) -> None:
        clock, ids = clock or SystemClock(), ids or RandomIds()
        self.signals = RunSignals()
        self._database = Database(
            settings.effective_database_url,
            data_dir=settings.data_dir,
            on_commit=self.signals.notify,
        )
        self._documents = SqlDocuments(self._database, clock=clock, ids=ids)
        self._runs = SqlRuns(self._database, clock=clock, ids=ids)
        self._conducting = SqlConducting(self._database, clock=clock)
        self._installation = SqlInstallation(self._database, clock=clock)
        issuing = Issuing(clock, ids, RandomSecrets())
        self._tokens = SqlTokens(self._database, issuing=issuing)
        self._personas = SqlPersonas(self._database, clock=clock, ids=ids)
        self._panels = SqlPanels(self._database, clock=clock, ids=ids)
        self.folding = Folding(self._database, clock=clock)
        self._server = RpcServer(
            settings.address,
            (self._register,),
            service_names=_SERVICE_NAMES,
            probe=self._database.probe,
            identity=LiveIdentity.of(settings.certificates_dir),
            callers=ALLOWED_CALLERS,
        )
        self._folding_task: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        return self._server.port

    async def start(self) -> None:
        """Open the database and serve.

        Raises:
            DataInUseError: Another store has the data directory.
            OSError: The address is taken.
        """
        await self._database.start()
        try:
            await self._server.start()
        except OSError:
            await self._database.stop()
            raise
        self._folding_task = asyncio.create_task(self._fold(), name="folding")

    async def stop(self) -> None:
        """Refuse new work, end watches, drain, write what waits, close."""
        await self._server.refuse_new_work()
        self.signals.close()
        if self._folding_task is not None:
            self._folding_task.cancel()
            await asyncio.gather(self._folding_task, return_exceptions=True)
        await self._server.stop(_GRACE)
        await self._database.stop()
        _log.info("database.closed")

    def _register(self, server: grpc.aio.Server) -> None:
        documents = DocumentServicer(self._documents)
        runs = RunServicer(self._runs, self._documents, self.signals)
        conductor = ConductorServicer(self._conducting, self._installation)
        tokens = TokenServicer(self._tokens)
        add_DocumentServiceServicer_to_server(documents, server)
        add_RunServiceServicer_to_server(runs, server)
        add_ConductorServiceServicer_to_server(conductor, server)
        add_TokenServiceServicer_to_server(tokens, server)
        add_PersonaServiceServicer_to_server(PersonaServicer(self._personas), server)
        add_PanelServiceServicer_to_server(PanelServicer(self._panels), server)

    async def _fold(self) -> None:
        while True:
            await asyncio.sleep(_FOLDING_INTERVAL.total_seconds())
            try:
                removed = await self.folding.fold_all()
            except Exception:  # noqa: BLE001 - the task's supervisor: the next round tries again
                _log.exception("folding.failed")
            else:
                if removed:
                    _log.info("log.folded", events=removed)
