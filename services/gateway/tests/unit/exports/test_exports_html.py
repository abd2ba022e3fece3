"""The HTML report: as committed, whole, led both ways, and inert."""

import base64
import hashlib
import re
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable_gateway.domain.finding import QuoteStatus, Severity
from roundtable_gateway.domain.run import Engine, RunDetail
from roundtable_gateway.exports.html.page import render
from roundtable_gateway.exports.words import REHEARSAL_NOTICE
from services.gateway.tests.support.log_samples import ANSWERED_TURN, FINDING
from services.gateway.tests.support.reports import (
    HOSTILE,
    check_golden,
    hostile_everywhere,
    text_of,
    whole_roundtable,
    whole_run,
)
from services.gateway.tests.support.samples import DOCUMENT_TEXT

_GOLDEN = Path(__file__).parent / "golden"
_ROOT = Path(__file__).parents[5]
_TOKENS = _ROOT / "frontend" / "src" / "styles" / "tokens.css"
_ATTRIBUTES = {
    *("aria-label", "charset", "class", "content", "dir", "href", "http-equiv", "id"),
    *("lang", "name", "role", "scope"),
}


@dataclass
class _Page(HTMLParser):
    """A page as a parser reads it: tags, attributes and text."""

    source: str
    tags: list[str] = field(default_factory=list)
    attributes: list[tuple[str, str]] = field(default_factory=list)
    words: str = ""
    marked: list[str] = field(default_factory=list)
    style: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[str] = []
        self.feed(self.source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag != "meta":
            self._open.append(tag)
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] == ["style"]:
            self.style += data
            return
        self.words += data
        if "mark" in self._open:
            self.marked[-1] += data

    def all(self, attribute: str) -> list[str]:
        return [value for name, value in self.attributes if name == attribute]


@pytest.mark.parametrize(
    ("detail", "name"),
    [(whole_run(), "report.html"), (whole_roundtable(), "roundtable.html")],
    ids=["review", "roundtable"],
)
def test_report_is_as_committed(detail: RunDetail, name: str) -> None:
    """What the Markdown report tells, and the document."""
    check_golden(render(detail, DOCUMENT_TEXT), _GOLDEN / name)


def test_every_link_leads_somewhere_and_back() -> None:
    """From a finding's quote to the text, and from the text to the finding."""
    page = _Page(render(whole_run(), DOCUMENT_TEXT))

    ids, links = page.all("id"), page.all("href")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert all(link.startswith("#") for link in links)
    assert {"#quote-2-1", "#finding-2", "#quote-3-1", "#finding-3"} <= set(links)
    assert "#finding-4" in links  # the dissent's, unverified as it is


def test_words_are_marked_where_they_stand() -> None:
    """Two quotes that overlap part the text, the gravest tints what they share."""
    page = _Page(render(whole_run(), DOCUMENT_TEXT))

    assert page.marked == ["Our backups ", "never fail."]
    tints = re.findall(r'<mark class="([^"]*)"', page.source)
    assert tints == ["tone-major", "tone-major"]


def test_headings_are_drawn_as_such() -> None:
    """A paragraph is a heading if the one behind it stands under it."""
    plain = text_of("# Plan", "Plan well.", "Cost\n----", "Low.", "Cost")
    headings = (None, "Plan", "Plan", "Cost", "Cost")
    paragraphs = tuple(
        replace(paragraph, heading=heading)
        for paragraph, heading in zip(plain.paragraphs, headings, strict=True)
    )

    detail = replace(whole_run(), findings=())

    source = render(detail, replace(plain, paragraphs=paragraphs))

    appendix = source[source.index('<section id="document">') :]
    drawn = re.findall(r"<(h3|p) dir=\"auto\">([^<]*)", appendix)
    assert drawn == [
        ("h3", "# Plan"),
        ("p", "Plan well."),
        ("h3", "Cost\n----"),
        ("p", "Low."),
        ("p", "Cost"),
    ]


def test_quote_across_paragraphs_is_marked_in_each() -> None:
    """One way there, to its beginning, and one way back, from its end."""
    text = text_of("One two", "three", "four five")
    quote = replace(FINDING.quotes[0], status=QuoteStatus.EXACT, start=4, end=20)
    finding = replace(FINDING, quotes=(quote,))

    page = _Page(render(replace(whole_run(), findings=(finding,)), text))

    assert page.marked == ["two", "three", "four"]
    assert page.all("id").count("quote-1-1") == 1
    assert len(re.findall(r'<sup><a [^>]*href="#finding-1"', page.source)) == 1


@pytest.mark.parametrize(
    "changes", [{"verified": False}, {"quotes": (FINDING.quotes[1],)}]
)
def test_unverified_words_never_tint_the_text(changes: dict[str, object]) -> None:
    """They wait in their own part, if code has not found them."""
    finding = replace(FINDING, **changes)  # type: ignore[arg-type]  # mypy can't see which fields

    page = _Page(render(replace(whole_run(), findings=(finding,)), DOCUMENT_TEXT))

    assert page.marked == []


@pytest.mark.parametrize("severity", list(Severity))
def test_every_severity_has_its_tint(severity: Severity) -> None:
    """No finding is drawn without colour, mark and word."""
    finding = replace(FINDING, severity=severity)

    page = _Page(render(replace(whole_run(), findings=(finding,)), DOCUMENT_TEXT))

    assert f"finding tone-{severity.value}" in page.all("class")
    assert f".tone-{severity.value} {{" in page.style
    assert severity.value.capitalize() in page.words


