"""Which findings the author has rejected before."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from roundtable_gateway.domain.finding import Finding, FindingKind, Quote, Rejection
from roundtable_gateway.panel.rejections import find_rejection
from services.gateway.tests.support.panel_samples import (
    document,
    finding,
    quote_from,
    unfound,
)

OLD = document("We ship in 10 days — on time.", "Costs rise by 5 %.")
NEW = document("Costs rise by 5 %.", "Welcome.", "We  ship in 10 days - on time.")
CHANGED = document("We ship in 12 days — on time.", "Costs rise by 5 €.")

REJECTED = finding(
    "A1",
    "A",
    title="The date is not realistic",
    quotes=(
        quote_from(OLD, "We ship in 10 days — on time."),
        quote_from(OLD, "Costs rise by 5 %"),
    ),
)
AGAIN = replace(
    REJECTED,
    id="C7",
    panelist_id="C",
    title="Date not realistic",
    quotes=(quote_from(NEW, "We  ship in 10 days - on time."),),
)
OMISSION = replace(
    REJECTED, kind=FindingKind.OMISSION, quotes=(), searched_for=("Rollback", "undo")
)


def changed(**changes: object) -> Finding:
    """Return the finding that was raised again, changed."""
    return replace(AGAIN, **changes)  # type: ignore[arg-type]  # any field may change


@pytest.mark.parametrize(
    ("raised", "rejected", "is_same"),
    [
        pytest.param(AGAIN, REJECTED, True, id="by another seat, elsewhere"),
        pytest.param(REJECTED, REJECTED, True, id="word for word"),
        pytest.param(
            changed(quotes=(quote_from(OLD, "Costs rise by 5 %."),)),
            REJECTED,
            True,
            id="with its full stop",
        ),
        pytest.param(
            changed(quotes=(quote_from(CHANGED, "We ship in 12 days — on time."),)),
            REJECTED,
            False,
            id="its number changed",
        ),
        pytest.param(
            changed(quotes=(quote_from(CHANGED, "Costs rise by 5 €"),)),
            REJECTED,
            False,
            id="its unit changed",
        ),
        pytest.param(
            changed(quotes=(*AGAIN.quotes, quote_from(NEW, "Welcome."))),
            REJECTED,
            False,
            id="with more words",
        ),
        pytest.param(
            changed(quotes=(quote_from(OLD, "We ship"),)), REJECTED, False, id="a part"
        ),
        pytest.param(changed(quotes=()), REJECTED, False, id="without words"),
        pytest.param(
            changed(quotes=(unfound("WE SHIP!"),)),
            replace(REJECTED, quotes=(unfound("we ship"),)),
            True,
            id="words that neither run found",
        ),
        pytest.param(
            changed(title="Nobody is named as owner"),
            REJECTED,
            False,
            id="another point",
        ),
        pytest.param(
            changed(criterion="clarity"), REJECTED, False, id="another criterion"
        ),
        pytest.param(
            changed(kind=FindingKind.RISK), REJECTED, False, id="another kind"
        ),
        pytest.param(
            replace(OMISSION, searched_for=("rollback",)), OMISSION, True, id="omission"
        ),
        pytest.param(
            replace(OMISSION, searched_for=("rollback", "owner")),
            OMISSION,
            False,
            id="an omission of more",
        ),
    ],
)
def test_what_counts_as_rejected_before(
    raised: Finding, rejected: Finding, *, is_same: bool
) -> None:
    """The same point on the same words, whoever raises it."""
    rejection = Rejection("run_0", rejected)

    assert find_rejection(raised, [rejection]) == (rejection if is_same else None)


def test_the_first_rejection_that_applies_is_named() -> None:
    """Callers list the latest run first."""
    other = Rejection("run_9", changed(criterion="clarity"))
    latest, earliest = Rejection("run_2", REJECTED), Rejection("run_1", REJECTED)

    assert find_rejection(AGAIN, [other, latest, earliest]) == latest
    assert find_rejection(AGAIN, []) is None


class WatchedQuotes(list[Quote]):
    """Quotes that count how often they are gone through."""

    readings = 0

    def __iter__(self) -> Iterator[Quote]:
        """Count, and give them."""
        self.readings += 1
        return super().__iter__()


def test_what_is_read_does_not_grow_with_the_rejections() -> None:
    """The finding is read once, rejections of another sort never."""
    raised = changed(quotes=WatchedQuotes(AGAIN.quotes), title="Nobody is named")
    others = [
        changed(criterion="clarity", quotes=WatchedQuotes(AGAIN.quotes)),
        changed(kind=FindingKind.RISK, quotes=WatchedQuotes(AGAIN.quotes)),
    ]
    rejections = [Rejection("run_0", each) for each in [*others, REJECTED] * 50]

    assert find_rejection(raised, rejections) is None

    readings = [each.quotes.readings for each in (raised, *others)]  # type: ignore[attr-defined]  # watched above
    assert readings == [1, 0, 0]
