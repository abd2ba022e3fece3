"""Reads documents, each in a fresh child process that can do no harm."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import roundtable_gateway
from roundtable_gateway.documents.answer import Answer, ExtractedDocument, decode
from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.errors import Reason, refusal
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.sniff import type_of_text

_READ_BYTES = 65_536
_REAP_SECONDS = 5.0

# Isolated mode ignores PYTHONPATH and the working directory, so the child is told where
# this very package lies, however it came to be imported here.
_PACKAGE_ROOT = str(Path(roundtable_gateway.__file__).parents[1])
_BOOTSTRAP = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from roundtable_gateway.documents.child import main; main(sys.argv[2:])"
)


class Extractor:
    """Reads documents in child processes, a few at once.

    Attributes:
        is_confined: Whether children had network and exec cut off, beyond the resource
            limits that always hold; None until one has answered.
    """

    def __init__(self, limits: Limits, *, at_once: int = 2) -> None:
        self.is_confined: bool | None = None
        self._limits = limits
        self._slots = asyncio.Semaphore(at_once)

    async def read(self, path: Path, filename: str) -> ExtractedDocument:
        """Read a document; its name only tells Markdown from plain text.

        When this returns or raises, cancelled or not, the child is gone.

        Raises:
            UnsupportedType: UNSUPPORTED_TYPE.
            DocumentTooLarge: TOO_MANY_PAGES, TOO_MUCH_TEXT, TOO_MANY_PARAGRAPHS.
            UnreadableDocument: EMPTY_DOCUMENT, SCANNED_OR_EMPTY, ENCRYPTED, UNREADABLE,
                UNSAFE_ARCHIVE, TOO_COMPLEX, READING_TIMED_OUT, READING_STOPPED.
        """
        async with self._slots:
            answer = await extract_in_child(
                path, type_of_text(filename), limits=self._limits
            )
        self.is_confined = answer.is_confined
        if isinstance(answer.outcome, Reason):
            raise refusal(answer.outcome, self._limits, diagnosis=answer.diagnosis)
        return answer.outcome


async def extract_in_child(
    path: Path, text_type: MediaType, *, limits: Limits
) -> Answer:
    """Start a child, take its answer, and leave no trace of it.

    Raises:
        UnreadableDocument: The child gave no answer: TOO_COMPLEX, READING_TIMED_OUT,
            READING_STOPPED or UNREADABLE.
    """
    process = await _start(path, text_type, limits)
    try:
        async with asyncio.timeout(limits.wall_seconds):
            written = await _output(process, limits)
            status = await process.wait()
    except TimeoutError as err:
        raise refusal(Reason.READING_TIMED_OUT, limits) from err
    finally:
        await _end(process)
    if status != 0:
        raise refusal(_reason_of(status), limits, diagnosis=f"status {status}")
    try:
        # In a thread: a large answer would hold the loop for tens of milliseconds.
        return await asyncio.to_thread(decode, written)
    except ValueError as err:
        raise refusal(Reason.UNREADABLE, limits, diagnosis="bad answer") from err


def _command(path: Path, text_type: MediaType, limits: Limits) -> tuple[str, ...]:
    program = ("-I", "-B", "-X", "utf8", "-c", _BOOTSTRAP, _PACKAGE_ROOT)
    arguments = (str(path.absolute()), text_type, json.dumps(asdict(limits)))
    return (sys.executable, *program, *arguments)


async def _start(path: Path, text_type: MediaType, limits: Limits) -> Process:
    return await asyncio.create_subprocess_exec(
        *_command(path, text_type, limits),
        stdin=DEVNULL,
        stdout=PIPE,
        stderr=DEVNULL,  # a parser's complaints may quote the document
        env={},
        cwd="/",
        start_new_session=True,
    )


async def _output(process: Process, limits: Limits) -> bytes:
    """Read to the end.

    Raises:
        UnreadableDocument: UNREADABLE once it is more than any answer can be.
    """
    written = bytearray()
    while chunk := await _stdout(process).read(_READ_BYTES):
        written += chunk
        if len(written) > limits.answer_bytes:
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
