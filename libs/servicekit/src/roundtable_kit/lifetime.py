"""Runs a service from start to stop: signals, end of standard input, order."""

import asyncio
import os
import signal
import sys
from typing import Protocol

import structlog

_log = structlog.get_logger()


class App(Protocol):
    """A wired service."""

    async def start(self) -> None:
        """Be ready to serve when this returns."""
        ...

    async def stop(self) -> None:
        """Refuse new work, drain, end children, close what was opened."""
        ...


async def run_until_stopped(app: App, *, stop_on_stdin_eof: bool) -> None:
    """Start a service and stop it in order at SIGTERM or SIGINT.

    With `stop_on_stdin_eof` the end of standard input stops it too; that is how a
    service notices that its launcher is gone, however that died: the launcher holds
    the other end of the pipe.
    """
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stopping.set)
    if stop_on_stdin_eof:
        loop.add_reader(sys.stdin.fileno(), _stop_at_eof, stopping)
    await app.start()
    try:
        await stopping.wait()
        _log.info("service.stopping")
    finally:
        if stop_on_stdin_eof:
            loop.remove_reader(sys.stdin.fileno())
        await app.stop()
    _log.info("service.stopped")


def _stop_at_eof(stopping: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 1024):
        asyncio.get_running_loop().remove_reader(sys.stdin.fileno())
        stopping.set()
