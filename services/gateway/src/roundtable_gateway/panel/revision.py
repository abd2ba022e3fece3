"""Which words of an earlier text still stand in a later one."""

import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice

from rapidfuzz.distance import Levenshtein

from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.domain.finding import Quote
from roundtable_gateway.panel.normalization import Span, normalize
from roundtable_gateway.panel.occurrences import MAX_PLACES, places, whole_word_places

_Search = Callable[[str, str, Span], Iterator[Span]]

# Of texts of a language that have nothing to do with each other a quarter is alike.
_SAME_PARAGRAPH = 0.5


class Revision:
    """An earlier and a later text; the same text twice is one, too."""

    def __init__(self, earlier: DocumentText, later: DocumentText) -> None:
        """Read both; time and memory are linear in them."""
        self._earlier = _Text(earlier)
        self._later = _Text(later)

    def stands(self, quote: Quote) -> bool:
        """Whether a quote's words, found in the earlier text, still stand in the later.

        Typography apart, but not case: a name that is written right now is a change. Of
        words that stood in several places none may be missing, unless the quote's whole
        paragraph is there as it was.
        """
        return self._keeps(quote, self._earlier, self._later)

    def stood(self, quote: Quote) -> bool:
        """Whether a quote's words, found in the later text, stood in the earlier."""
        return self._keeps(quote, self._later, self._earlier)

    def later_places(self, quote: Quote) -> list[Span]:
        """Where words from the earlier text stand in the later."""
        return self._later.places(quote.text or "", _search(quote, self._earlier))

    def has_same_place(self, earlier: Quote, later: Quote) -> bool:
        """Whether a quote's paragraph is, though changed, that of an earlier quote."""
        before = self._earlier.paragraph_of(earlier)
        after = self._later.paragraph_of(later)
        likeness = Levenshtein.normalized_similarity(
            before, after, score_cutoff=_SAME_PARAGRAPH
        )
        return likeness >= _SAME_PARAGRAPH

    @staticmethod
    def _keeps(quote: Quote, home: "_Text", other: "_Text") -> bool:
        words, search = quote.text or "", _search(quote, home)
        there = other.places(words, search)
        return bool(there) and (
            len(there) >= len(home.places(words, search))
            or home.paragraph_of(quote) in other.paragraphs
        )


class _Text:
    """A text as words are looked up in it."""

    def __init__(self, document: DocumentText) -> None:
        self._normalized = normalize(document.text)
        self._document = document
        self._by_id = {each.id: each for each in document.paragraphs}
        self.paragraphs = frozenset(map(self._words, document.paragraphs))

    def places(self, words: str, search: _Search) -> list[Span]:
        """Where words stand, in the original's offsets."""
        needle, letters = normalize(words).text.strip(), _letters(words)
        if not needle:
            return []
        everywhere = Span(0, len(self._normalized.text))
        spans = map(
            self._normalized.source,
            islice(search(self._normalized.text, needle, everywhere), MAX_PLACES),
        )
        text = self._document.text
        return [
            span for span in spans if _letters(text[span.start : span.end]) == letters
        ]

    def has_whole_words(self, words: str) -> bool:
        return bool(self.places(words, whole_word_places))

    def paragraph_of(self, quote: Quote) -> str:
        paragraph = self._by_id.get(quote.paragraph_id or "")
        return self._words(paragraph) if paragraph else ""

    def _words(self, paragraph: Paragraph) -> str:
        return " ".join(self._document.text[paragraph.start : paragraph.end].split())


def _search(quote: Quote, home: _Text) -> _Search:
    """Look for whole words, unless the quote itself cuts a word."""
    is_whole = home.has_whole_words(quote.text or "")
    return whole_word_places if is_whole else places


def _letters(text: str) -> str:
    """Letters and digits alone, with their case."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))
