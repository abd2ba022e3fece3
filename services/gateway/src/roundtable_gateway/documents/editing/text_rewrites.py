"""Rewrites in Markdown and plain text: bytes in place of bytes."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator

from roundtable_gateway.documents.editing.edits import (
    Edited,
    Obstacle,
    Rewrite,
    Rewriting,
)
from roundtable_gateway.documents.editing.xml_bytes import Splice, spliced
from roundtable_gateway.documents.paragraphs import clean
from roundtable_gateway.documents.text import decode

# What reading may change; a stretch of it changes as one.
_CHANGED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+\n?")
_LINE_BREAK = re.compile(r"\r\n|\n|\r")
# Marks that come in pairs; a rewrite may take both, or none. A lone asterisk may be a
# bullet or a product's sign, a lone underline part of a name.
_PAIRED = re.compile(r"\*\*+|`+|~~+|__+")


class _Origins:
    """Leads from offsets in a text as it was read to offsets in its source."""

    def __init__(self, source: str) -> None:
        self._read: list[int] = [0]
        self._source: list[int] = [0]
        self.text = "".join(self._pieces(source))

    def of(self, offset: int) -> int:
        """Return where the character at an offset stands in the source."""
        index = bisect_right(self._read, offset) - 1
        return self._source[index] + offset - self._read[index]

    def _pieces(self, source: str) -> Iterator[str]:
        behind = length = 0
        for match in _CHANGED.finditer(source):
            kept, (cleaned, _) = source[behind : match.start()], clean(match[0])
            yield kept + cleaned
            behind, length = match.end(), length + len(kept) + len(cleaned)
            self._read.append(length)
            self._source.append(behind)
        yield source[behind:]


def with_rewrites(content: bytes, order: Rewriting, *, is_markdown: bool) -> Edited:
    """Return a text with the rewrites in place; its encoding and line ends stay.

    Raises:
        Refused: UNSUPPORTED_TYPE if it is no text.
    """
    decoded = decode(content)
    origins = _Origins(decoded.text)
    if origins.text != order.text:
        return Edited(content, (Obstacle.READ_DIFFERENTLY,) * len(order.rewrites))
    source = _Source(content, decoded.text, decoded.encoding)
    splices: list[Splice] = []
    obstacles: list[Obstacle | None] = []
    for rewrite in order.rewrites:
        if is_markdown and _is_cut(order.text, rewrite):
            obstacles.append(Obstacle.MARKUP_CUT)
            continue
        # Behind the last character, not before the next: controls may lie between.
        start, end = origins.of(rewrite.start), origins.of(rewrite.end - 1) + 1
        made = source.splice(start, end, rewrite.words)
        if isinstance(made, Splice):
            splices.append(made)
        obstacles.append(made if isinstance(made, Obstacle) else None)
    return Edited(spliced(content, splices), tuple(obstacles))


class _Source:
    """A text's bytes, to be pointed into by its characters."""

    def __init__(self, content: bytes, text: str, encoding: str) -> None:
        self._content = content
        self._text = text
        self._encoding = encoding
        self._mark = content.removesuffix(text.encode(encoding, "replace"))
        self._line_end = "\r\n" if "\r\n" in text else "\n"

    def splice(self, start: int, end: int, words: str) -> Splice | Obstacle:
        """Return what puts words in place of characters."""
        try:
            new = _LINE_BREAK.sub(self._line_end, words).encode(self._encoding)
        except UnicodeEncodeError:
            return Obstacle.NOT_IN_ENCODING
        before = self._mark + self._text[:start].encode(self._encoding)
        old = self._text[start:end].encode(self._encoding)
        # Not so in an encoding that shifts between alphabets.
        if not self._content.startswith(before + old):
            return Obstacle.READ_DIFFERENTLY
        return Splice(len(before), new, len(before + old))


def _is_cut(text: str, rewrite: Rewrite) -> bool:
    """Tell whether a rewrite parts Markdown marks from those that they pair with."""
    words, behind = text[rewrite.start : rewrite.end], text[rewrite.end :][:1]
    marks = Counter(match[0] for match in _PAIRED.finditer(words))
    if any(number % 2 for number in marks.values()):
        return True
    if words.count("[") != words.count("]") or (words.endswith("]") and behind == "("):
        return True
    return "](" in words and words.count("(") != words.count(")")
