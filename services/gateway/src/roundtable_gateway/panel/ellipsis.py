"""Finds a quote that leaves something out ("we ship … on Friday")."""

import re
from itertools import islice, pairwise

from roundtable_gateway.panel.meaning import negates
from roundtable_gateway.panel.normalization import NormalizedText, Span
from roundtable_gateway.panel.occurrences import whole_word_places

_ELLIPSIS = re.compile(r"\s*(?:\[\.{3,}\]|\(\.{3,}\)|\.{3,}|\. \. \.)\s*")

# Bounds of the search: fragments of a quote, places tried for its first fragment, and
# how far it may reach. What leaves out more than that is no quote.
_MAX_FRAGMENTS = 8
_MAX_PLACES = 16
_MAX_REACH = 5_000


def fragments(text: str) -> list[str]:
    """The pieces of a normalised text between ellipses; none if it has no ellipsis."""
    pieces = _ELLIPSIS.split(text.strip())
    if len(pieces) == 1:
        return []
    return [piece for piece in pieces if piece]


def elliptic_places(
    document: NormalizedText, pieces: list[str], scope: Span
) -> list[Span]:
    """Places in ``scope`` that hold all pieces in order, with no negation between."""
    if not 0 < len(pieces) <= _MAX_FRAGMENTS:
        return []
    tightest: dict[int, list[Span]] = {}
    firsts = whole_word_places(document.text, pieces[0], scope)
    for first in islice(firsts, _MAX_PLACES):
        chain = _chain(document.text, pieces[1:], first, scope)
        if chain:
            # A later beginning with the same end leaves out less.
            tightest[chain[-1].end] = chain
    return [
        Span(chain[0].start, chain[-1].end)
        for chain in tightest.values()
        if not any(negates(document, gap) for gap in _gaps(chain))
    ]


def _chain(text: str, pieces: list[str], first: Span, scope: Span) -> list[Span]:
    """Each piece's first place behind the one before; empty if one has none."""
    chain = [first]
    end = min(scope.end, first.start + _MAX_REACH)
    for piece in pieces:
        # The last place where the piece can begin and still end in reach.
        rest = Span(chain[-1].end, end - len(piece) + 1)
        place = next(whole_word_places(text, piece, rest), None)
        if place is None:
            return []
        chain.append(place)
    return chain


def _gaps(chain: list[Span]) -> list[Span]:
    return [Span(a.end, b.start) for a, b in pairwise(chain)]
