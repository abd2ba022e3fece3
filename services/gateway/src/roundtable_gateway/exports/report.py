"""What a report of a run tells and in which order, whatever draws it."""

from dataclasses import dataclass
from typing import Self

from roundtable_gateway.domain.decision import Decision
from roundtable_gateway.domain.run import Engine, RunDetail, RunSummary
from roundtable_gateway.domain.synthesis import Synthesis
from roundtable_gateway.exports import stage_words, words
from roundtable_gateway.exports.reported_findings import (
    ReportedFinding,
    found_by_counts,
    report_findings,
)
from roundtable_gateway.exports.reported_seats import (
    ReportedSeat,
    ScoreRow,
    report_scores,
    report_seats,
)
from roundtable_gateway.exports.reported_stages import (
    ReportedAnswer,
    ReportedDissent,
    ReportedItem,
    report_agenda,
    report_answers,
    report_coverage,
    report_dissent,
    report_record,
)
from roundtable_gateway.panel.standing import current_decision


@dataclass(frozen=True, slots=True)
class Report:
    """A run as its author reads it.

    Attributes:
        notice: What must stand above everything else, None for nothing.
        headline: The panel's decision and its reason, or that there is none.
        standing: The score behind it, None without one.
        current: The decision once the author's answers count, None if it is the same.
        brief: What the author asked for, as labels and words.
        synthesis: The moderator's text, None without one.
        verified: Findings with evidence, gravest first, clusters together.
        unverified: Those whose quoted words code did not find, likewise.
        found_by: What the panel adds to the control, None where no control read.
        agenda: What was discussed.
        answers: What the author asked afterwards.
        seats: The reviewers, in the order in which they were asked.
        score_rows: The marks by criterion, as far as there are any.
        coverage: Paragraphs, and who was shown them.
        stages: Each stage and what became of it.
        record: What was asked besides reviews, a line a turn.
    """

    run: RunSummary
    notice: str | None
    headline: str
    standing: str | None
    current: str | None
    brief: tuple[tuple[str, str], ...]
    synthesis: Synthesis | None
    dissent: tuple[ReportedDissent, ...]
    verified: tuple[ReportedFinding, ...]
    unverified: tuple[ReportedFinding, ...]
    found_by: str | None
    agenda: tuple[ReportedItem, ...]
    answers: tuple[ReportedAnswer, ...]
    seats: tuple[ReportedSeat, ...]
    score_rows: tuple[ScoreRow, ...]
    coverage: tuple[tuple[str, str], ...]
    stages: tuple[tuple[str, str], ...]
    record: tuple[str, ...]
    usage: str
    provenance: str

    @property
    def findings(self) -> tuple[ReportedFinding, ...]:
        """All findings in the report's order."""
        return self.verified + self.unverified

    @property
    def has_control(self) -> bool:
        """Whether somebody without a seat read too."""
        return any(seat.panelist_id is None for seat in self.seats)

    @classmethod
    def of(cls, detail: RunDetail) -> Self:
        """Return the report of a run, finished or not."""
        run, decision = detail.run, detail.decision
        findings = report_findings(detail)
        current = current_decision(detail)
        return cls(
            run=run,
            notice=words.REHEARSAL_NOTICE if run.engine is Engine.REHEARSAL else None,
            headline=_headline(run, decision),
            standing=words.score_sentence(decision) if decision else None,
            current=words.current_sentence(current) if current else None,
            brief=words.brief_words(run.brief),
            synthesis=detail.synthesis,
            dissent=tuple(report_dissent(decision, detail)),
            verified=tuple(each for each in findings if each.finding.verified),
            unverified=tuple(each for each in findings if not each.finding.verified),
            found_by=stage_words.found_by_sentence(found_by_counts(findings)),
            agenda=tuple(report_agenda(detail)),
            answers=tuple(report_answers(detail)),
            seats=tuple(report_seats(detail)),
            score_rows=tuple(report_scores(detail)),
            coverage=report_coverage(detail),
            stages=tuple(
                (entry.stage.value, words.with_reason(entry.result.value, entry.reason))
                for entry in run.manifest
            ),
            record=report_record(detail),
            usage=words.usage_sentence(run.usage),
            provenance=words.provenance_sentence(run),
        )


def _headline(run: RunSummary, decision: Decision | None) -> str:
    if decision is None:
        return words.no_decision_sentence(run)
    return words.decision_sentence(decision)
