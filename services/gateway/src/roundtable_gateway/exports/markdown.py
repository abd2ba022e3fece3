"""A run as a Markdown report. What a model or an author wrote is escaped."""

import re
from collections.abc import Iterator, Sequence

from roundtable_gateway.domain.finding import Disposition, FindingKind, Quote
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.exports import words
from roundtable_gateway.exports.report import Report, ReportedFinding, ReportedSeat

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~&-])")
_NUMBER_OF_ITEM = re.compile(r"^(\d+)\.")
_LINE_BREAKS = re.compile(r"\s*[\r\n\x0b\x0c\x85\u2028\u2029]\s*")


def render(detail: RunDetail) -> str:
    """Return the report: decision, findings by severity, reviewers, manifest."""
    return "\n".join(_lines(Report.of(detail))) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {_text(report.run.document.title)}"
    yield ""
    if report.notice:
        yield f"> **{report.notice}**"
        yield ""
    yield f"**{report.headline}**"
    yield ""
    if report.standing:
        yield report.standing
        yield ""
    yield from _brief_lines(report)
    yield from _dissent_lines(report)
    yield from _finding_lines("Findings", report.verified)
    yield from _finding_lines(words.UNVERIFIED_HEADING, report.unverified)
    yield "## Reviewers"
    yield ""
    for seat in report.seats:
        yield from _seat_lines(seat)
    yield "## What ran"
    yield ""
    for stage, result in report.stages:
        yield f"- {stage}: {result}"
    yield ""
    yield report.usage
    yield ""
    yield report.provenance


def _brief_lines(report: Report) -> Iterator[str]:
    for label, asked in report.brief:
        yield f"- {label}: {_text(asked)}"
    if report.brief:
        yield ""


def _dissent_lines(report: Report) -> Iterator[str]:
    if not report.dissent:
        return
    yield "## Minority report"
    yield ""
    for reported in report.dissent:
        dissent = reported.dissent
        ids = ", ".join(dissent.finding_ids)
        about = f" ({_text(ids)})" if ids else ""
        who = f"**{dissent.panelist_id}**, {_text(reported.role)}"
        yield f"- {who}: {_text(dissent.position)}{about}"
    yield ""


def _finding_lines(heading: str, findings: Sequence[ReportedFinding]) -> Iterator[str]:
    if not findings:
        return
    yield f"## {heading}"
    yield ""
    for reported in findings:
        finding = reported.finding
        yield f"### {words.tone(finding).capitalize()}: {_text(finding.title)}"
        yield ""
        yield (
            f"{_text(finding.id)}, {finding.kind.value}, {_text(reported.criterion)}, "
            f"by {_text(reported.role)}"
        )
        yield ""
        for quote in finding.quotes:
            yield f"> {_quote(quote)}"
            yield ""
        if finding.kind is FindingKind.OMISSION and finding.searched_for:
            yield f"Searched for: {_text(', '.join(finding.searched_for))}."
            yield ""
        yield f"{_text(finding.impact)}"
        yield ""
        yield f"**Fix:** {_text(finding.fix)}"
        yield ""
        if finding.rewrite:
            yield f"**Rewrite:** {_text(finding.rewrite)}"
            yield ""
        if finding.disposition is not Disposition.OPEN:
            yield f"**Author:** {_text(words.author_words(finding))}"
            yield ""


def _quote(quote: Quote) -> str:
    return f"{_text(words.quoted_words(quote))} ({_text(words.quote_place(quote))})"


def _seat_lines(seat: ReportedSeat) -> Iterator[str]:
    letter = f"{seat.panelist_id}: " if seat.panelist_id else ""
    yield f"### {letter}{_text(seat.role)}"
    yield ""
    if not seat.is_finished:
        yield seat.call
        yield ""
        return
    yield f"{seat.call} {_text(seat.reason)}"
    yield ""
    for score in seat.scores:
        yield f"- {_text(score.criterion)}: {score.mark}. {_text(score.rationale)}"
    yield ""
    yield _text(seat.text)
    yield ""


def _text(text: str) -> str:
    """Return foreign text on one line, with no markup that would be read as such."""
    line = _MARKUP.sub(r"\\\1", _LINE_BREAKS.sub(" ", text.strip()))
    return _NUMBER_OF_ITEM.sub(r"\1\\.", line)
