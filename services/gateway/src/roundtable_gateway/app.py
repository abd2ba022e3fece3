"""Wires the gateway: clients, conductor, HTTP."""

import asyncio
import shutil
from datetime import timedelta
from pathlib import Path
from random import SystemRandom
from secrets import token_hex

import structlog

from roundtable_gateway.clients.engines import EngineChoice
from roundtable_gateway.clients.peer_health import PeerHealth
from roundtable_gateway.clients.runner_account import RunnerAccount
from roundtable_gateway.clients.runner_info import RunnerInfo
from roundtable_gateway.clients.runner_turns import RunnerTurns
from roundtable_gateway.clients.store_documents import StoreDocuments
from roundtable_gateway.clients.store_installation import StoreInstallation
from roundtable_gateway.clients.store_ledger import StoreLedger
from roundtable_gateway.clients.store_panels import StorePanels
from roundtable_gateway.clients.store_personas import StorePersonas
from roundtable_gateway.clients.store_runs import StoreRuns
from roundtable_gateway.clients.store_tokens import StoreTokens
from roundtable_gateway.conductor.account_barrier import AccountBarriers
from roundtable_gateway.conductor.budget import DayBudget
from roundtable_gateway.conductor.conductor import Conductor
from roundtable_gateway.conductor.rests import RestPolicy
from roundtable_gateway.conductor.retries import RetryPolicy
from roundtable_gateway.conductor.run_tools import RunTools
from roundtable_gateway.conductor.turn_slots import TurnSlots
from roundtable_gateway.documents.extractor import Extractor
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.http.app import build_http
from roundtable_gateway.http.context import Context
from roundtable_gateway.http.feeds import Feeds
from roundtable_gateway.http.idempotency import KeysInFlight
from roundtable_gateway.http.library import Library
from roundtable_gateway.http.server import HttpServer
from roundtable_gateway.http.tls import CertificateFiles, ServedCertificate
from roundtable_gateway.packs.catalogue import load_catalogue
from roundtable_gateway.settings import GatewaySettings
from roundtable_kit.clock import SystemClock
from roundtable_kit.live_identity import LiveIdentity
from roundtable_kit.rpc_client import open_channel

_log = structlog.get_logger()

_GRACE = timedelta(seconds=5)


class GatewayApp:
    """The gateway, from its settings to a bound port; made inside a running loop.

    Raises CertificateError when HTTPS is asked for and can't be served, IdentityError
    when the settings name certificates that can't be shown to the services.
    """

    def __init__(self, settings: GatewaySettings) -> None:
        self._settings = settings
        certificate = _served_certificate(settings)
        self._closing = asyncio.Event()
        self._identity = LiveIdentity.of(settings.certificates_dir)
        self._watches: list[asyncio.Task[None]] = []
        self._store = open_channel(
            settings.store_address, peer="store", identity=self._identity
        )
        self._runner = open_channel(
            settings.runner_address, peer="persona-runner", identity=self._identity
        )
        self._spool_dir = _empty_folder(settings.data_dir / "uploads")
        self._slots = TurnSlots(settings.turns_at_once)
        self._conductor = self._build_conductor()
        context = self._build_context(self._spool_dir)
        self._http = HttpServer(
            build_http(context, settings), grace=_GRACE, certificate=certificate
        )
        self.port = 0

    async def start(self) -> None:
        """Serve when this returns. Raises OSError when the port is taken."""
        self.port = await self._http.start(self._settings.host, self._settings.port)
        self._conductor.start()
        if self._identity is not None:
            self._watches.append(
                asyncio.create_task(self._identity.watch(), name="certificate")
            )
        if self._settings.is_cleartext:
            _log.warning(
                "gateway.unencrypted",
                detail="tokens travel in clear unless something in front speaks HTTPS;"
                " set ROUNDTABLE_GATEWAY_PUBLIC_URL=https://… if it does",
            )
        _log.info("gateway.started", host=self._settings.host, port=self.port)

    async def stop(self) -> None:
        """End streams cleanly, let go of runs as they are, close what was opened."""
        self._closing.set()
        await self._http.stop()
        await self._conductor.stop()
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        await self._runner.close()
        await self._store.close()
        await asyncio.to_thread(shutil.rmtree, self._spool_dir, ignore_errors=True)
        _log.info("gateway.stopped")

    def _build_conductor(self) -> Conductor:
        settings = self._settings
        clock, random = SystemClock(), SystemRandom()
        ledger = StoreLedger(self._store)
        tools = RunTools(
            ledger=ledger,
            runner=RunnerTurns(self._runner, settings.runner_address),
            retries=RetryPolicy(random),
            clock=clock,
            lease=settings.lease,
            slots=self._slots,
            barriers=AccountBarriers(
                runner=RunnerInfo(self._runner), rests=RestPolicy(random), clock=clock
            ),
            day=DayBudget(settings.day_budget, ledger=ledger, clock=clock),
            window_tokens=settings.model_window_tokens,
        )
        return Conductor(
            tools,
            holder=settings.holder,
            incarnation=token_hex(8),
            runs_at_once=settings.runs_at_once,
        )

    def _build_context(self, spool_dir: Path) -> Context:
        limits = Limits()
        runs = StoreRuns(self._store)
        return Context(
            library=Library(
                load_catalogue(self._settings.personas_dir),
                StorePersonas(self._store),
                StorePanels(self._store),
            ),
            documents=StoreDocuments(self._store),
            runs=runs,
            tokens=StoreTokens(self._store),
            access=self._settings.access,
            engines=EngineChoice(
                RunnerInfo(self._runner), StoreInstallation(self._store)
            ),
            accounts=RunnerAccount(self._runner),
            turn_queue=self._slots,
            peers=PeerHealth(self._store, self._runner),
            reader=Extractor(limits),
            notices=self._conductor,
            feeds=Feeds(runs),
            keys_in_flight=KeysInFlight(),
            limits=limits,
            spool_dir=spool_dir,
            closing=self._closing,
            model_window_tokens=self._settings.model_window_tokens,
            turns_at_once=self._settings.turns_at_once,
            model_tokens_per_second=self._settings.model_tokens_per_second,
        )


def _served_certificate(settings: GatewaySettings) -> ServedCertificate | None:
    if settings.tls_cert_file is None or settings.tls_key_file is None:
        return None
    return ServedCertificate(
        CertificateFiles(settings.tls_cert_file, settings.tls_key_file)
    )


def _empty_folder(path: Path) -> Path:
    """Return a private folder, without what a killed gateway left of uploads in it."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700, parents=True)
    return path