@pytest.mark.parametrize("engine", list(Engine))
def test_rehearsal_is_named_on_every_sheet(engine: Engine) -> None:
    """The banner above everything, and a line on each printed page."""
    detail = whole_run()

    run = replace(detail.run, engine=engine)
    page = _Page(render(replace(detail, run=run), DOCUMENT_TEXT))

    is_rehearsal = engine is Engine.REHEARSAL
    assert (REHEARSAL_NOTICE in page.words) is is_rehearsal
    assert ("rehearsal" in page.all("class")) is is_rehearsal
    assert f"engine {engine.value}" in page.words


def test_scores_are_plotted_by_letter() -> None:
    """A letter a reviewer under its score, and the median beside them."""
    other = replace(ANSWERED_TURN, id="run_1-1-B", panelist_id="B", overall=None)
    detail = replace(whole_run(), turns=(ANSWERED_TURN, other))

    source = render(detail, DOCUMENT_TEXT)

    rows = re.findall(r"<tr>(.*?)</tr>", source)[1:]
    cells = [
        re.sub(r"<[^>]+>", " ", row.replace("</td>", ",")).split(",") for row in rows
    ]
    plot = [[" ".join(cell.split()) for cell in row] for row in cells]
    assert plot == [
        ["Evidence", "", "A B", "", "", "", "3", ""],
        ["Clarity", "", "", "", "", "A B", "", ""],
        ["Overall", "", "", "A", "", "B", "4", ""],
    ]


def test_control_has_a_column_of_its_own() -> None:
    """Its marks are plotted apart and count towards no median."""
    source = render(whole_roundtable(), DOCUMENT_TEXT)

    rows = re.findall(r"<tr>(.*?)</tr>", source, re.DOTALL)
    assert rows[0].endswith('<th dir="auto" scope="col">Control</th>')
    assert '<td>3</td><td class="control">2</td>' in rows[1]
    assert rows[2].endswith('<td></td><td class="control"></td>')
    assert rows[3].endswith('<td>3</td><td class="control">2</td>')


def test_citations_and_stances_lead_to_what_they_rest_on() -> None:
    """A sentence to its findings, a stance to its passage, a member to its lead."""
    page = _Page(render(whole_roundtable(), DOCUMENT_TEXT))

    ids, links = page.all("id"), page.all("href")
    assert len(ids) == len(set(ids))
    assert {link[1:] for link in links} <= set(ids)
    assert {"synthesis", "discussion", "coverage", "not-examined"} <= set(ids)
    cited = re.search(r"before it ships\.</span> (.*?)</p>", page.source)
    assert cited
    assert re.findall('href="(.*?)"', cited[1]) == ["#finding-2", "#finding-4"]
    assert page.source.count('Same point as <a href="#finding-2">A1</a>.') == 2


def test_run_that_nobody_began_is_a_report_too() -> None:
    """No empty headings, and no decision made up."""
    detail = replace(whole_run(), turns=(), findings=(), decision=None)

    page = _Page(render(detail, DOCUMENT_TEXT))

    assert "No decision yet (state incomplete)." in page.words
    assert {"findings", "not-verified", "scores", "dissent"}.isdisjoint(page.all("id"))


def test_policy_allows_its_own_style_and_nothing_else() -> None:
    """No script, no request; a changed style sheet is not applied."""
    page = _Page(render(whole_run(), DOCUMENT_TEXT))

    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    assert (
        f"default-src 'none'; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'" in page.all("content")
    )
    assert not re.search(r"url\(|@import|@font-face|//|<", page.style)


def _palettes(style: str) -> list[dict[str, str]]:
    """Return the properties of each `:root`: the light ones, then the dark ones."""
    roots = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    pairs = (re.findall(r"(--[\w-]+):\s*([^;]+);", root) for root in roots)
    return [{name: " ".join(value.split()) for name, value in each} for each in pairs]


def test_colours_and_type_are_the_pages() -> None:
    """Screen and report look alike, in light and in dark."""
    style = _Page(render(whole_run(), DOCUMENT_TEXT)).style
    ours, pages = _palettes(style), _palettes(_TOKENS.read_text(encoding="utf-8"))

    for own, page in zip(ours[:2], pages, strict=True):
        assert own
        assert own.items() <= page.items()
    seats = re.findall(r"\.hue-.*", style)
    assert seats == re.findall(r"\.hue-.*", _TOKENS.read_text(encoding="utf-8"))


def _shape(source: str) -> tuple[list[str], list[str]]:
    page = _Page(source)
    return page.tags, [value for name, value in page.attributes if name != "content"]


def _shown(text: str) -> str:
    """Return text as a page can show it."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]", "\ufffd", text)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_only_ever_text(hostile: str) -> None:
    """It makes no element, no attribute and no address, and is told word for word."""
    page = _Page(render(*hostile_everywhere(hostile)))

    plain = _Page(render(*hostile_everywhere("plain")))
    assert page.tags == plain.tags
    assert page.attributes == plain.attributes
    assert {name for name, _ in page.attributes} <= _ATTRIBUTES
    assert all(link.startswith("#") for link in page.all("href"))
    assert page.words.count(_shown(hostile)) >= 20


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("ab <>&\"'/!-=;#\x00\x1b\n\r\u2028"), min_size=1))
def test_markup_is_escaped_wherever_it_stands(written: str) -> None:
    """Whatever the characters, the page's shape is that of plain words."""
    source = render(*hostile_everywhere(f"x{written}x"))

    assert _shape(source) == _shape(render(*hostile_everywhere("xx")))
