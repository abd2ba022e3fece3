"""What a rule is and what it hands over."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from roundtable_rehearsal.document import Document, Excerpt, Paragraph, Word
from roundtable_rehearsal.language import Language, Voice

Kind = Literal["error", "omission", "risk", "question"]
Severity = Literal["blocker", "major", "minor", "note"]
FixKind = Literal["mechanical", "meaning", "choice"]

ANY_LANGUAGE: tuple[Language, ...] = ("en", "de", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What a finding says around its quote."""

    title: str
    impact: str
    affected_reader: str
    fix: str
    would_change_mind_if: str

    def about(self, **names: str) -> "Advice":
        """Fill the `{names}` in title, impact and fix."""
        return replace(
            self,
            title=self.title.format(**names),
            impact=self.impact.format(**names),
            fix=self.fix.format(**names),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One place, or one absence, that a rule has found."""

    advice: Advice
    severity: Severity
    confidence: int
    kind: Kind = "error"
    quotes: tuple[Excerpt, ...] = ()
    searched_for: tuple[str, ...] = ()
    rewrite: str | None = None
    fix_kind: FixKind = "meaning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A check of the text.

    Attributes:
        criteria: What it answers for, best fit first.
        needs_whole: Whether it is wrong about a part of a document, as what it looks
            for may stand in another part.
    """

    name: str
    label: Mapping[Voice, str]
    criteria: tuple[str, ...]
    languages: tuple[Language, ...]
    check: Callable[[Document], Iterable[Hit]]
    document_types: tuple[str, ...] | None = None
    needs_whole: bool = False

    def applies_to(self, document: Document) -> bool:
        """Whether the rule was made for the document's language and type."""
        return document.language in self.languages and self.suits(document)

    def suits(self, document: Document) -> bool:
        """Whether the rule was made for the document's type."""
        types = self.document_types
        return types is None or document.document_type in types


@dataclass(frozen=True, slots=True)
class Match:
    """A phrase found in a paragraph, as a range of its words."""

    paragraph: Paragraph
    first: int
    last: int
    phrase: str

    @property
    def start(self) -> int:
        """Where the phrase starts in the paragraph's text."""
        return self.paragraph.words[self.first].start

    @property
    def end(self) -> int:
        """Where the phrase ends in the paragraph's text."""
        return self.paragraph.words[self.last - 1].end

    @property
    def text(self) -> str:
        """The phrase as the document writes it."""
        return self.paragraph.text[self.start : self.end]


class Phrases:
    """A set of phrases, found as whole words in one pass over a paragraph."""

    def __init__(self, phrases: Iterable[str]) -> None:
        # By first and second word: a text that repeats a phrase's first word a
        # million times must not have every phrase tried at each of them.
        self._by_head: dict[str, dict[str, list[tuple[str, ...]]]] = {}
        for phrase in sorted(phrases, key=len, reverse=True):
            words = tuple(phrase.lower().split())
            second = words[1] if len(words) > 1 else ""
            seconds = self._by_head.setdefault(words[0], {})
            seconds.setdefault(second, []).append(words)

    def in_document(self, document: Document) -> Iterator[Match]:
        """Find the phrases in reading order, the longest at each place."""
        for paragraph in document.paragraphs:
            yield from self.in_paragraph(paragraph)

    def in_paragraph(self, paragraph: Paragraph) -> Iterator[Match]:
        """Find the phrases in one paragraph."""
        if self._by_head.keys().isdisjoint(paragraph.vocabulary):
            return
        free = 0
        for index, word in enumerate(paragraph.words):
            seconds = self._by_head.get(word.text)
            if seconds is None or index < free:
                continue
            if phrase := _longest(seconds, paragraph.words, index):
                free = index + len(phrase)
                yield Match(paragraph, index, free, " ".join(phrase))


def _longest(
    seconds: dict[str, list[tuple[str, ...]]], words: tuple[Word, ...], index: int
) -> tuple[str, ...] | None:
    second = words[index + 1].text if index + 1 < len(words) else ""
    for candidate in seconds.get(second, ()):
        found = words[index : index + len(candidate)]
        if candidate == tuple(word.text for word in found):
            return candidate
    return next(iter(seconds.get("", ())), None)
