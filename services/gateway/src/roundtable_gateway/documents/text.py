"""Markdown and plain text to a reading."""

import codecs
from collections import Counter
from dataclasses import dataclass

import charset_normalizer

from roundtable_gateway.documents.blocks import Block, MediaType, Reading
from roundtable_gateway.documents.errors import Reason, Refused
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.domain.document import DocumentWarning

# No encoding that we take needs more bytes for a text than twice its UTF-8.
_WIDEST = 2

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}

# Windows-1252 makes letters of nearly any bytes, but those of a western text come
# from one of these alphabets; Czech or Russian read so would mix several.
_WESTERN_ALPHABETS = (
    "àâäæçéèêëîïôöœùûüÿß",  # English, French, German, Dutch
    "áéíñóúüç¡¿",  # Spanish
    "áàâãçéêíóôõú",  # Portuguese
    "àèéíïòóúüç",  # Catalan
    "àèéìíîòóùú",  # Italian
    "åäöæøéèêàôü",  # Danish, Finnish, Norwegian, Swedish
    "áéíóúýðþæö",  # Icelandic
)
# Signs of no particular language. Not among them: ¹ and ³, which are what the
# Polish ą and ł turn into.
_SIGNS = "€£¢¥§©®™°²ªºµ¶·±×÷¼½¾´•–—…†‡‰‘’‚“”„‹›«»\u00a0\u00ad"  # noqa: RUF001 - look-alikes, meant
# Room for names and quotations in another western language.
_WESTERN_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, how it was encoded, and a warning where that is a guess.

    Attributes:
        encoding: Python's name; a byte order mark is apart from it.
    """

    text: str
    encoding: str
    warnings: tuple[DocumentWarning, ...] = ()


def read_text(content: bytes, media_type: MediaType, limits: Limits) -> Reading:
    """Decode UTF-8, UTF-16 with a byte order mark, or what the bytes look like.

    Raises:
        Refused: UNSUPPORTED_TYPE if it is no text after all, TOO_MUCH_TEXT.
    """
    if len(content) > limits.text_bytes * _WIDEST:
        raise Refused(Reason.TOO_MUCH_TEXT)
    decoded = decode(content)
    is_markdown = media_type is MediaType.MARKDOWN
    blocks = (Block(decoded.text, is_markdown=is_markdown),)
    return Reading(blocks, warnings=decoded.warnings)


def decode(content: bytes) -> Decoded:
    """Turn bytes into text.

    Raises:
        Refused: UNSUPPORTED_TYPE if they are none.
    """
    warnings: tuple[DocumentWarning, ...] = ()
    try:
        text, encoding = _decode_unicode(content)
    except UnicodeDecodeError:
        text, encoding = _guess(content)
        warnings = (
            DocumentWarning(
                "ENCODING_GUESSED",
                f"The text does not say how it is encoded and was read as {encoding}. "
                "If letters look wrong, save it as UTF-8.",
            ),
        )
    if "\0" in text:
        raise Refused(Reason.UNSUPPORTED_TYPE)
    return Decoded(text, encoding, warnings)


def _decode_unicode(content: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return content.removeprefix(mark).decode(encoding), encoding
    return content.decode(), "utf-8"


def _guess(content: bytes) -> tuple[str, str]:
    western = _decode_western(content)
    if western is not None:
        return western, "cp1252"
    best = charset_normalizer.from_bytes(content).best()
    if best is None:
        raise Refused(Reason.UNSUPPORTED_TYPE)
    return str(best), best.encoding


def _decode_western(content: bytes) -> str | None:
    """Decode the commonest legacy encoding, which statistics mistake for others."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return None
    letters = Counter(
        each for each in text.lower() if not each.isascii() and each not in _SIGNS
    )
    fitting = max(
        sum(letters[each] for each in alphabet) for alphabet in _WESTERN_ALPHABETS
    )
    return text if fitting >= letters.total() * _WESTERN_SHARE else None
