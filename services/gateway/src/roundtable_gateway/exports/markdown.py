"""A run as a Markdown report. What a model or an author wrote is escaped."""

import re
from collections.abc import Iterator, Sequence

from roundtable_gateway.domain.finding import Disposition, FindingKind, Quote
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.domain.synthesis import SynthesisSentence
from roundtable_gateway.exports import stage_words, words
from roundtable_gateway.exports.offered_rewrites import OfferedRewrite
from roundtable_gateway.exports.report import Report
from roundtable_gateway.exports.reported_findings import ReportedFinding
from roundtable_gateway.exports.reported_seats import ReportedSeat
from roundtable_gateway.exports.reported_stages import ReportedStance

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~&-])")
_NUMBER_OF_ITEM = re.compile(r"^(\d+)\.")
_LINE_BREAKS = re.compile(r"\s*[\r\n\x0b\x0c\x85\u2028\u2029]\s*")


def render(detail: RunDetail) -> str:
    """Return the report: decision, synthesis, findings, discussion, what ran."""
    return "\n".join(_Markdown(Report.of(detail)).lines()) + "\n"


class _Markdown:
    """Writes one report, line by line."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._numbers = {each.finding.id: each.number for each in report.findings}

    def lines(self) -> Iterator[str]:
        """Yield the lines of the report."""
        report = self._report
        yield f"# {_text(report.run.document.title)}"
        yield ""
        if report.notice:
            yield f"> **{report.notice}**"
            yield ""
        yield f"**{report.headline}**"
        yield ""
        for sentence in (report.standing, report.current):
            if sentence:
                yield sentence
                yield ""
        yield from _pairs(report.brief)
        yield from self._synthesis()
        yield from self._minority()
        yield from self._findings("Findings", report.verified, report.found_by)
        yield from self._findings(words.UNVERIFIED_HEADING, report.unverified)
        yield from self._discussion()
        yield from _list(
            "Not examined by anybody",
            report.synthesis.not_examined if report.synthesis else (),
        )
        yield from self._answers()
        yield "## Reviewers"
        yield ""
        for seat in report.seats:
            yield from _seat_lines(seat)
        if report.coverage:
            yield "## Who read what"
            yield ""
            yield from _pairs(report.coverage)
        yield "## What ran"
        yield ""
        yield from _pairs(report.stages)
        for line in report.record:
            yield f"- {_text(line)}"
        if report.record:
            yield ""
        yield report.usage
        yield ""
        yield report.provenance

    def _synthesis(self) -> Iterator[str]:
        synthesis = self._report.synthesis
        if synthesis is None:
            return
        yield "## What it comes to"
        yield ""
        for sentence in synthesis.sentences:
            yield f"- {self._cited(sentence)}"
        yield ""
        if dropped := stage_words.dropped_sentence(synthesis):
            yield dropped
            yield ""

    def _minority(self) -> Iterator[str]:
        report = self._report
        held = report.synthesis.minority if report.synthesis else ()
        if not report.dissent and not held:
            return
        yield "## Minority report"
        yield ""
        for reported in report.dissent:
            dissent = reported.dissent
            about = self._about(dissent.finding_ids)
            who = f"**{dissent.panelist_id}**, {_text(reported.role)}"
            yield f"- {who}: {_text(dissent.position)}{about}"
        for sentence in held:
            yield f"- {self._cited(sentence)}"
        yield ""

    def _cited(self, sentence: SynthesisSentence) -> str:
        return f"{_text(sentence.text)}{self._about(sentence.finding_ids)}"

    def _about(self, finding_ids: Sequence[str]) -> str:
        links = ", ".join(map(self._link, finding_ids))
        return f" ({links})" if links else ""

    def _link(self, finding_id: str) -> str:
        number = self._numbers.get(finding_id)
        shown = _text(finding_id)
        return shown if number is None else f"[{shown}](#finding-{number})"

    def _findings(
        self,
        heading: str,
        findings: Sequence[ReportedFinding],
        remark: str | None = None,
    ) -> Iterator[str]:
        if not findings:
            return
        yield f"## {heading}"
        yield ""
        if remark:
            yield remark
            yield ""
        for reported in findings:
            yield from self._finding(reported)

    def _finding(self, reported: ReportedFinding) -> Iterator[str]:
        finding = reported.finding
        level = "###" if reported.same_as is None else "####"
        tone = words.tone(finding).capitalize()
        anchor = f'<a id="finding-{reported.number}"></a>'
        yield f"{level} {anchor}{tone}: {_text(finding.title)}"
        yield ""
        facts = (
            f"{_text(finding.id)}, {finding.kind.value}, {_text(reported.criterion)}"
        )
        yield f"{facts}, by {_text(reported.role)}"
        yield ""
        yield from self._cluster(reported)
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
        if offered := OfferedRewrite.of(finding):
            yield _rewrite(offered)
            yield ""
        if finding.disposition is not Disposition.OPEN:
            yield f"**Author:** {_text(words.author_words(finding))}"
            yield ""

    def _cluster(self, reported: ReportedFinding) -> Iterator[str]:
        told = []
        if reported.same_as is not None:
            told.append(f"same point as {self._link(reported.same_as)}")
        elif reported.found_by is not None:
            told.append(stage_words.FOUND_BY[reported.found_by])
        if reported.together_with:
            told.append(f"raised too in {_text(', '.join(reported.together_with))}")
        if told:
            sentence = "; ".join(told)
            yield f"{sentence[0].upper()}{sentence[1:]}."
            yield ""

    def _discussion(self) -> Iterator[str]:
        if not self._report.agenda:
            return
        yield "## Discussion"
        yield ""
        for reported in self._report.agenda:
            item = reported.item
            yield f"### {_text(item.id)}: {_text(item.question)}"
            yield ""
            passage = _text(", ".join(item.paragraph_ids))
            about = self._about(item.finding_ids)
            place = f"; {passage}" if passage else ""
            yield f"{_text(reported.criterion)}: {reported.reason}{about}{place}."
            yield ""
            for each in reported.stances:
                yield from _stance_lines(each)
            yield ""

    def _answers(self) -> Iterator[str]:
        if not self._report.answers:
            return
        yield "## Questions and answers"
        yield ""
        for answer in self._report.answers:
            who = f"{answer.panelist_id}, " if answer.panelist_id else ""
            yield f"**Author:** {_text(answer.question)}"
            yield ""
            yield f"**{_text(who + answer.role)}:** {_text(answer.text)}"
            yield ""


def _pairs(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    for label, told in pairs:
        yield f"- {label}: {_text(told)}"
    if pairs:
        yield ""


def _list(heading: str, entries: Sequence[str]) -> Iterator[str]:
    if not entries:
        return
    yield f"## {heading}"
    yield ""
    for entry in entries:
        yield f"- {_text(entry)}"
    yield ""


def _stance_lines(reported: ReportedStance) -> Iterator[str]:
    stance = reported.stance
    who = f"**{_text(stance.panelist_id)}**, {_text(reported.role)}"
    said = f"{_text(reported.claim)}. {_text(stance.argument)}"
    yield f"- Round {stance.round}, {who}: {said}"
    for quote in stance.quotes:
        yield f"  - {_quote(quote)}"
    if reported.label:
        why = f": {_text(stance.changed_by)}" if stance.changed_by else ""
        yield f"  - {reported.label}{why}"


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
    if seat.not_assessed:
        yield f"Did not assess: {_text('; '.join(seat.not_assessed))}."
        yield ""


def _rewrite(offered: OfferedRewrite) -> str:
    new = _text(offered.words)
    if offered.replaced is None:
        return f"**Rewrite:** {new}"
    old = _text(words.quoted_words(offered.replaced))
    return f"**Rewrite** instead of “{old}”: {new}"


def _text(text: str) -> str:
    """Return foreign text on one line, with no markup that would be read as such."""
    line = _MARKUP.sub(r"\\\1", _LINE_BREAKS.sub(" ", text.strip()))
    return _NUMBER_OF_ITEM.sub(r"\1\\.", line)
