"""The words that every report shares."""

from dataclasses import replace

import pytest

from roundtable_gateway.domain.finding import Disposition, Quote, QuoteStatus
from roundtable_gateway.domain.run import Engine
from roundtable_gateway.exports import words
from services.gateway.tests.support.log_samples import FINDING
from services.gateway.tests.support.samples import run_summary

_FOUND, _INVENTED = FINDING.quotes


@pytest.mark.parametrize(
    ("quote", "quoted", "place"),
    [
        (_FOUND, "Our backups never fail.", "P1"),
        (_INVENTED, "made up", "not found"),
        (replace(_INVENTED, status=QuoteStatus.AMBIGUOUS), "made up", "several places"),
    ],
)
def test_quote_says_where_it_stands(quote: Quote, quoted: str, place: str) -> None:
    """The document's own words if there are any; found in two places is not lost."""
    assert words.quoted_words(quote) == quoted
    assert words.quote_place(quote).endswith(place)


def test_author_needs_no_reason() -> None:
    """Without one there is no colon either."""
    accepted = replace(FINDING, disposition=Disposition.ACCEPTED)

    assert words.author_words(accepted) == "accepted"
    told = words.author_words(replace(accepted, disposition_reason="True."))
    assert told == "accepted: True."


def test_facts_name_what_there_is() -> None:
    """Pages only of what has pages, revisions only from the second on."""
    run = run_summary(seats="AB", engine=Engine.CLAUDE)
    paged = replace(run.document, page_count=3, revision=2, word_count=1200)

    assert words.facts(run) == "8 words, 2 reviewers, engine claude"
    assert words.facts(replace(run, document=paged)) == (
        "revision 2, 3 pages, 1,200 words, 2 reviewers, engine claude"
    )


def test_reason_is_words_that_no_markup_reads() -> None:
    """Whatever a reason holds, letters and digits come of it."""
    assert words.with_reason("failed", "RATE_LIMITED") == "failed: rate limited"
    assert "<" not in words.with_reason("failed", "<b>*_[x](y)")
    assert words.with_reason("ran", None) == "ran"
