"""The document as rules see it: paragraphs, sentences, words, exact excerpts.

Everything here is linear in the text's length, whatever the text is: patterns
neither start nor continue with an unbounded repeat that can fail late.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from unicodedata import normalize

from roundtable_rehearsal.language import Language, Voice, detect_language
from roundtable_rehearsal.wordlist import word_set

SHORTEST_QUOTE = 12
_LONGEST_QUOTE = 240
_CONTEXT = 100

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_][^\W_]*(?:['\u2019-][^\W_]+)*|[%#]")
# The look-behind lets a run of marks be tried once, not once for each mark.
_SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”\u2019“»)\]*_]*+(?=\s|$)"
    r"|\n(?=[ \t]{0,8}(?:[-*•|#>\u2013]|\d{1,3}[.)]\s))"
)
_ABBREVIATIONS = word_set(
    "e.g i.e dr mr mrs ms prof inc ltd co corp vs approx fig sec art abs nr no st z.b "
    "d.h u.a bzw ca ggf inkl evtl usw vgl jan feb mar apr jun jul aug sep sept oct okt "
    "nov dec dez"
)
_LONGEST_ABBREVIATION = 6
_YEAR = re.compile(r"(?:19|20)\d{2}")
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"


class Word(NamedTuple):
    """A word in lower case with its place in the paragraph."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Excerpt:
    """A piece of a paragraph, exact to the character."""

    paragraph_id: str
    start: int
    end: int
    text: str

    def replacing(self, start: int, end: int, new: str) -> str | None:
        """Give the excerpt with `start:end` of the paragraph replaced by `new`.

        None where the excerpt does not hold all of it: what it leaves out would stay.
        """
        if start < self.start or end > self.end:
            return None
        return self.text[: start - self.start] + new + self.text[end - self.start :]


@dataclass(frozen=True)
class Sentence:
    """A sentence, with the range of its words in the paragraph."""

    paragraph: "Paragraph"
    start: int
    end: int
    first_word: int
    last_word: int

    @property
    def text(self) -> str:
        """The sentence's own characters."""
        return self.paragraph.text[self.start : self.end]

    @property
    def words(self) -> tuple[Word, ...]:
        """The sentence's words."""
        return self.paragraph.words[self.first_word : self.last_word]

    @property
    def word_count(self) -> int:
        """How many words the sentence has, without making a copy of them."""
        return self.last_word - self.first_word

    @cached_property
    def has_figure(self) -> bool:
        """Whether the sentence holds a number."""
        return any(word.text[0].isdigit() for word in self.words)

    @cached_property
    def has_quantity(self) -> bool:
        """Whether the sentence holds a number that is no year."""
        return any(
            word.text[0].isdigit() and not _YEAR.fullmatch(word.text)
            for word in self.words
        )


