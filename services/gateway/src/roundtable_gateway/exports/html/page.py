"""The report of a run as one file: no script, no request, nothing but itself."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.exports import words
from roundtable_gateway.exports.html import stages
from roundtable_gateway.exports.html.anchors import Anchors, link
from roundtable_gateway.exports.html.document import document
from roundtable_gateway.exports.html.findings import findings
from roundtable_gateway.exports.html.markup import Html, element, foreign, fragment
from roundtable_gateway.exports.html.reviewers import SeatMarks, reviewers, scores
from roundtable_gateway.exports.report import Report


def render(detail: RunDetail, text: DocumentText) -> str:
    """Return the report with the document and its marked quotes behind it.

    Reads the style sheet from disk the first time.
    """
    report = Report.of(detail)
    body = element(
        "body",
        _header(report),
        _main(report, text),
        class_="rehearsal" if report.notice else None,
    )
    page = element("html", _head(report), body, lang="en")
    return f"<!doctype html>\n{page.source}\n"


@cache
def _style() -> str:
    return resources.files(__package__).joinpath("report.css").read_text("utf-8")


def _head(report: Report) -> Html:
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="referrer", content="no-referrer"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", report.run.document.title),
        Html(f"<style>{style}</style>"),
    )


def _header(report: Report) -> Html:
    return element(
        "header",
        report.notice and element("p", report.notice, class_="notice", role="note"),
        element("p", "Panel review", class_="kind"),
        foreign("h1", report.run.document.title),
        element("p", words.facts(report.run), class_="facts"),
    )


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of the report that the contents lead to."""

    anchor: str
    heading: str
    content: Html


def _main(report: Report, text: DocumentText) -> Html:
    sections = tuple(_sections(report, text))
    contents = (
        link(section.anchor, section.heading.partition(":")[0]) for section in sections
    )
    return element(
        "main",
        _decision(report),
        element("nav", *contents, aria_label="Contents"),
        *(
            element(
                "section",
                element("h2", section.heading),
                section.content,
                id=section.anchor,
            )
            for section in sections
        ),
    )


def _decision(report: Report) -> Html:
    asked = [
        element("div", element("dt", label), foreign("dd", answer))
        for label, answer in report.brief
    ]
    return element(
        "div",
        element("p", report.headline, class_="headline"),
        report.standing and element("p", report.standing, class_="standing"),
        report.current and element("p", report.current, class_="standing"),
        element("dl", *asked) if asked else None,
        class_="decision",
    )


def _sections(report: Report, text: DocumentText) -> Iterator[_Section]:
    anchors, marks = Anchors(report, text), SeatMarks(report)
    if report.synthesis:
        content = stages.synthesis(report.synthesis, anchors)
        yield _Section("synthesis", "What it comes to", content)
    if report.dissent or (report.synthesis and report.synthesis.minority):
        content = stages.minority(report, anchors, marks)
        yield _Section("dissent", "Minority report", content)
    if report.verified:
        yield _Section("findings", "Findings", _findings(report, anchors))
    if report.unverified:
        yield _Section(
            "not-verified",
            words.UNVERIFIED_HEADING,
            findings(report.unverified, anchors),
        )
    yield from _talk(report, anchors, marks)
    if report.score_rows:
        table = scores(report.score_rows, marks, has_control=report.has_control)
        yield _Section("scores", "Scores", table)
    yield _Section("reviewers", "Reviewers", reviewers(report.seats, marks))
    if report.coverage:
        yield _Section("coverage", "Who read what", stages.pairs(report.coverage))
    yield _Section("what-ran", "What ran", _record(report))
    yield _Section("document", "The document", _document(report, text))


def _findings(report: Report, anchors: Anchors) -> Html:
    remark = report.found_by and element("p", report.found_by, class_="aside")
    return fragment((remark, findings(report.verified, anchors)))


def _talk(report: Report, anchors: Anchors, marks: SeatMarks) -> Iterator[_Section]:
    if report.agenda:
        content = stages.discussion(report.agenda, anchors, marks)
        yield _Section("discussion", "Discussion", content)
    if report.synthesis and report.synthesis.not_examined:
        content = stages.listed(report.synthesis.not_examined)
        yield _Section("not-examined", "Not examined by anybody", content)
    if report.answers:
        content = stages.answers(report.answers, marks)
        yield _Section("answers", "Questions and answers", content)


def _record(report: Report) -> Html:
    return fragment(
        (
            stages.pairs((stage.capitalize(), told) for stage, told in report.stages),
            stages.listed(report.record) if report.record else None,
            element("p", report.usage),
            element("p", report.provenance, class_="provenance"),
        )
    )


def _document(report: Report, text: DocumentText) -> Html:
    warnings = (
        foreign("p", warning.detail, class_="warning")
        for warning in report.run.document.warnings
    )
    return fragment((*warnings, document(text, report.verified)))
