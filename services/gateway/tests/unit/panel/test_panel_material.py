"""What findings take of a window when they are shown, and which of them fit."""

from dataclasses import replace

import pytest

from roundtable_gateway.domain.finding import Severity
from roundtable_gateway.panel.material import (
    estimate_finding,
    gravest_that_fit,
    shorten,
)
from services.gateway.tests.support.log_samples import FINDING

_LONG = "x" * 3_000


def test_every_word_that_is_shown_takes_room() -> None:
    """At three bytes a token, whichever field they stand in."""
    least = estimate_finding(FINDING)

    for field in ("title", "criterion", "impact", "fix", "rewrite"):
        longer = replace(FINDING, **{field: _LONG})  # type: ignore[arg-type]  # a test's fields by name
        assert estimate_finding(longer) > least + 800, field
    quote = replace(FINDING.quotes[0], text=_LONG)
    assert estimate_finding(replace(FINDING, quotes=(quote,))) > least + 900
    unfound = replace(quote, text=None, given=_LONG)
    assert estimate_finding(replace(FINDING, quotes=(unfound,))) > least + 900
    assert estimate_finding(replace(FINDING, searched_for=(_LONG,))) > least + 900
    assert estimate_finding(FINDING, _LONG) > least + 900


def test_short_finding_keeps_its_name_title_and_weight() -> None:
    """Who reads it can cite it, and knows how grave it is."""
    short = shorten(replace(FINDING, impact=_LONG, fix=_LONG, rewrite=_LONG))

    assert estimate_finding(short) < 160
    for field in ("id", "panelist_id", "kind", "title", "severity", "verified"):
        assert getattr(short, field) == getattr(FINDING, field)


_ALIKE = [
    replace(FINDING, id="A1", severity=Severity.NOTE),
    replace(FINDING, id="A2", severity=Severity.BLOCKER),
    replace(FINDING, id="A3", severity=Severity.MAJOR, verified=False),
    replace(FINDING, id="A10", severity=Severity.MAJOR),
]


@pytest.mark.parametrize(
    ("places", "kept"),
    [
        (0, []),
        (1, ["A2"]),
        (2, ["A2", "A10"]),
        (3, ["A2", "A3", "A10"]),
        (4, ["A1", "A2", "A3", "A10"]),
    ],
)
def test_gravest_are_kept_in_the_order_they_were_given(
    places: int, kept: list[str]
) -> None:
    """Of the same weight the verified come first."""
    place = max(map(estimate_finding, _ALIKE))

    fitting = gravest_that_fit(_ALIKE, places * place)

    assert [each.id for each in fitting] == kept


def test_finding_that_is_too_long_makes_way_for_the_next() -> None:
    """One that no room holds does not cost the others theirs."""
    room = 2 * estimate_finding(FINDING)
    huge = replace(_ALIKE[1], impact=_LONG)

    fitting = gravest_that_fit([huge, *_ALIKE[2:]], room)

    assert [each.id for each in fitting] == ["A3", "A10"]


def test_room_that_is_used_up_holds_nothing() -> None:
    """A document may take all of it, and more by the estimate."""
    assert gravest_that_fit(_ALIKE, -100) == ()
