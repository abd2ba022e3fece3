"""The process that edits one document and dies; its parent is `editor`.

It takes the way to the document, the way to its order (`wire`) and the limits as JSON,
and writes one answer to standard output.
"""

import json
import sys
from pathlib import Path

from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.editing.edits import Commenting, Edited, Rewriting
from roundtable_gateway.documents.editing.wire import (
    decode_order,
    encode_edited,
    encode_refusal,
)
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.sandbox import confine


def main(arguments: list[str]) -> None:
    """Edit the document under its limits and answer."""
    path, order_path, media_type, limits_json = arguments
    limits = Limits(**json.loads(limits_json))
    confine(limits)
    order = decode_order(Path(order_path).read_bytes())
    sys.stdout.buffer.write(_answer(Path(path), order, MediaType(media_type), limits))
    sys.stdout.buffer.flush()


def _answer(
    path: Path, order: Commenting | Rewriting, media_type: MediaType, limits: Limits
) -> bytes:
    try:
        return encode_edited(_edit(path.read_bytes(), order, media_type, limits))
    except Refused as err:
        return encode_refusal(err.reason)
    except MemoryError:
        return encode_refusal(Reason.TOO_COMPLEX)
    # The outermost frame of a process: whatever a parser raises, the document is at
    # fault until someone reads the diagnosis.
    except Exception as err:  # noqa: BLE001 - see above
        return encode_refusal(Reason.UNREADABLE, type(err).__name__)


def _edit(
    content: bytes, order: Commenting | Rewriting, media_type: MediaType, limits: Limits
) -> Edited:
    # Parsers are imported only now: their code, too, runs under the limits.
    from roundtable_gateway.documents.editing import (  # noqa: PLC0415 - above
        docx_changes,
        docx_comments,
        text_rewrites,
    )

    if isinstance(order, Commenting):
        return Edited(docx_comments.with_comments(content, order, limits))
    if media_type is MediaType.DOCX:
        return docx_changes.with_changes(content, order, limits)
    is_markdown = media_type is MediaType.MARKDOWN
    return text_rewrites.with_rewrites(content, order, is_markdown=is_markdown)
