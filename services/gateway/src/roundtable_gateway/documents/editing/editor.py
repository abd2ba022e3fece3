"""Edits documents, each in a fresh child process that can do no harm."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path

from roundtable_gateway.documents.child_process import output_of_child
from roundtable_gateway.documents.editing.edits import Commenting, Edited, Rewriting
from roundtable_gateway.documents.editing.wire import decode_answer, encode_order
from roundtable_gateway.documents.errors import Reason, refusal
from roundtable_gateway.documents.limits import Limits

_CHILD = "roundtable_gateway.documents.editing.child"


class Editor:
    """Edits documents in child processes, a few at once."""

    def __init__(self, limits: Limits | None = None, *, at_once: int = 2) -> None:
        self._limits = limits or Limits()
        self._slots = asyncio.Semaphore(at_once)

    async def edit(
        self,
        content: AsyncIterator[bytes],
        order: Commenting | Rewriting,
        *,
        media_type: str,
        folder: Path,
    ) -> Edited:
        """Carry out an order; whatever happens, nothing stays in the folder.

        Args:
            content: The document's original bytes.
            order: What to do to it; commenting is for DOCX alone, rewriting for
                Markdown and plain text too.
            media_type: The document's.
            folder: Where bytes may wait for the child.

        Raises:
            UnreadableDocument: ENCRYPTED, UNREADABLE, UNSAFE_ARCHIVE, TOO_COMPLEX,
                READING_TIMED_OUT, READING_STOPPED.
        """
        async with self._slots:
            with tempfile.TemporaryDirectory(prefix="edit-", dir=folder) as name:
                original, ordered = Path(name, "original"), Path(name, "order")
                with await asyncio.to_thread(original.open, "wb") as file:
                    async for chunk in content:
                        await asyncio.to_thread(file.write, chunk)
                written = encode_order(order)
                await asyncio.to_thread(ordered.write_bytes, written)
                answer = await output_of_child(
                    _CHILD,
                    self._arguments(original, ordered, media_type),
                    limits=self._limits,
                    most_bytes=2 * self._limits.file_bytes + 4 * len(written),
                )
        return self._edited(answer, order)

    def _arguments(
        self, original: Path, ordered: Path, media_type: str
    ) -> tuple[str, ...]:
        limits = json.dumps(asdict(self._limits))
        return (str(original.absolute()), str(ordered.absolute()), media_type, limits)

    def _edited(self, answer: bytes, order: Commenting | Rewriting) -> Edited:
        try:
            edited = decode_answer(answer, order)
        except ValueError as err:
            raise refusal(
                Reason.UNREADABLE, self._limits, diagnosis="bad answer"
            ) from err
        if isinstance(edited, Reason):
            raise refusal(edited, self._limits)
        return edited
