"""Reads documents, each in a fresh child process that can do no harm."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

from roundtable_gateway.documents.answer import Answer, ExtractedDocument, decode
from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.child_process import output_of_child
from roundtable_gateway.documents.errors import Reason, refusal
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.sniff import type_of_text

_CHILD = "roundtable_gateway.documents.child"


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
    """Read a document in a child and take its answer.

    Raises:
        UnreadableDocument: The child gave no answer: TOO_COMPLEX, READING_TIMED_OUT,
            READING_STOPPED or UNREADABLE.
    """
    written = await output_of_child(
        _CHILD,
        _arguments(path, text_type, limits),
        limits=limits,
        most_bytes=limits.answer_bytes,
    )
    try:
        # In a thread: a large answer would hold the loop for tens of milliseconds.
        return await asyncio.to_thread(decode, written)
    except ValueError as err:
        raise refusal(Reason.UNREADABLE, limits, diagnosis="bad answer") from err


def _arguments(path: Path, text_type: MediaType, limits: Limits) -> tuple[str, ...]:
    return (str(path.absolute()), text_type, json.dumps(asdict(limits)))
