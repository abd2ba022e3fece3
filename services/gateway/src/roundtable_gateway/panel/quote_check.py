"""The quote check: whether the words a model quotes stand in the document.

The rules in their order, the first that applies: the exact words; the same but for
typography; words that stand in our own prompt only; a near match; a quote with
ellipses. Each looks in the claimed paragraph first, then anywhere.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from itertools import islice

from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.domain.finding import Quote, QuoteMethod, QuoteStatus
from roundtable_gateway.panel.ellipsis import elliptic_places, fragments
from roundtable_gateway.panel.language import has_words, known_language
from roundtable_gateway.panel.near_match import NearMatcher
from roundtable_gateway.panel.normalization import NormalizedText, Span, normalize
from roundtable_gateway.panel.occurrences import MAX_PLACES, places, whole_word_places

# A quote below both proves little: it stands only where it is said to stand.
_SHORT_LENGTH = 12
_SHORT_WORDS = 3

# A paragraph with fewer words is taken to be in its document's language.
_WORDS_THAT_TELL_LANGUAGE = 8

# Places of its longest piece where a quote with ellipses is looked for.
_MAX_PIECES = 16

_STATUS = {QuoteMethod.EXACT: QuoteStatus.EXACT}

# Finds places, as spans of the original, that begin in a stretch of the original.
_Finder = Callable[[Span], list[Span]]


class QuoteChecker:
    """Checks quotes from one document; built once, then used for all its quotes.

    Time and memory to build are linear in the document. A check costs a few searches
    that are linear in the document and a near match that is bounded (``near_match``),
    whatever the quote and the document are.
    """

    def __init__(self, document: DocumentText, prompts: Iterable[str] = ()) -> None:
        """Prepare the document.

        Args:
            document: The text that quotes must stand in.
            prompts: What else the model was shown (rules, rubric, seat): words from
                there are no quote from the document.
        """
        self._document = document
        self._paragraphs = {
            paragraph.id: paragraph for paragraph in document.paragraphs
        }
        self._starts = [paragraph.start for paragraph in document.paragraphs]
        self._normalized = normalize(document.text)
        self._prompts = [normalize(prompt).text for prompt in prompts]
        self._near = NearMatcher(self._normalized)
        self._language = known_language(document.text)

    def check(self, given: str, paragraph_id: str | None) -> Quote:
        """Look a quote up in the document; never raises, whatever was given.

        Args:
            given: The words as the model gave them.
            paragraph_id: Where the model says they stand; one that the document does
                not have counts as none.
        """
        needle = normalize(given)
        if not needle.text.strip():
            return _not_found(given, None)
        claim = _Claim(given, needle, self._paragraphs.get(paragraph_id or ""))
        return self._literal(claim) or self._echo(claim) or self._loose(claim)

    def contains_term(self, term: str) -> bool:
        """Whether a term occurs as whole words, typography and case apart.

        A blank term occurs nowhere. One that is inside other words too often to look
        at every place counts as occurring.
        """
        words = normalize(term).text.strip()
        if not words:
            return False
        text = self._normalized.text
        everywhere = Span(0, len(text))
        if any(whole_word_places(text, words, everywhere)):
            return True
        more = islice(places(text, words, everywhere), MAX_PLACES, None)
        return any(more)

    def _literal(self, claim: "_Claim") -> Quote | None:
        """Rules 1 and 2; ambiguous if neither finds the one place."""
        is_short = _is_short(claim.words)
        exact = self._place(
            claim,
            QuoteMethod.EXACT,
            partial(self._exact, claim.given),
            is_short=is_short,
        )
        if exact and exact.status is QuoteStatus.EXACT:
            return exact
        same = self._place(
            claim,
            QuoteMethod.TYPOGRAPHY,
            partial(self._typographic, claim.words),
            is_short=is_short,
        )
        if not exact:
            return same
        # Exact words in several places: the claimed paragraph picks one if it
        # alone has them in another setting.
        if (
            same
            and same.status is QuoteStatus.NORMALIZED
            and _is_in(same, claim.paragraph)
            and not _is_in(exact, claim.paragraph)
        ):
            return same
        return exact

    def _echo(self, claim: "_Claim") -> Quote | None:
        """Rule 6, before the rules that forgive: our own words are never near."""
        if any(claim.words in prompt for prompt in self._prompts):
            return _not_found(claim.given, QuoteMethod.PROMPT_ECHO)
        return None

    def _loose(self, claim: "_Claim") -> Quote:
        """Rules 3 and 4."""
        pieces = fragments(claim.words)
        near = self._place(
            claim, QuoteMethod.NEAR, partial(self._nearly, claim.needle), is_short=False
        )
        return (
            near
            or self._place(
                claim,
                QuoteMethod.ELLIPSIS,
                partial(self._elliptic, pieces),
                is_short=any(map(_is_short, pieces)),
            )
            or _not_found(claim.given, None)
        )

    def _place(
        self, claim: "_Claim", method: QuoteMethod, find: _Finder, *, is_short: bool
    ) -> Quote | None:
        """Apply a rule, in the claimed paragraph and then anywhere."""
        inside = find(_scope(claim.paragraph)) if claim.paragraph else []
        found = inside or find(Span(0, len(self._document.text)))
        if not found:
            return None
        status = _STATUS.get(method, QuoteStatus.NORMALIZED)
        if len(found) > 1 or (is_short and not inside):
            status = QuoteStatus.AMBIGUOUS
        start, end = found[0].start, found[0].end
        paragraph = self._paragraph_at(start)
        return Quote(
            text=self._document.text[start:end],
            given=claim.given,
            status=status,
            method=method,
            paragraph_id=paragraph.id if paragraph else None,
            start=start,
            end=end,
        )

    def _exact(self, given: str, scope: Span) -> list[Span]:
        return list(islice(places(self._document.text, given, scope), 2))

    def _typographic(self, words: str, scope: Span) -> list[Span]:
        found = whole_word_places(
            self._normalized.text, words, self._normalized_scope(scope)
        )
        return [self._normalized.source(span) for span in islice(found, 2)]

    def _nearly(self, needle: NormalizedText, scope: Span) -> list[Span]:
        found = self._near.find(needle, self._normalized_scope(scope))
        spans = [self._normalized.source(span) for span in found]
        return [span for span in spans if self._knows_language_at(span)]

    def _elliptic(self, pieces: list[str], scope: Span) -> list[Span]:
        found = [
            self._normalized.source(span)
            for paragraph in self._paragraphs_with(
                max(pieces, key=len, default=""), scope
            )
            for span in elliptic_places(
                self._normalized, pieces, self._normalized_scope(_scope(paragraph))
            )
        ]
        # A gap may hide a negation that we cannot read.
        return [s for s in found if len(pieces) == 1 or self._knows_language_at(s)]

    def _paragraphs_with(self, piece: str, scope: Span) -> list[Paragraph]:
        if not piece:
            return []
        found = whole_word_places(
            self._normalized.text, piece, self._normalized_scope(scope)
        )
        starts = [
            self._normalized.source(span).start for span in islice(found, _MAX_PIECES)
        ]
        paragraphs = [self._paragraph_at(start) for start in starts]
        return list(dict.fromkeys(paragraph for paragraph in paragraphs if paragraph))

    def _normalized_scope(self, scope: Span) -> Span:
        index_of = self._normalized.index_of
        return Span(index_of(scope.start), index_of(scope.end))

    def _paragraph_at(self, offset: int) -> Paragraph | None:
        """The paragraph at an offset; between two, the one that follows."""
        paragraphs = self._document.paragraphs
        if not paragraphs:
            return None
        index = max(bisect_right(self._starts, offset) - 1, 0)
        is_behind = offset >= paragraphs[index].end
        return paragraphs[min(index + is_behind, len(paragraphs) - 1)]

    def _knows_language_at(self, span: Span) -> bool:
        """Whether we know the negations of the language that a span is in."""
        paragraph = self._paragraph_at(span.start)
        text = self._document.text[paragraph.start : paragraph.end] if paragraph else ""
        if has_words(text, _WORDS_THAT_TELL_LANGUAGE):
            return known_language(text) is not None
        return self._language is not None


@dataclass(frozen=True, slots=True)
class _Claim:
    """A quote as it was given and the paragraph it is said to be from, if any."""

    given: str
    needle: NormalizedText
    paragraph: Paragraph | None

    @property
    def words(self) -> str:
        return self.needle.text.strip()


def _scope(paragraph: Paragraph) -> Span:
    return Span(paragraph.start, paragraph.end)


def _is_in(quote: Quote, paragraph: Paragraph | None) -> bool:
    return paragraph is not None and quote.paragraph_id == paragraph.id


def _is_short(words: str) -> bool:
    return len(words) < _SHORT_LENGTH and len(words.split()) < _SHORT_WORDS


def _not_found(given: str, method: QuoteMethod | None) -> Quote:
    return Quote(
        text=None,
        given=given,
        status=QuoteStatus.NOT_FOUND,
        method=method,
        paragraph_id=None,
        start=None,
        end=None,
    )
