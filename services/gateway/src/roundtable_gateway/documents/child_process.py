"""A fresh process that takes a document, answers in bytes and is gone."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import roundtable_gateway
from roundtable_gateway.documents.errors import Reason, refusal
from roundtable_gateway.documents.limits import Limits

_READ_BYTES = 65_536
_REAP_SECONDS = 5.0

# Isolated mode ignores PYTHONPATH and the working directory, so the child is told where
# this very package lies, however it came to be imported here.
_PACKAGE_ROOT = str(Path(roundtable_gateway.__file__).parents[1])
_BOOTSTRAP = (
    "import sys; sys.path.insert(0, sys.argv[1]); from importlib import import_module; "
    "import_module(sys.argv[2]).main(sys.argv[3:])"
)


async def output_of_child(
    module: str, arguments: Sequence[str], *, limits: Limits, most_bytes: int
) -> bytes:
    """Run a module's ``main`` in a child and return what it writes.

    When this returns or raises, cancelled or not, the child is gone. The child confines
    itself before it looks at the document (`sandbox`).

    Raises:
        UnreadableDocument: The child gave no answer: TOO_COMPLEX, READING_TIMED_OUT,
            READING_STOPPED or UNREADABLE.
    """
    process = await _start(module, arguments)
    try:
        async with asyncio.timeout(limits.wall_seconds):
            written = await _output(process, limits, most_bytes)
            status = await process.wait()
    except TimeoutError as err:
        raise refusal(Reason.READING_TIMED_OUT, limits) from err
    finally:
        await _end(process)
    if status != 0:
        raise refusal(_reason_of(status), limits, diagnosis=f"status {status}")
    return written


async def _start(module: str, arguments: Sequence[str]) -> Process:
    program = ("-I", "-B", "-X", "utf8", "-c", _BOOTSTRAP, _PACKAGE_ROOT, module)
    return await asyncio.create_subprocess_exec(
        *(sys.executable, *program, *arguments),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,  # a parser's complaints may quote the document
        env={},
        cwd="/",
        start_new_session=True,
    )


async def _output(process: Process, limits: Limits, most_bytes: int) -> bytes:
    """Read to the end.

    Raises:
        UnreadableDocument: UNREADABLE once it is more than any answer can be.
    """
    written = bytearray()
    while chunk := await _stdout(process).read(_READ_BYTES):
        written += chunk
        if len(written) > most_bytes:
            raise refusal(Reason.UNREADABLE, limits, diagnosis="answer too large")
    return bytes(written)


def _stdout(process: Process) -> asyncio.StreamReader:
    if process.stdout is None:
        raise AssertionError("started with a pipe")
    return process.stdout


async def _end(process: Process) -> None:
    """Kill what is left of the child's group and reap it."""
    with suppress(ProcessLookupError):  # all of it has ended already
        os.killpg(process.pid, signal.SIGKILL)
    # Interrupted or late: the child is dead all the same, and asyncio reaps it.
    with suppress(TimeoutError):
        async with asyncio.timeout(_REAP_SECONDS):
            # To the end of the pipe: asyncio closes no transport with bytes unread.
            while await _stdout(process).read(_READ_BYTES):
                pass
            await process.wait()


def _reason_of(status: int) -> Reason:
    """Tell why a child ended without an answer."""
    if status == -signal.SIGXCPU:
        return Reason.TOO_COMPLEX
    if status in (-signal.SIGKILL, -signal.SIGTERM):
        return Reason.READING_STOPPED
    return Reason.UNREADABLE  # a parser crashed, as they do on damaged documents
