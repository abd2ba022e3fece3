"""The process that reads one document and dies; its parent is `extractor`.

It takes the way to the document, the type that its name claims should it be text, and
the limits as JSON, and writes one answer to standard output.
"""

import json
import sys
from pathlib import Path

from roundtable_gateway.documents.answer import Answer, ExtractedDocument, encode
from roundtable_gateway.documents.blocks import MediaType, Reading
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.documents.sandbox import confine


def main(arguments: list[str]) -> None:
    """Read the document under its limits and answer."""
    path, text_type, limits_json = arguments
    limits = Limits(**json.loads(limits_json))
    is_confined = confine(limits)
    answer = _read(Path(path), MediaType(text_type), limits, is_confined=is_confined)
    sys.stdout.buffer.write(encode(answer))
    sys.stdout.buffer.flush()


def _read(
    path: Path, text_type: MediaType, limits: Limits, *, is_confined: bool
) -> Answer:
    try:
        return Answer(is_confined, _extract(path.read_bytes(), text_type, limits))
    except Refused as err:
        return Answer(is_confined, err.reason)
    except MemoryError:
        return Answer(is_confined, Reason.TOO_COMPLEX)
    # The outermost frame of a process: whatever a parser raises, the document is at
    # fault until someone reads the diagnosis.
    except Exception as err:  # noqa: BLE001 - see above
        return Answer(is_confined, Reason.UNREADABLE, _diagnosis(err))


def _diagnosis(err: Exception) -> str:
    """Name the error and its place; its text might quote the document."""
    step = err.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    if step is None:
        return type(err).__name__
    place = Path(step.tb_frame.f_code.co_filename).name
    return f"{type(err).__name__} at {place}:{step.tb_lineno}"


def _extract(content: bytes, text_type: MediaType, limits: Limits) -> ExtractedDocument:
    # Parsers are imported only now: their code, too, runs under the limits.
    from roundtable_gateway.documents import paragraphs, sniff  # noqa: PLC0415 - above

    media_type = sniff.sniff(content, text_type)
    reading = _reading(content, media_type, limits)
    numbered = paragraphs.number(reading.blocks)
    text = numbered.text.text
    if not paragraphs.is_visible(text):
        raise Refused(Reason.EMPTY_DOCUMENT)
    if len(text.encode()) > limits.text_bytes:
        raise Refused(Reason.TOO_MUCH_TEXT)
    if len(numbered.text.paragraphs) > limits.paragraphs:
        raise Refused(Reason.TOO_MANY_PARAGRAPHS)
    return ExtractedDocument(
        media_type=media_type,
        text=numbered.text,
        page_count=reading.page_count,
        word_count=paragraphs.count_words(text),
        warnings=reading.warnings + numbered.warnings,
    )


def _reading(content: bytes, media_type: MediaType, limits: Limits) -> Reading:
    match media_type:
        case MediaType.PDF:
            from roundtable_gateway.documents.pdf import read_pdf  # noqa: PLC0415 - above

            return read_pdf(content, limits)
        case MediaType.DOCX:
            from roundtable_gateway.documents.docx import read_docx  # noqa: PLC0415 - above

            return read_docx(content, limits)
        case MediaType.PPTX:
            from roundtable_gateway.documents.pptx import read_pptx  # noqa: PLC0415 - above

            return read_pptx(content, limits)
        case MediaType.HTML:
            from roundtable_gateway.documents.html_page import read_html  # noqa: PLC0415 - above

            return read_html(content, limits)
        case _:
            from roundtable_gateway.documents.text import read_text  # noqa: PLC0415 - above

            return read_text(content, media_type, limits)


if __name__ == "__main__":
    main(sys.argv[1:])
