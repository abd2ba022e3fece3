"""The report of a run as a DOCX of its own."""

from collections.abc import Iterable, Iterator, Sequence

from roundtable_gateway.domain.finding import Disposition, FindingKind, Quote
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.domain.synthesis import SynthesisSentence
from roundtable_gateway.exports import stage_words, words
from roundtable_gateway.exports.docx.word_file import Span, WordFile, Words
from roundtable_gateway.exports.offered_rewrites import OfferedRewrite
from roundtable_gateway.exports.report import Report
from roundtable_gateway.exports.reported_findings import ReportedFinding
from roundtable_gateway.exports.reported_seats import ReportedSeat, ScoreRow
from roundtable_gateway.exports.reported_stages import ReportedStance


def render(detail: RunDetail) -> bytes:
    """Return the report: decision, synthesis, findings, discussion, what ran."""
    report = Report.of(detail)
    return _Writer(report).written()


class _Writer:
    """Writes one report, section by section."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._file = WordFile(report.run.document.title)
        self._numbers = {each.finding.id: each.number for each in report.findings}

    def written(self) -> bytes:
        """Return the whole report."""
        self._opening()
        self._synthesis()
        self._minority()
        self._findings("Findings", self._report.verified, self._report.found_by)
        self._findings(words.UNVERIFIED_HEADING, self._report.unverified)
        self._discussion()
        self._closing()
        return self._file.packed()

    def _opening(self) -> None:
        file, report = self._file, self._report
        if report.notice:
            file.paragraph(Span(report.notice, is_bold=True))
        file.heading(report.run.document.title, 0)
        file.paragraph(words.facts(report.run))
        file.paragraph(Span(report.headline, is_bold=True))
        for sentence in (report.standing, report.current):
            if sentence:
                file.paragraph(sentence)
        self._pairs(report.brief)

    def _synthesis(self) -> None:
        synthesis = self._report.synthesis
        if synthesis is None:
            return
        self._file.heading("What it comes to", 1)
        for sentence in synthesis.sentences:
            self._file.item(*self._cited(sentence))
        if dropped := stage_words.dropped_sentence(synthesis):
            self._file.paragraph(dropped)

    def _minority(self) -> None:
        report = self._report
        held = report.synthesis.minority if report.synthesis else ()
        if not report.dissent and not held:
            return
        self._file.heading("Minority report", 1)
        for reported in report.dissent:
            dissent = reported.dissent
            who = Span(f"{dissent.panelist_id}, {reported.role}: ", is_bold=True)
            self._file.item(who, dissent.position, *self._links(dissent.finding_ids))
        for sentence in held:
            self._file.item(*self._cited(sentence))

    def _cited(self, sentence: SynthesisSentence) -> Iterator[Words]:
        yield sentence.text
        yield from self._links(sentence.finding_ids)

    def _links(self, finding_ids: Iterable[str]) -> Iterator[Words]:
        for finding_id in finding_ids:
            number = self._numbers.get(finding_id)
            yield " "
            yield Span(finding_id, link=None if number is None else _bookmark(number))

    def _findings(
        self,
        heading: str,
        findings: Sequence[ReportedFinding],
        remark: str | None = None,
    ) -> None:
        if not findings:
            return
        self._file.heading(heading, 1)
        if remark:
            self._file.paragraph(remark)
        for reported in findings:
            self._finding(reported)

    def _finding(self, reported: ReportedFinding) -> None:
        file, finding = self._file, reported.finding
        file.heading(
            f"{words.tone(finding).capitalize()}: {finding.title}",
            2 if reported.same_as is None else 3,
            bookmark=_bookmark(reported.number),
        )
        facts = (finding.id, finding.kind.value, reported.criterion)
        file.paragraph(f"{', '.join(facts)}, by {reported.role}")
        self._cluster(reported)
        for quote in finding.quotes:
            self._quote(quote)
        if finding.kind is FindingKind.OMISSION and finding.searched_for:
            file.paragraph(_label("Searched for"), ", ".join(finding.searched_for))
        if finding.impact:
            file.paragraph(finding.impact)
        if finding.fix:
            file.paragraph(_label("Fix"), finding.fix)
        if offered := OfferedRewrite.of(finding):
            file.paragraph(*_rewrite(offered))
        if finding.disposition is not Disposition.OPEN:
            file.paragraph(_label("Author"), words.author_words(finding))

    def _cluster(self, reported: ReportedFinding) -> None:
        if reported.same_as is not None:
            self._file.paragraph("Same point as", *self._links((reported.same_as,)))
            return
        if reported.found_by is not None:
            found_by = stage_words.FOUND_BY[reported.found_by]
            self._file.paragraph(f"{found_by.capitalize()}.")
        if reported.together_with:
            self._file.paragraph(
                _label("Raised too in"), ", ".join(reported.together_with)
            )

    def _quote(self, quote: Quote) -> None:
        shown = f"{words.quoted_words(quote)} ({words.quote_place(quote)})"
        self._file.paragraph(shown, style="Quote")

    def _discussion(self) -> None:
        if not self._report.agenda:
            return
        self._file.heading("Discussion", 1)
        for reported in self._report.agenda:
            item = reported.item
            self._file.heading(f"{item.id}: {item.question}", 2)
            place = ", ".join(item.paragraph_ids)
            about = f"{reported.criterion}: {reported.reason}. {place}"
            self._file.paragraph(about, *self._links(item.finding_ids))
            for stance in reported.stances:
                self._stance(stance)

    def _stance(self, reported: ReportedStance) -> None:
        stance = reported.stance
        who = f"{stance.panelist_id}, {reported.role}, round {stance.round}: "
        claim = f"{reported.claim}. {stance.argument}"
        self._file.item(Span(who, is_bold=True), claim)
        for quote in stance.quotes:
            self._quote(quote)
        if reported.label:
            self._file.paragraph(_label(reported.label), stance.changed_by or "")

    def _closing(self) -> None:
        file, report = self._file, self._report
        if report.synthesis and report.synthesis.not_examined:
            file.heading("Not examined by anybody", 1)
            for entry in report.synthesis.not_examined:
                file.item(entry)
        if report.answers:
            file.heading("Questions and answers", 1)
        for answer in report.answers:
            file.paragraph(_label("Author"), answer.question)
            file.paragraph(_label(answer.role), answer.text)
        if report.score_rows:
            file.heading("Scores", 1)
            file.table(list(_score_table(report.score_rows, report.seats)))
        file.heading("Reviewers", 1)
        for seat in report.seats:
            self._seat(seat)
        if report.coverage:
            file.heading("Who read what", 1)
            self._pairs(report.coverage)
        file.heading("What ran", 1)
        self._pairs(report.stages)
        for line in report.record:
            file.item(line)
        file.paragraph(report.usage)
        file.paragraph(report.provenance)

    def _seat(self, seat: ReportedSeat) -> None:
        letter = f"{seat.panelist_id}: " if seat.panelist_id else ""
        self._file.heading(f"{letter}{seat.role}", 2)
        self._file.paragraph(Span(f"{seat.call} ", is_bold=True), seat.reason)
        if seat.text:
            self._file.paragraph(seat.text)
        for score in seat.scores:
            marks = _label(f"{score.criterion}, {score.mark}")
            self._file.item(marks, score.rationale)
        if seat.not_assessed:
            told = "; ".join(seat.not_assessed)
            self._file.paragraph(_label("Did not assess"), told)

    def _pairs(self, pairs: Iterable[tuple[str, str]]) -> None:
        for label, told in pairs:
            self._file.item(_label(label), told)


def _rewrite(offered: OfferedRewrite) -> tuple[Words, ...]:
    if offered.replaced is None:
        return _label("Rewrite"), offered.words
    old = words.quoted_words(offered.replaced)
    return Span("Rewrite", is_bold=True), f" instead of “{old}”: {offered.words}"


def _label(words_: str) -> Span:
    return Span(f"{words_}: ", is_bold=True)


def _bookmark(number: int) -> str:
    return f"finding_{number}"


def _score_table(
    rows: Sequence[ScoreRow], seats: Sequence[ReportedSeat]
) -> Iterator[Sequence[str]]:
    """Yield a row a criterion: each seat's mark, their median, the control's apart."""
    letters = [seat.panelist_id for seat in seats if seat.panelist_id]
    has_control = any(seat.panelist_id is None for seat in seats)
    control = [words.CONTROL] if has_control else []
    yield ["Criterion", *letters, "Median", *control]
    for row in rows:
        marks = dict(row.scores)
        given = [_mark(marks.get(letter)) for letter in letters]
        beside = [_mark(row.control)] if has_control else []
        middle = "" if row.median is None else f"{row.median:g}"
        yield [row.criterion, *given, middle, *beside]


def _mark(score: int | None) -> str:
    return "" if score is None else str(score)
