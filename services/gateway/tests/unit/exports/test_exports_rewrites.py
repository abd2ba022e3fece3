"""Which words a rewrite replaces, in the plan and in every report."""

from dataclasses import replace

import pytest
from defusedxml import ElementTree

from roundtable_gateway.documents.docx import read_docx
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.domain.finding import (
    Disposition,
    Quote,
    QuoteMethod,
    QuoteStatus,
)
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.exports import markdown
from roundtable_gateway.exports.docx import report_file
from roundtable_gateway.exports.html import page
from roundtable_gateway.exports.offered_rewrites import OfferedRewrite
from roundtable_gateway.exports.remarks import margin_notes
from roundtable_gateway.exports.rewrites import LeftOutReason, plan_rewrites
from services.gateway.tests.support.log_samples import FINDING
from services.gateway.tests.support.reports import text_of, whole_run

_WORDS = "We promise much to all of you at no cost."
_TEXT = text_of(_WORDS)


def _quote(words: str, method: QuoteMethod = QuoteMethod.EXACT) -> Quote:
    start = _WORDS.index(words)
    status = QuoteStatus.NORMALIZED
    if method is QuoteMethod.EXACT:
        status = QuoteStatus.EXACT
    return Quote(words, words, status, method, "P1", start, start + len(words))


_FOUND = _quote("much to all")
_GAPS = replace(_quote(_WORDS, QuoteMethod.ELLIPSIS), given="We promise … at no cost.")
_LOST = FINDING.quotes[1]


def _run(rewrite: str | None, *quotes: Quote) -> RunDetail:
    finding = replace(
        FINDING, rewrite=rewrite, quotes=quotes, disposition=Disposition.ACCEPTED
    )
    return replace(whole_run(), findings=(finding,))


@pytest.mark.parametrize(
    "quotes",
    [
        (_FOUND,),
        (_FOUND, _LOST),
        (_FOUND, replace(_FOUND, method=QuoteMethod.TYPOGRAPHY)),
        (replace(_FOUND, method=QuoteMethod.ELLIPSIS), _FOUND),
        (replace(_FOUND, method=QuoteMethod.NEAR),),
    ],
    ids=["one", "other lost", "twice", "with and without gaps", "near"],
)
def test_rewrite_goes_in_place_of_the_words_quoted(quotes: tuple[Quote, ...]) -> None:
    """Of the document's own words: those that the finding shows."""
    (planned,) = plan_rewrites(_run("little", *quotes), _TEXT).applied

    revised = _WORDS[: planned.start] + planned.new + _WORDS[planned.end :]
    assert planned.old == "much to all"
    assert revised == "We promise little of you at no cost."


@pytest.mark.parametrize(
    "quotes",
    [(), (_LOST,), (_FOUND, _quote("at no cost")), (_GAPS,), (_GAPS, _FOUND)],
    ids=["none", "lost", "two", "gaps", "gaps and one"],
)
def test_rewrite_of_no_one_place_is_left_out(quotes: tuple[Quote, ...]) -> None:
    """Words that an ellipsis stands for would go, and nobody quoted them."""
    plan = plan_rewrites(_run("little", *quotes), _TEXT)

    assert plan.applied == ()
    assert [each.reason for each in plan.left_out] == [LeftOutReason.NOT_ONE_PLACE]


@pytest.mark.parametrize("rewrite", [None, "", " \n\t"])
def test_blank_rewrite_deletes_nothing(rewrite: str | None) -> None:
    """The reviewer offers none; accepting the finding leaves the words alone."""
    plan = plan_rewrites(_run(rewrite, _FOUND), _TEXT)

    assert plan.applied == ()
    assert [each.reason for each in plan.left_out] == [LeftOutReason.NO_REWRITE]


def _told(detail: RunDetail) -> dict[str, str]:
    """Return what each report tells of the rewrite, as the words that are shown."""
    html = page.render(detail, _TEXT).partition("<b>Rewrite")[2].partition("</p>")[0]
    shown = "".join(ElementTree.fromstring(f"<p><b>Rewrite{html}</p>").itertext())
    blocks = read_docx(report_file.render(detail), Limits()).blocks
    plain = [line.replace("*", "") for line in markdown.render(detail).splitlines()]
    lines = {
        "html": [shown],
        "md": plain,
        "docx": [block.text for block in blocks],
        "comments": [
            line for note in margin_notes(detail, _TEXT) for line in note.lines
        ],
    }
    told = {
        form: [line for line in each if line.startswith("Rewrite")]
        for form, each in lines.items()
    }
    return {form: line for form, (line,) in told.items()}


def test_reports_show_what_a_rewrite_replaces() -> None:
    """The author accepts it for these words, and for no others."""
    told = _told(_run("little", _FOUND))

    expected = "Rewrite instead of “much to all”: little"
    assert told.pop("html") == "Rewrite instead of much to all: little"
    assert told == dict.fromkeys(("md", "docx", "comments"), expected)


@pytest.mark.parametrize("quotes", [(_LOST,), (_GAPS,)], ids=["lost", "gaps"])
def test_reports_do_not_guess_what_a_rewrite_replaces(
    quotes: tuple[Quote, ...],
) -> None:
    """Where the plan would leave it out, no words are named."""
    told = _told(_run("little", *quotes))

    assert set(told.values()) == {"Rewrite: little"}


def test_reports_show_no_blank_rewrite() -> None:
    """There is nothing to read."""
    detail = _run(" ", _FOUND)

    assert OfferedRewrite.of(detail.findings[0]) is None
    assert "Rewrite" not in markdown.render(detail)
    assert "<b>Rewrite" not in page.render(detail, _TEXT)
