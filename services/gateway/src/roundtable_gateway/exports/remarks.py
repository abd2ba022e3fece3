"""The findings of a run as notes for the margin of the author's own file."""

from collections.abc import Iterator
from dataclasses import dataclass

from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.finding import (
    Disposition,
    Finding,
    FindingKind,
    Quote,
)
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.exports import stage_words, words
from roundtable_gateway.exports.offered_rewrites import OfferedRewrite
from roundtable_gateway.exports.report import Report
from roundtable_gateway.exports.reported_findings import ReportedFinding
from roundtable_gateway.panel.verify import is_found

_HOUSE = "Persona Roundtable"


@dataclass(frozen=True, slots=True)
class MarginNote:
    """What a note says and where it belongs.

    Attributes:
        lines: A paragraph a line; the first one stands out.
        start: Offset in the document's text of what it is about, None for all of it.
        end: Offset behind that, None for the whole paragraph at `start`.
    """

    author: str
    lines: tuple[str, ...]
    start: int | None = None
    end: int | None = None


def margin_notes(detail: RunDetail, text: DocumentText) -> tuple[MarginNote, ...]:
    """Return a note on the document as a whole, then one a finding; none is left out.

    A finding's note is on the words that it quotes first, else on the paragraph that
    it names, else on the document.
    """
    report = Report.of(detail)
    starts = {paragraph.id: paragraph.start for paragraph in text.paragraphs}
    notes = (_note(each, starts) for each in report.findings)
    return (_summary(report), *notes)


def _summary(report: Report) -> MarginNote:
    lines = [report.headline, report.notice, report.standing, report.current]
    lines += (_labelled(label, told) for label, told in report.brief)
    if report.synthesis:
        lines += (
            _cited(each.text, each.finding_ids) for each in report.synthesis.sentences
        )
        lines += (
            f"Minority: {_cited(each.text, each.finding_ids)}"
            for each in report.synthesis.minority
        )
    lines += (
        f"{each.dissent.panelist_id}, {each.role}, dissents: "
        f"{_cited(each.dissent.position, each.dissent.finding_ids)}"
        for each in report.dissent
    )
    if report.synthesis and report.synthesis.not_examined:
        unseen = "; ".join(report.synthesis.not_examined)
        lines.append(_labelled("Not examined by anybody", unseen))
    lines += (report.found_by, report.usage, report.provenance)
    return MarginNote(_HOUSE, tuple(line for line in lines if line))


def _cited(sentence: str, finding_ids: tuple[str, ...]) -> str:
    return f"{sentence} ({', '.join(finding_ids)})" if finding_ids else sentence


def _labelled(label: str, told: str) -> str:
    return f"{label}: {told}"


def _note(reported: ReportedFinding, starts: dict[str, int]) -> MarginNote:
    finding = reported.finding
    found = [quote for quote in finding.quotes if is_found(quote)]
    lines = tuple(_lines(reported, found))
    if finding.verified and found:
        return MarginNote(reported.role, lines, found[0].start, found[0].end)
    named = (starts[each] for each in finding.paragraph_ids if each in starts)
    return MarginNote(reported.role, lines, next(named, None))


def _lines(reported: ReportedFinding, found: list[Quote]) -> Iterator[str]:
    finding = reported.finding
    yield f"{words.tone(finding).capitalize()}: {finding.title}"
    yield f"{finding.id}, {finding.kind.value}, {reported.criterion}"
    yield from _together(reported)
    if not finding.verified:
        yield from _unverified(finding)
    for quote in found[1:]:
        yield f"Quoted too: “{words.quoted_words(quote)}” ({words.quote_place(quote)})"
    if finding.kind is FindingKind.OMISSION and finding.searched_for:
        yield _labelled("Searched for", ", ".join(finding.searched_for))
    if finding.impact:
        yield finding.impact
    if finding.fix:
        yield _labelled("Fix", finding.fix)
    if offered := OfferedRewrite.of(finding):
        yield _rewrite(offered)
    if finding.disposition is not Disposition.OPEN:
        yield _labelled("Author", words.author_words(finding))


def _rewrite(offered: OfferedRewrite) -> str:
    if offered.replaced is None:
        return _labelled("Rewrite", offered.words)
    old = words.quoted_words(offered.replaced)
    return _labelled(f"Rewrite instead of “{old}”", offered.words)


def _together(reported: ReportedFinding) -> Iterator[str]:
    if reported.same_as is not None:
        yield f"Same point as {reported.same_as}."
    elif reported.found_by is not None:
        yield f"{stage_words.FOUND_BY[reported.found_by].capitalize()}."
    if reported.together_with:
        yield _labelled("Raised too in", ", ".join(reported.together_with))


def _unverified(finding: Finding) -> Iterator[str]:
    yield "Not verified: its evidence was not found in the document."
    for quote in finding.quotes:
        yield f"Quoted: “{words.quoted_words(quote)}” ({words.quote_place(quote)})"
