"""What is missing is found only where none of its words stands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from roundtable_rehearsal.rules.expectations import EXPECTATIONS, Expectation
from roundtable_rehearsal.rules.rule import Hit

FindHits = Callable[..., list[Hit]]

_RUBRICS = Path(__file__).parents[4] / "personas" / "rubrics"
_EMPTY = "This is a text of the house and it has more than fifteen words in all of it."

PLACES = [
    pytest.param(item, id=f"{item.document_type}-{item.criterion}-{item.subject}")
    for item in EXPECTATIONS
]


def _expected_by_rubric(item: Expectation) -> list[str]:
    path = _RUBRICS / f"{item.document_type}.yaml"
    rubric: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    [criterion] = [c for c in rubric["criteria"] if c["key"] == item.criterion]
    expects: list[str] = criterion["expects"]
    return expects


@pytest.mark.parametrize("item", PLACES)
def test_omission_can_be_verified_by_the_rubric(item: Expectation) -> None:
    """Some of the searched words are those that the rubric lists."""
    expected = _expected_by_rubric(item)

    assert set(expected) & set(item.terms)


@pytest.mark.parametrize("item", PLACES)
def test_absence_is_found(item: Expectation, find_hits: FindHits) -> None:
    """A text with none of the words is said to lack the subject."""
    hits = find_hits(
        f"missing_{item.subject}", _EMPTY, document_type=item.document_type
    )

    assert item.terms in [hit.searched_for for hit in hits]
    assert {hit.kind for hit in hits} == {"omission"}


@pytest.mark.parametrize("item", PLACES)
def test_any_of_the_words_is_enough(item: Expectation, find_hits: FindHits) -> None:
    """A text with one of the words, however written, lacks nothing."""
    for term in item.terms:
        text = f"{_EMPTY} And here is the {term.capitalize()}, as it were."

        hits = find_hits(
            f"missing_{item.subject}", text, document_type=item.document_type
        )

        assert item.terms not in [hit.searched_for for hit in hits]


def test_a_written_date_is_a_date(find_hits: FindHits) -> None:
    """A plan with a full date lacks no date, whatever it calls it."""
    text = f"{_EMPTY} We begin on 3 March 2026 in the morning."

    hits = find_hits("missing_date", text, document_type="proposal")

    assert hits == []


def test_a_headline_is_not_expected_to_hold_everything(find_hits: FindHits) -> None:
    """A few words are too short a text for an omission."""
    hits = find_hits(
        "missing_action", "The tea of the north.", document_type="marketing_copy"
    )

    assert hits == []


def test_part_of_a_hyphenated_word_counts_as_the_word(find_hits: FindHits) -> None:
    """“Order-form” holds the whole word “order”, as the gateway counts it."""
    text = f"{_EMPTY} See our order-form for this."

    hits = find_hits("missing_action", text, document_type="marketing_copy")

    assert hits == []
