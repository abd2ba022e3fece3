"""Texts as the quote check compares them, with a map back to their own offsets.

Two texts that differ in typography alone are equal once normalised: compatibility
forms (NFKC), quotation marks, dashes, white space, soft hyphens and other invisible
characters, case, and Markdown marks. What could change a number is left alone: a
superscript two never becomes a two, and a mark between two digits stays.
"""

import re
import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

_DASHES = "-‐‑‒–—―−⸺⸻﹘﹣-"  # noqa: RUF001 - these are what is folded
_QUOTES_AND_DASHES = {
    **dict.fromkeys("‘’‚‛′´ʼ‹›", "'"),  # noqa: RUF001 - as above
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys(_DASHES, "-"),
}

# Hangul vowels and finals and half-width kana voice marks join the letter before
# them although Unicode does not class them as marks.
_JOINING_LETTERS = frozenset(map(chr, (*range(0x1160, 0x1200), 0xFF9E, 0xFF9F)))

# They choose between pictures of a character, emoji or not.
_VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))

# Unicode's stream-safe limit. Without one, a long run of marks costs quadratic time.
_MAX_MARKS = 30

_LINK = r"!?\[(?=[^\[\]\n]{1,500}\]\([^()\s]{1,500}\))|\]\([^()\s]{1,500}\)"
# A sign before a number is no bullet.
_LINE_START = (
    r"(?:\A|\n)[ \t]{0,16}"
    r"(?:(?:\#{1,6}|[*•]|(?:[+-]|>{1,4})(?![ \t]*\d))(?=[ \t])[ \t]{1,16}){1,3}"
)
_MARKS = r"[*`]+|__*|~~+"
_DASH_RUN = f"[{re.escape(_DASHES)}]{{2,}}"
_SPACE = r"\n+(?=\n)|\n[^\S\n]*|[^\S\n]{2,}|[^\S\n ]"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text: offset of its first character and behind its last."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """A text in normalised form; offsets lead back to the original.

    Attributes:
        original: The text as it was given.
        text: Its normalised form.
    """

    original: str
    text: str
    _starts: "array[int]" = field(repr=False)
    _ends: "array[int]" = field(repr=False)

    def source(self, span: Span) -> Span:
        """The stretch of the original that a non-empty normalised one stands for."""
        return Span(self._starts[span.start], self._ends[span.end - 1])

    def index_of(self, offset: int) -> int:
        """The first normalised character from the original's ``offset`` on."""
        return bisect_left(self._starts, offset)


def normalize(text: str) -> NormalizedText:
    """Normalise a text in time linear in its length."""
    alphabet = {char: _fold(char) for char in set(text)}
    table = {ord(char): folded for char, folded in alphabet.items() if len(folded) == 1}
    joining = "".join(sorted(char for char in alphabet if _is_joining(char)))
    resized = "".join(sorted(c for c, folded in alphabet.items() if len(folded) != 1))
    builder = _Builder(text, table)
    for match in _irregular(joining, resized).finditer(text):
        builder.keep(match.start())
        builder.replace(match.end(), _replacement(match, alphabet))
    builder.keep(len(text))
    return builder.build()


class _Builder:
    """Collects the normalised text piece by piece, with the offsets of each."""

    def __init__(self, text: str, table: dict[int, str]) -> None:
        self._text = text
        self._table = table
        self._pieces: list[str] = []
        self._starts = array("I")
        self._ends = array("I")
        self._position = 0
        self._ends_in_space = False

    def keep(self, end: int) -> None:
        """Take over the text up to ``end``, one character for one."""
        start = self._position
        if start == end:
            return
        if self._ends_in_space and self._text[start] == " ":
            start += 1
        self._append(
            self._text[start:end].translate(self._table),
            range(start, end),
            range(start + 1, end + 1),
        )
        self._position = end

    def replace(self, end: int, replacement: str) -> None:
        """Let ``replacement`` stand for the text up to ``end``."""
        if self._ends_in_space:
            replacement = replacement.removeprefix(" ")
        length = len(replacement)
        self._append(replacement, [self._position] * length, [end] * length)
        self._position = end

    def build(self) -> NormalizedText:
        return NormalizedText(
            self._text, "".join(self._pieces), self._starts, self._ends
        )

    def _append(self, piece: str, starts: Iterable[int], ends: Iterable[int]) -> None:
        if piece:
            self._pieces.append(piece)
            self._starts.extend(starts)
            self._ends.extend(ends)
            self._ends_in_space = piece.endswith(" ")


@lru_cache(maxsize=64)
def _irregular(joining: str, resized: str) -> re.Pattern[str]:
    """Match whatever is not normalised one character for one."""
    alternatives = [
        f"(?P<drop>{_LINK})",
        f"(?P<space>{_LINE_START}|{_SPACE})",
        f"(?P<marks>{_MARKS})",
        f"(?P<dashes>{_DASH_RUN})",
    ]
    if joining:
        marks = f"[{re.escape(joining)}]"
        alternatives.insert(0, rf"(?P<cluster>[\s\S]{marks}{{1,{_MAX_MARKS}}})")
    if resized:
        alternatives.append(f"(?P<resized>[{re.escape(resized)}])")
    return re.compile("|".join(alternatives))


def _replacement(match: re.Match[str], alphabet: dict[str, str]) -> str:
    match match.lastgroup:
        case "drop":
            return ""
        case "space":
            return " "
        case "dashes":
            return "-"
        case "marks":
            return _emphasis(match)
        case _:
            folded = "".join(map(alphabet.__getitem__, match.group()))
            # NFC only: NFKC would undo the care that _fold takes of digits.
            return unicodedata.normalize("NFC", folded)


def _emphasis(match: re.Match[str]) -> str:
    """Drop Markdown's marks, but not an operator or a part of a name."""
    marks, (start, end) = match.group(), match.span()
    before = match.string[start - 1 : start] or " "
    after = match.string[end : end + 1] or " "
    is_name = marks[0] == "_" and before.isalnum() and after.isalnum()
    is_operator = before.isnumeric() and after.isnumeric()
    stands_alone = before.isspace() and after.isspace()
    return marks if is_name or is_operator or stands_alone else ""


def _is_joining(char: str) -> bool:
    return unicodedata.category(char).startswith("M") or char in _JOINING_LETTERS


def _fold(char: str) -> str:
    """The normalised form of a single character."""
    if char in _QUOTES_AND_DASHES:
        return _QUOTES_AND_DASHES[char]
    if char.isspace():
        return " "
    if unicodedata.category(char) == "Cf" or char in _VARIATION_SELECTORS:
        return ""
    compatible = unicodedata.normalize("NFKC", char)
    folded = unicodedata.normalize("NFKC", compatible.casefold())
    # "10²" must not read as "102", nor "1½" as a number above eleven.
    becomes_number = not char.isdecimal() and any(map(str.isdecimal, folded))
    return char if becomes_number else folded
