"""The stretches of a document that findings and stances rest on."""

from collections.abc import Iterable, Iterator, Sequence

from roundtable_gateway.domain.finding import Finding, Quote
from roundtable_gateway.panel.normalization import Span
from roundtable_gateway.panel.verify import is_found

# As long as a quote has to be to be found without its paragraph.
_FEW_WORDS_LETTERS = 12


def found_spans(quotes: Iterable[Quote]) -> tuple[Span, ...]:
    """Where quotes stand, in order; those that were not found stand nowhere."""
    spans = {
        (quote.start, quote.end)
        for quote in quotes
        if is_found(quote) and quote.start is not None and quote.end is not None
    }
    return tuple(Span(start, end) for start, end in sorted(spans))


def shared_length(a: Span, b: Span) -> int:
    """How many characters two stretches share."""
    return max(0, min(a.end, b.end) - max(a.start, b.start))


def share_words(a: Finding, b: Finding) -> bool:
    """Whether two findings quote some of the same words."""
    theirs = found_spans(b.quotes)
    return any(
        shared_length(ours, other) for ours in found_spans(a.quotes) for other in theirs
    )


def sharing_words(stretches: Sequence[Iterable[Span]]) -> set[tuple[int, int]]:
    """Which two of several rest on some of the same words, by index, lower first.

    Args:
        stretches: The stretches of each.
    """
    placed = sorted(
        (span.start, span.end, index)
        for index, spans in enumerate(stretches)
        for span in spans
        if span.start < span.end
    )
    pairs: set[tuple[int, int]] = set()
    reaching: list[tuple[int, int]] = []
    for start, end, index in placed:
        reaching = [(stop, other) for stop, other in reaching if stop > start]
        pairs.update(
            (min(index, other), max(index, other))
            for _, other in reaching
            if other != index
        )
        reaching.append((end, index))
    return pairs


def shows_more(quote: Quote, known: Iterable[Quote]) -> bool:
    """Whether a quote was found and shows words that the known ones do not.

    A stretch that nobody quoted shows more however short it is; one that only reaches
    further than a known one has to reach a few words further.
    """
    if not is_found(quote) or quote.text is None:
        return False
    shown = {offset for old in known for offset in _extent(old)}
    letters = [
        offset
        for offset, char in zip(_extent(quote), quote.text, strict=False)
        if char.isalnum()
    ]
    fresh = sum(offset not in shown for offset in letters)
    return fresh >= min(len(letters), _FEW_WORDS_LETTERS) > 0


def passage_of(finding: Finding) -> tuple[str, ...]:
    """The paragraphs a finding is about: those of its quotes, else those it names."""
    quoted = (quote.paragraph_id for quote in finding.quotes if is_found(quote))
    known = tuple(dict.fromkeys(_known(quoted)))
    return known or finding.paragraph_ids


def _known(ids: Iterable[str | None]) -> Iterator[str]:
    return (each for each in ids if each is not None)


def _extent(quote: Quote) -> range:
    if quote.start is None or quote.end is None:
        return range(0)
    return range(quote.start, quote.end)
