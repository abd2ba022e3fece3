"""The three services as real processes, each startable, killable and restartable."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from roundtable_kit.certs import ensure_certificates
from support.processes import wait_for_exit

_START_SECONDS = 30.0
_STOP_SECONDS = 20.0

STORE, RUNNER, GATEWAY = "store", "runner", "gateway"
_CERTIFICATES = {STORE: "store", RUNNER: "persona-runner", GATEWAY: "gateway"}


class Stack:
    """Store, runner and gateway over one data directory; an async context manager.

    As with `make run`, each is given its own certificates.

    Args:
        data_dir: Where everything durable lies; it may outlive the stack.
        account: The CLI's own variables, given to the runner alone.
        settings: Further environment for all three.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        account: dict[str, str] | None = None,
        settings: dict[str, str] | None = None,
    ) -> None:
        self._data_dir = data_dir
        self._account = account or {}
        self._settings = settings or {}
        self._processes: dict[str, Process] = {}
        self._ports: dict[str, int] = {}

    async def __aenter__(self) -> Self:
        """Start all three."""
        self._data_dir.mkdir(parents=True, exist_ok=True)
        ensure_certificates(self.certificates_dir)
        for name in (STORE, RUNNER, GATEWAY):
            await self.start(name)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop what runs, the gateway first."""
        for name in (GATEWAY, RUNNER, STORE):
            if name in self._processes:
                await self.stop(name)

    @property
    def url(self) -> str:
        """Where the gateway is."""
        return f"http://127.0.0.1:{self._ports[GATEWAY]}"

    @property
    def certificates_dir(self) -> Path:
        """Where the authority and each service's certificates lie."""
        return self._data_dir / "certificates"

    def port(self, name: str) -> int:
        """Return where a service listens."""
        return self._ports[name]

    def pid(self, name: str) -> int:
        """Return a service's process id."""
        return self._processes[name].pid

    def set_account(self, account: dict[str, str]) -> None:
        """Give the runner another account at its next start."""
        self._account = account

    async def start(self, name: str) -> None:
        """Start a service, on the port it had before if it had one."""
        log = (self._data_dir / f"{name}.log").open("ab")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            f"roundtable_{name}",
            env=self._environment(name),
            stdin=PIPE,
            stdout=PIPE,
            stderr=log,
        )
        log.close()
        self._processes[name] = process
        assert process.stdout is not None
        async with asyncio.timeout(_START_SECONDS):
            line = await process.stdout.readline()
        assert line, f"{name} did not start: {self.log(name)[-2000:]}"
        self._ports[name] = json.loads(line)["port"]

    async def stop(self, name: str) -> None:
        """Stop a service in its own good order."""
        process = self._processes.pop(name)
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(_STOP_SECONDS):
            await process.wait()

    async def kill(self, name: str) -> None:
        """Kill a service with no warning."""
        process = self._processes.pop(name)
        process.kill()
        await process.wait()

    async def restart(self, name: str) -> None:
        """Kill a service and start it again."""
        await self.kill(name)
        await self.start(name)

    def log(self, name: str) -> str:
        """Return what a service has logged so far."""
        return (self._data_dir / f"{name}.log").read_text()

    def _environment(self, name: str) -> dict[str, str]:
        """Return an environment built from nothing: none of this machine's leaks in."""
        common = {
            "PATH": "/usr/bin:/bin",
            "HOME": str(self._data_dir),
            "ROUNDTABLE_DATA_DIR": str(self._data_dir),
            "ROUNDTABLE_CERTIFICATES_DIR": str(
                self.certificates_dir / _CERTIFICATES[name]
            ),
            "ROUNDTABLE_STOP_ON_STDIN_EOF": "yes",
            "ROUNDTABLE_RUNNER_REHEARSAL_WORDS_PER_SECOND": "400",
            "ROUNDTABLE_RUNNER_WARM": "0",
            **self._settings,
        }
        port = self._ports.get(name, 0)
        if name == GATEWAY:
            return common | {
                "PORT": str(port),
                "ROUNDTABLE_GATEWAY_STORE_ADDRESS": f"127.0.0.1:{self._ports[STORE]}",
                "ROUNDTABLE_GATEWAY_RUNNER_ADDRESS": f"127.0.0.1:{self._ports[RUNNER]}",
            }
        address = {f"ROUNDTABLE_{name.upper()}_ADDRESS": f"127.0.0.1:{port}"}
        return common | address | (self._account if name == RUNNER else {})


async def wait_until_gone(pids: list[int]) -> None:
    """Return once all processes have ended."""
    async with asyncio.timeout(_STOP_SECONDS):
        for pid in pids:
            await wait_for_exit(pid)
