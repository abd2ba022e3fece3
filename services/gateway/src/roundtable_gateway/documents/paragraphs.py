"""Text to numbered paragraphs with code point offsets; pure.

Of every result it holds: no paragraph is empty or has a blank line or space at an end,
offsets ascend without overlap, and the text has no control character but newline and
tab and can be encoded.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

from roundtable_gateway.documents.blocks import Block
from roundtable_gateway.documents.listing import listed
from roundtable_gateway.domain.document import DocumentText, DocumentWarning, Paragraph

_HEADING_CHARACTERS = 200  # a "heading" of a page is still only a label

_PARAGRAPH_END = re.compile("[\f\u2029]")
_LINE_END = re.compile("\r\n|[\r\v\x85\u2028]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Joiners do honest work in Persian, Indic scripts and emoji, but not beside ASCII.
_HIDDEN = re.compile(
    "[\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\U000e0000-\U000e0fff]"
    "|[\u200c\u200d](?=[\x00-\x7f]|\\Z)|(?<![^\x00-\x7f])[\u200c\u200d]"
)
_WORD = re.compile(r"[^\W_]\S*")

_ATX = re.compile(r" {0,3}#{1,6}(?:[ \t]+(?P<title>.*))?$")
_CLOSING_MARKS = re.compile(r"(?:^|[ \t])#+[ \t]*$")
_SETEXT = re.compile(r" {0,3}(?:={2,}|-{2,})[ \t]*$")
_FENCE = re.compile(r" {0,3}(?P<marks>`{3,}|~{3,})(?P<rest>.*)$")


@dataclass(frozen=True, slots=True)
class Numbered:
    """Text with its paragraphs, and what was odd about it."""

    text: DocumentText
    warnings: tuple[DocumentWarning, ...]


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    title: str | None = None


def number(blocks: Iterable[Block]) -> Numbered:
    """Join blocks into one text and number its paragraphs ``P1`` to ``Pn``."""
    cleaned = [_Cleaned.of(block) for block in blocks]
    kept = [each for each in cleaned if each.text.strip()]
    text = "\n\n".join(each.text for each in kept)
    paragraphs = tuple(_paragraphs(kept))
    warnings = _warnings(text, paragraphs, sum(each.removed for each in cleaned))
    return Numbered(DocumentText(text, paragraphs), tuple(warnings))


def clean(text: str) -> tuple[str, int]:
    """Return text with one kind of line end, and how many controls it had.

    Nothing but line ends, controls and lone surrogates changes, and no such stretch
    depends on what stands around it.
    """
    text = _LINE_END.sub("\n", _PARAGRAPH_END.sub("\n\n", text))
    text, removed = _CONTROL.subn("", text)
    return _SURROGATE.sub("\ufffd", text), removed


def count_words(text: str) -> int:
    """Count what stands between spaces and has a letter or digit."""
    return sum(1 for _ in _WORD.finditer(text))


def is_visible(text: str) -> bool:
    """Tell whether anything of it would show on paper."""
    return bool(_HIDDEN.sub("", text).strip())


@dataclass(frozen=True, slots=True)
class _Cleaned:
    block: Block
    text: str
    removed: int

    @classmethod
    def of(cls, block: Block) -> Self:
        return cls(block, *clean(block.text.removeprefix("\ufeff")))


def _paragraphs(cleaned: Sequence[_Cleaned]) -> Iterator[Paragraph]:
    offset = count = 0
    heading: str | None = None
    for each in cleaned:
        if each.block.begins_section:
            heading = None
        for span in _spans(each):
            count += 1
            yield Paragraph(
                id=f"P{count}",
                start=offset + span.start,
                end=offset + span.end,
                page=each.block.page,
                heading=heading,
            )
            heading = span.title or heading
        offset += len(each.text) + len("\n\n")


def _spans(cleaned: _Cleaned) -> Iterator[_Span]:
    if cleaned.block.is_markdown:
        return _split_markdown(cleaned.text)
    spans = _split_at_blank_lines(_lines(cleaned.text))
    if not cleaned.block.is_heading:
        return spans
    return (
        replace(span, title=_title(cleaned.text[span.start : span.end]))
        for span in spans
    )


def _lines(text: str) -> Iterator[_Span]:
    """Yield the lines, stripped; a blank one has no length."""
    offset = 0
    for line in text.split("\n"):
        start = offset + len(line) - len(line.lstrip())
        yield _Span(start, max(start, offset + len(line.rstrip())))
        offset += len(line) + 1


def _split_at_blank_lines(lines: Iterable[_Span]) -> Iterator[_Span]:
    current: _Span | None = None
    for line in lines:
        if line.start < line.end:
            current = replace(current, end=line.end) if current else line
        elif current:
            yield current
            current = None
    if current:
        yield current


def _split_markdown(text: str) -> Iterator[_Span]:
    current: _Span | None = None  # the paragraph being read
    fence: str | None = None  # the marks that opened the code block being read
    for raw, line in zip(text.split("\n"), _lines(text), strict=True):
        was_in_code, fence = fence is not None, _fence_after(raw, fence)
        heading = None if was_in_code else _heading(raw, line, text, current)
        if heading:
            if current and current.end <= heading.start:
                yield current
            yield heading
            current = None
        elif line.start < line.end:
            current = replace(current, end=line.end) if current else line
        elif current:
            yield current
            current = None
    if current:
        yield current


def _fence_after(line: str, fence: str | None) -> str | None:
    """Return the marks of the code block that is open after a line, None without."""
    match = _FENCE.match(line)
    if match is None:
        return fence
    marks, rest = match["marks"], match["rest"]
    if fence is None:
        # A back-tick behind the marks makes it code within a line.
        return None if marks[0] == "`" and "`" in rest else marks
    closes = marks[0] == fence[0] and len(marks) >= len(fence) and not rest.strip()
    return None if closes else fence


def _heading(raw: str, line: _Span, text: str, current: _Span | None) -> _Span | None:
    if match := _ATX.match(raw):
        title = _CLOSING_MARKS.sub("", match["title"] or "")
        return replace(line, title=_title(title))
    # An underline makes a heading of the line above it, if that began the paragraph;
    # so neither front matter nor a rule below a longer paragraph is one.
    if current and _SETEXT.match(raw):
        above = text[current.start : current.end]
        if "\n" not in above and any(mark.isalnum() for mark in above):
            return replace(current, end=line.end, title=_title(above))
    return None


def _title(text: str) -> str | None:
    return " ".join(text.split())[:_HEADING_CHARACTERS].rstrip() or None


def _warnings(
    text: str, paragraphs: Sequence[Paragraph], removed: int
) -> Iterator[DocumentWarning]:
    if removed:
        yield DocumentWarning(
            "CONTROL_CHARACTERS_REMOVED", f"{removed} control characters were removed."
        )
    hidden = [(match.start(), match[0]) for match in _HIDDEN.finditer(text)]
    if hidden:
        kinds = listed(sorted({f"U+{ord(mark):04X}" for _, mark in hidden}))
        starts = [paragraph.start for paragraph in paragraphs]
        places = listed([f"P{n}" for n in _numbers(starts, [at for at, _ in hidden])])
        yield DocumentWarning(
            "HIDDEN_CHARACTERS",
            f"{len(hidden)} characters that do not show ({kinds}) stand in {places}.",
        )


def _numbers(starts: Sequence[int], offsets: Iterable[int]) -> list[int]:
    # One between two paragraphs counts to the one above, and to the first if none is.
    return sorted({max(1, bisect_right(starts, offset)) for offset in offsets})
