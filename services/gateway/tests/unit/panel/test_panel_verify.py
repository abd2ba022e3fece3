"""When a finding's evidence holds."""

from collections.abc import Callable

import pytest

from roundtable_gateway.domain.finding import FindingKind, Quote, QuoteStatus
from roundtable_gateway.domain.persona import Criterion
from roundtable_gateway.panel.quote_check import QuoteChecker
from roundtable_gateway.panel.verify import is_verified

TEXT = "We plan a Roll\u00adback drill. Ownership is shared, see plan\u00a0B."


def quote(status: QuoteStatus) -> Quote:
    """Build a quote of which only the status matters."""
    return Quote("words", "words", status, None, "P1", 0, 5)


@pytest.mark.parametrize(
    ("statuses", "verified"),
    [
        ([], False),
        ([QuoteStatus.EXACT], True),
        ([QuoteStatus.NORMALIZED], True),
        ([QuoteStatus.AMBIGUOUS], False),
        ([QuoteStatus.NOT_FOUND], False),
        ([QuoteStatus.NOT_FOUND, QuoteStatus.AMBIGUOUS, QuoteStatus.EXACT], True),
    ],
)
@pytest.mark.parametrize("kind", [k for k in FindingKind if k != FindingKind.OMISSION])
def test_a_finding_needs_one_quote_that_was_found(
    make_checker: Callable[..., QuoteChecker],
    rollback_criterion: Criterion,
    kind: FindingKind,
    statuses: list[QuoteStatus],
    *,
    verified: bool,
) -> None:
    """One exact or normalised quote verifies a finding, whatever the others are."""
    outcome = is_verified(
        kind,
        [quote(status) for status in statuses],
        searched_for=["owner"],
        criterion=rollback_criterion,
        checker=make_checker(TEXT),
    )

    assert outcome is verified


@pytest.mark.parametrize(
    ("terms", "verified"),
    [
        pytest.param(["owner"], True, id="expected and absent"),
        pytest.param(["OWNER", "assignee"], True, id="one expected, all absent"),
        pytest.param(["assignee"], False, id="absent but not expected"),
        pytest.param(["rollback"], False, id="expected but there"),
        pytest.param(["owner", "rollback"], False, id="one of them there"),
        pytest.param(["owner", "drill"], False, id="the unexpected one there"),
        pytest.param(["plan B"], False, id="there with another space"),
        pytest.param(["owner", " "], True, id="a blank term is nowhere"),
        pytest.param([" "], False, id="nothing searched for"),
        pytest.param([], False, id="no terms"),
    ],
)
def test_an_omission_needs_an_expected_term_that_is_absent(
    make_checker: Callable[..., QuoteChecker],
    rollback_criterion: Criterion,
    terms: list[str],
    *,
    verified: bool,
) -> None:
    """An omission holds by what the rubric expects and the text lacks."""
    outcome = is_verified(
        FindingKind.OMISSION,
        [],
        searched_for=terms,
        criterion=rollback_criterion,
        checker=make_checker(TEXT),
    )

    assert outcome is verified


def test_a_quote_does_not_show_an_absence(
    make_checker: Callable[..., QuoteChecker], rollback_criterion: Criterion
) -> None:
    """An omission whose term is there stays unverified, quote or not."""
    outcome = is_verified(
        FindingKind.OMISSION,
        [quote(QuoteStatus.EXACT)],
        searched_for=["rollback"],
        criterion=rollback_criterion,
        checker=make_checker(TEXT),
    )

    assert outcome is False


def test_a_term_inside_too_many_words_counts_as_there(
    make_checker: Callable[..., QuoteChecker],
) -> None:
    """Where the search gives up, an omission is not taken for proven."""
    checker = make_checker("said " * 1_200)

    assert checker.contains_term("ai")
    assert not make_checker("said " * 900).contains_term("ai")
