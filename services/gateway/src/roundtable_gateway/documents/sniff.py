"""What a file is, by its content."""

import codecs
import re
from pathlib import PurePath

from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.errors import Reason, Refused

_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_PDF = b"%PDF-"
_ZIP = b"PK\x03\x04"
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Office, or encrypted new
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")

_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_CONTROL_SHARE = 0.01  # of random bytes it is a tenth, of text nothing

_HEAD_BYTES = 4_096
# Text, but of another type. Possessive, so that a row of comments can't cost much.
_OTHER_TEXT = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s*<!--.*?-->)*+\s*+"
    rb"(?:<!doctype\s+html|<html\b|<\?xml|<svg\b|\{\\rtf|%!ps)",
    re.IGNORECASE | re.DOTALL,
)


def type_of_text(filename: str) -> MediaType:
    """Return which kind of text a name claims; content decides that it is text."""
    is_markdown = PurePath(filename).suffix.lower() in _MARKDOWN_SUFFIXES
    return MediaType.MARKDOWN if is_markdown else MediaType.PLAIN


def sniff(content: bytes, text_type: MediaType) -> MediaType:
    """Return the type of a file's content.

    Raises:
        Refused: UNSUPPORTED_TYPE, or ENCRYPTED for an Office file with a password.
    """
    if content.startswith(_PDF):
        return MediaType.PDF
    if content.startswith(_ZIP) and b"word/" in content:
        return MediaType.DOCX
    if content.startswith(_COMPOUND_FILE) and _ENCRYPTED_OFFICE in content:
        raise Refused(Reason.ENCRYPTED)
    if content.startswith(_UTF16_MARKS) or _is_text(content):
        return text_type
    raise Refused(Reason.UNSUPPORTED_TYPE)


def _is_text(content: bytes) -> bool:
    if b"\0" in content or _OTHER_TEXT.match(content[:_HEAD_BYTES]):
        return False
    controls = len(content) - len(content.translate(None, _CONTROL_BYTES))
    return controls <= len(content) * _CONTROL_SHARE
