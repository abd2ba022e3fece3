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
_FOLDERS = {b"word/": MediaType.DOCX, b"ppt/": MediaType.PPTX}
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old Office, or encrypted new
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")

_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b")) + b"\x7f"
_CONTROL_SHARE = 0.01  # of random bytes it is a tenth, of text nothing

_HEAD_BYTES = 65_536
# Before a page's first tag; possessive, so that a row of comments can't cost much.
_PROLOGUE = rb"(?>\s*(?:<!--.*?-->|<\?xml\b[^>]*+>))*+\s*+"
_PAGE = re.compile(
    _PROLOGUE + rb"(?:<!doctype\s+html|<html\b)", re.IGNORECASE | re.DOTALL
)
# Text, but of another type.
_OTHER_TEXT = re.compile(
    rb"(?>\s*<!--.*?-->)*+\s*+(?:<\?xml|<svg\b|\{\\rtf|%!ps)", re.IGNORECASE | re.DOTALL
)

_BLOCK_TAG = (
    rb"<(?:address|article|aside|blockquote|body|center|div|dl|fieldset|figure|footer"
    rb"|form|h[1-6]|head|header|main|meta|nav|ol|p|pre|section|style|table|title|ul)"
    rb"\b[^>]*+>"
)
_FRAGMENT = re.compile(_PROLOGUE + _BLOCK_TAG, re.IGNORECASE | re.DOTALL)
_BLANK_LINE = re.compile(rb"\n[ \t\r]*\n\s*")
_TAG = re.compile(rb"<[a-z/!]", re.IGNORECASE)
# Markdown may hold HTML too, but most of its paragraphs begin with words.
_TAG_SHARE = 0.8


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
    if content.startswith(_ZIP) and (kind := _archive_type(content)):
        return kind
    if content.startswith(_COMPOUND_FILE) and _ENCRYPTED_OFFICE in content:
        raise Refused(Reason.ENCRYPTED)
    if not content.startswith(_UTF16_MARKS) and not _is_text(content):
        raise Refused(Reason.UNSUPPORTED_TYPE)
    head = _head(content)
    if _PAGE.match(head) or _is_fragment(head, is_all=len(content) <= _HEAD_BYTES):
        return MediaType.HTML
    if _OTHER_TEXT.match(head):
        raise Refused(Reason.UNSUPPORTED_TYPE)
    return text_type


def _archive_type(content: bytes) -> MediaType | None:
    # The first folder counts: a document that is embedded in another comes later.
    places = {content.find(folder): kind for folder, kind in _FOLDERS.items()}
    first = min((place for place in places if place >= 0), default=None)
    return None if first is None else places[first]


def _is_text(content: bytes) -> bool:
    controls = len(content) - len(content.translate(None, _CONTROL_BYTES))
    return b"\0" not in content and controls <= len(content) * _CONTROL_SHARE


def _head(content: bytes) -> bytes:
    """Return how a text begins, in an encoding that tags can be found in."""
    head = content[:_HEAD_BYTES]
    if head.startswith(_UTF16_MARKS):
        return head.decode("utf-16", "ignore").encode(errors="ignore")
    return head.removeprefix(codecs.BOM_UTF8)


def _is_fragment(head: bytes, *, is_all: bool) -> bool:
    """Tell a piece of a page from Markdown that holds some."""
    is_closed = not is_all or head.rstrip().endswith(b">")
    if not is_closed or not _FRAGMENT.match(head):
        return False
    parts = _BLANK_LINE.split(head.strip())
    return sum(bool(_TAG.match(part)) for part in parts) >= len(parts) * _TAG_SHARE
