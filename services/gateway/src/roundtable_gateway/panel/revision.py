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
_SAME_PLACE = 0.5

# Telling two texts apart takes the product of their lengths, so of a long paragraph
# only what is around a quote is compared.
_SURROUNDINGS = 2_000


class Revision:
    """An earlier and a later text; the same text twice is one, too."""

    def __init__(self, earlier: DocumentText, later: DocumentText) -> None:
        """Read both; time and memory are linear in them."""
        self._earlier = _Text(earlier)
        self._later = _Text(later)
        self._same_places: dict[tuple[Span, Span], bool] = {}

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
        """Whether a quote stands, though words changed, where an earlier quote stood.

        Its paragraph tells or, of a long one, what is around the quote.
        """
        both = self._earlier.surroundings(earlier), self._later.surroundings(later)
        if both not in self._same_places:
            self._same_places[both] = self._are_alike(*both)
        return self._same_places[both]

    def _are_alike(self, before: Span, after: Span) -> bool:
        likeness = Levenshtein.normalized_similarity(
            self._earlier.words(before),
            self._later.words(after),
            score_cutoff=_SAME_PLACE,
        )
        return likeness >= _SAME_PLACE

    @staticmethod
    def _keeps(quote: Quote, home: "_Text", other: "_Text") -> bool:
        words, search = quote.text or "", _search(quote, home)
        there = other.places(words, search)
        return bool(there) and (
            len(there) >= len(home.places(words, search))
            or home.words(home.paragraph_of(quote)) in other.paragraphs
        )


class _Text:
    """A text as words are looked up in it."""

    def __init__(self, document: DocumentText) -> None:
        self._normalized = normalize(document.text)
        self._document = document
        self._by_id = {each.id: each for each in document.paragraphs}
        self.paragraphs = frozenset(
            self.words(_extent(each)) for each in document.paragraphs
        )

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

    def words(self, stretch: Span) -> str:
        """The words of a stretch, one space between them."""
        return " ".join(self._document.text[stretch.start : stretch.end].split())

    def paragraph_of(self, quote: Quote) -> Span:
        """A quote's paragraph; nothing if it is in none."""
        paragraph = self._by_id.get(quote.paragraph_id or "")
        return _extent(paragraph) if paragraph else Span(0, 0)

    def surroundings(self, quote: Quote) -> Span:
        """A quote's paragraph or, of a long one, as much as is compared."""
        whole = self.paragraph_of(quote)
        around = ((quote.start or 0) + (quote.end or 0) - _SURROUNDINGS) // 2
        start = max(whole.start, min(around, whole.end - _SURROUNDINGS))
        return Span(start, min(start + _SURROUNDINGS, whole.end))


def _search(quote: Quote, home: _Text) -> _Search:
    """Look for whole words, unless the quote itself cuts a word."""
    is_whole = home.has_whole_words(quote.text or "")
    return whole_word_places if is_whole else places


def _extent(paragraph: Paragraph) -> Span:
    return Span(paragraph.start, paragraph.end)


def _letters(text: str) -> str:
    """Letters and digits alone, with their case."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text)))
