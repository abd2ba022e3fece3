"""XML as bytes: what is put into it, and where. No byte beside is touched."""

import codecs
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from defusedxml import ElementTree

_DECLARED = re.compile(r"""\A(<\?xml[^>]*?encoding=["'])([A-Za-z0-9._-]+)""")
_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NAME = re.compile(rb"<([^\s/>]+)")
# What XML 1.0 has no way to say.
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Splice:
    """Bytes to put in place of others.

    Attributes:
        at: Offset of the first byte that goes, or before which the new ones come.
        markup: What comes.
        until: Offset behind the last byte that goes, None if none does.
    """

    at: int
    markup: bytes
    until: int | None = None


def spliced(source: bytes, splices: Iterable[Splice]) -> bytes:
    """Return the source with all splices made; those at one place keep their order.

    None may reach into another: what comes out would be no XML.
    """
    pieces: list[bytes] = []
    behind = 0
    for each in sorted(splices, key=lambda splice: splice.at):
        if each.at < behind:
            raise AssertionError("splices overlap")
        pieces += (source[behind : each.at], each.markup)
        behind = each.at if each.until is None else each.until
    pieces.append(source[behind:])
    return b"".join(pieces)


def as_utf8(source: bytes) -> bytes:
    """Return an XML part in UTF-8, as nearly all of them are."""
    if source.startswith(_MARKS):
        text = source.decode("utf-16")
    else:
        head = source[:200].decode("latin-1").removeprefix("ï»¿")
        declared = _DECLARED.match(head)
        if declared is None or declared[2].lower() in ("utf-8", "us-ascii"):
            return source
        text = source.decode(declared[2])
    return _DECLARED.sub(r"\g<1>UTF-8", text).encode()


def name_at(source: bytes, start: int) -> bytes:
    """Return the name of the element that starts at an offset, with its prefix."""
    match = _NAME.match(source, start)
    if match is None:
        raise AssertionError("no element starts there")
    return match[1]


def filled(source: bytes, start: int, after: int, content: bytes) -> Splice:
    """Return the splice that puts content into an element that has no end tag.

    Args:
        source: What the element stands in.
        start: Where the element starts.
        after: Where it is over.
        content: What comes.
    """
    closing = b"</" + name_at(source, start) + b">"
    return Splice(after - len(b"/>"), b">" + content + closing, after)


def with_last(source: bytes, content: bytes) -> bytes:
    """Return a part in UTF-8 with content as the last that its root holds."""
    root = _Root()
    parser: Any = ElementTree.XMLParser(target=root, forbid_dtd=True)
    root.position = lambda: parser.parser.CurrentByteIndex
    parser.feed(source)
    parser.close()
    if source.startswith(b"</", root.ends):
        return spliced(source, [Splice(root.ends, content)])
    return spliced(source, [filled(source, root.begins, root.ends, content)])


class _Root:
    """A parser target that learns where the outermost element lies."""

    def __init__(self) -> None:
        self.position: Callable[[], int] = int
        self.begins = self.ends = 0
        self._depth = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002 - the parser passes it
        """Take an element's beginning."""
        if not self._depth:
            self.begins = self.position()
        self._depth += 1

    def end(self, tag: str) -> None:  # noqa: ARG002 - the parser passes it
        """Take an element's end."""
        self._depth -= 1
        if not self._depth:
            self.ends = self.position()


def text(words: str) -> bytes:
    """Return words as character data."""
    return escape(_speakable(words)).encode()


def attribute(words: str) -> bytes:
    """Return words as an attribute's value, quoted."""
    return quoteattr(_speakable(words)).encode()


def _speakable(words: str) -> str:
    return _UNSPEAKABLE.sub("\N{REPLACEMENT CHARACTER}", words)
