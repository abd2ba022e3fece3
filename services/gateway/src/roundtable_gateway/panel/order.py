"""Orders that depend on nothing but the things themselves."""

import re
from collections.abc import Iterable

from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.panel.passages import found_spans, passage_of

Natural = tuple[tuple[str, int], ...]
Place = tuple[float, Natural, Natural]

_LETTERS_AND_NUMBER = re.compile(r"(\D*)(\d*)")


def natural(name: str) -> Natural:
    """Sort names with numbers as people do: "P2" before "P10"."""
    return tuple(
        (letters, int(number or 0))
        for letters, number in _LETTERS_AND_NUMBER.findall(name)
    )


def place_of(finding: Finding) -> Place:
    """Sort findings as their words stand in the document.

    Those whose words have no place follow, by the paragraph they name, then by id.
    """
    spans = found_spans(finding.quotes)
    start = float(spans[0].start) if spans else float("inf")
    paragraph = min(map(natural, passage_of(finding)), default=())
    return start, paragraph, natural(finding.id)


def in_reading_order(paragraph_ids: Iterable[str]) -> tuple[str, ...]:
    """Each paragraph id once, as the document has them."""
    return tuple(sorted(set(paragraph_ids), key=natural))
