"""Starts the engine on loopback and stops it when whoever started it is gone.

Prints one line of JSON with the port once it serves. The key it accepts comes in
ROUNDTABLE_REHEARSAL_KEY; standard input is held open by the starter, and its end
is the sign to stop.
"""

import argparse
import asyncio
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from threading import Thread

import uvicorn

from roundtable_rehearsal.api import Engine

_KEY_VARIABLE = "ROUNDTABLE_REHEARSAL_KEY"
_LOOPBACK = "127.0.0.1"
_GRACE_SECONDS = 1
_STDIN = 0


class _Server(uvicorn.Server):
    """A server that says where it serves and stops with its starter."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        super().__init__(
            uvicorn.Config(
                engine.build(),
                loop="asyncio",
                http="httptools",
                ws="none",
                lifespan="off",
                access_log=False,
                log_level="warning",
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        # Instead of uvicorn's own handlers, which raise the signal again at the end.
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        _watch_stdin(lambda: loop.call_soon_threadsafe(self._stop))
        for bound in sockets or ():
            print(json.dumps({"port": bound.getsockname()[1]}), flush=True)  # noqa: T201  # the starter reads this line

    def _stop(self) -> None:
        self._engine.closing.set()
        self.should_exit = True


def _watch_stdin(at_end: Callable[[], object]) -> None:
    """Call `at_end` from a thread when standard input ends."""

    def watch() -> None:
        # Not sys.stdin: its lock, held by a daemon thread, breaks the exit.
        while os.read(_STDIN, 4096):
            pass
        at_end()

    Thread(target=watch, daemon=True, name="stdin").start()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="roundtable_rehearsal", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--words-per-second",
        type=float,
        default=40.0,
        help="how fast the prose is streamed; 0 is at once",
    )
    return parser.parse_args()


def main() -> int:
    """Serve until a signal or the end of standard input."""
    arguments = _arguments()
    key = os.environ.get(_KEY_VARIABLE, "")
    if not key:
        print(f"{_KEY_VARIABLE} must be set.", file=sys.stderr)  # noqa: T201  # for whoever starts it by hand
        return 2
    with socket.create_server((_LOOPBACK, arguments.port)) as bound:
        asyncio.run(_serve(bound, key, words_per_second=arguments.words_per_second))
    return 0


async def _serve(bound: socket.socket, key: str, *, words_per_second: float) -> None:
    engine = Engine(key=key, words_per_second=words_per_second)
    await _Server(engine).serve(sockets=[bound])


if __name__ == "__main__":
    sys.exit(main())