@dataclass(frozen=True)
class Paragraph:
    """A numbered paragraph of the document."""

    id: str
    text: str

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """All words in order; marks and blanks are left out, `%` and `#` stay."""
        return tuple(
            Word(match[0].lower().replace("\u2019", "'"), match.start(), match.end())
            for match in _WORD.finditer(self.text)
        )

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The set of the paragraph's words, to pass over it cheaply."""
        return frozenset(word.text for word in self.words)

    @cached_property
    def running_words(self) -> str:
        """The words with one blank before, between and behind them."""
        return " ".join(["", *(word.text for word in self.words), ""])

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The sentences that hold at least one word."""
        return tuple(self._split())

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.start for sentence in self.sentences]

    def sentence_at(self, position: int) -> Sentence:
        """Find the sentence around a position; all of a paragraph without words."""
        if not self.sentences:
            return Sentence(self, 0, len(self.text), 0, 0)
        return self.sentences[max(0, bisect_right(self._starts, position) - 1)]

    def excerpt(self, start: int, end: int) -> Excerpt:
        """Quote the sentence around `start:end`, or a window of a very long one."""
        sentence = self.sentence_at(start)
        low, high = min(sentence.start, start), max(sentence.end, end)
        if self._is_too_short(low, high):
            low, high = 0, len(self.text)
        if high - low > _LONGEST_QUOTE:
            low, high = self._window(low, high, start=start, end=end)
        low += len(self.text[low:high]) - len(self.text[low:high].lstrip())
        high = low + len(self.text[low:high].rstrip())
        return Excerpt(self.id, low, high, self.text[low:high])

    def _is_too_short(self, low: int, high: int) -> bool:
        # Blanks don't count; a long piece isn't copied to look for them.
        is_long = high - low > _LONGEST_QUOTE
        return not is_long and len(self.text[low:high].strip()) < SHORTEST_QUOTE

    def _window(self, low: int, high: int, *, start: int, end: int) -> tuple[int, int]:
        end = min(end, start + _LONGEST_QUOTE)
        left, right = max(low, start - _CONTEXT), min(high, end + _CONTEXT)
        if left > low and (blank := self.text.find(" ", left, start)) >= 0:
            left = blank + 1
        if right < high and (blank := self.text.rfind(" ", end, right)) >= 0:
            right = blank
        return left, right

    def _split(self) -> Iterator[Sentence]:
        first, start = 0, 0
        for end in self._boundaries():
            last = first
            while last < len(self.words) and self.words[last].start < end:
                last += 1
            if last > first:
                begin = (
                    start
                    + len(self.text[start:end])
                    - len(self.text[start:end].lstrip())
                )
                yield Sentence(self, begin, end, first, last)
                first, start = last, end

    def _boundaries(self) -> Iterator[int]:
        for match in _SENTENCE_END.finditer(self.text):
            if not _is_inside(self.text, match):
                yield match.end()
        yield len(self.text)


def _is_inside(text: str, match: re.Match[str]) -> bool:
    """Whether a full stop belongs to an abbreviation, an ordinal or a file name."""
    if match[0] != ".":
        return False
    follows = text[match.end() : match.end() + 2].strip()
    if follows.islower():
        return True
    before = text[max(0, match.start() - _LONGEST_ABBREVIATION) : match.start()]
    token = before.split()[-1].lower().lstrip("(") if before.split() else ""
    is_ordinal = token.isdigit() and len(token) < len("100")
    return is_ordinal or len(token) == 1 or token in _ABBREVIATIONS


@dataclass(frozen=True)
class Document:
    """The paragraphs a seat was given, and what kind of document they are."""

    paragraphs: tuple[Paragraph, ...]
    document_type: str

    @cached_property
    def language(self) -> Language:
        """The language the rules may count on."""
        return detect_language(
            word.text for paragraph in self.paragraphs for word in paragraph.words
        )

    @property
    def voice(self) -> Voice:
        """The language to write in: the document's own, English if unknown."""
        return "de" if self.language == "de" else "en"

    @property
    def sentences(self) -> Iterator[Sentence]:
        """All sentences in order."""
        return (
            sentence
            for paragraph in self.paragraphs
            for sentence in paragraph.sentences
        )

    @cached_property
    def word_count(self) -> int:
        """How many words the document has."""
        return sum(len(paragraph.words) for paragraph in self.paragraphs)

    def mentions(self, term: str) -> bool:
        """Whether a lower-case term occurs as whole words, in any typography."""
        return f" {term} " in self._searchable

    @cached_property
    def _searchable(self) -> str:
        words = " ".join(
            word for paragraph in self.paragraphs for word in _plain_words(paragraph)
        )
        return f" {words}  {words.replace('-', ' ')} "


def _plain_words(paragraph: Paragraph) -> Iterator[str]:
    if paragraph.text.isascii():
        return (word.text for word in paragraph.words)
    plain = normalize("NFKC", paragraph.text).replace(_SOFT_HYPHEN, "").lower()
    return iter(_WORD.findall(plain))
