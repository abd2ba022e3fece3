"""The gate: what a model hands in becomes a finding, labelled by what code found."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from roundtable_gateway.conductor.parts import FindingDraft, QuoteDraft, ScoreDraft
from roundtable_gateway.conductor.rejections import standing_rejections
from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.finding import (
    REJECTED_BEFORE,
    Disposition,
    Finding,
    FindingKind,
    FixKind,
    Quote,
    Rejection,
    Score,
    Severity,
    Verdict,
)
from roundtable_gateway.domain.run import Panelist, RunSummary
from roundtable_gateway.panel.quote_check import QuoteChecker
from roundtable_gateway.panel.rejections import find_rejection
from roundtable_gateway.panel.verify import is_verified


class UnfitAnswerError(Exception):
    """An answer has a word that the schema doesn't have; runners hold that back."""


class UnfoundedAnswerError(UnfitAnswerError):
    """An answer fits the schema but rests on nothing, which no runner can see."""


class Gate:
    """Checks the findings of one run against its document.

    Building one reads the whole document, and checking a quote may search all of it:
    neither belongs on an event loop.

    Args:
        rejections: What the author rejected in earlier runs and shall not hear again,
            the last word first.
    """

    def __init__(
        self,
        document: DocumentText,
        run: RunSummary,
        rejections: Sequence[Rejection] = (),
    ) -> None:
        self._checker = QuoteChecker(document, _prompt_texts(run))
        self._criteria = {criterion.key: criterion for criterion in run.rubric.criteria}
        self._rejections = standing_rejections(rejections)
        self._paragraph_ids = {paragraph.id for paragraph in document.paragraphs}

    def admit(
        self,
        draft: FindingDraft,
        *,
        finding_id: str,
        turn_id: str,
        panelist_id: str | None,
    ) -> Finding:
        """Return the finding with its quotes checked.

        Raises UnfitAnswerError for a word that the schema doesn't have.
        """
        try:
            kind, severity = FindingKind(draft.kind), Severity(draft.severity)
            fix_kind = FixKind(draft.fix_kind)
        except ValueError as error:
            raise UnfitAnswerError from error
        if draft.criterion not in self._criteria:
            raise UnfitAnswerError
        finding = Finding(
            id=finding_id,
            turn_id=turn_id,
            panelist_id=panelist_id,
            kind=kind,
            title=draft.title,
            severity=severity,
            criterion=draft.criterion,
            paragraph_ids=tuple(
                paragraph_id
                for paragraph_id in draft.paragraph_ids
                if paragraph_id in self._paragraph_ids
            ),
            quotes=self.check(draft.quotes),
            searched_for=draft.searched_for,
            impact=draft.impact,
            affected_reader=draft.affected_reader,
            fix=draft.fix,
            rewrite=draft.rewrite,
            fix_kind=fix_kind,
            confidence=draft.confidence,
            would_change_mind_if=draft.would_change_mind_if,
            verified=False,
        )
        return self._label(finding)

    def check(self, drafts: Iterable[QuoteDraft]) -> tuple[Quote, ...]:
        """Return quotes with the document's own words, where they are found."""
        return tuple(
            self._checker.check(draft.text, draft.paragraph_id) for draft in drafts
        )

    def mend(self, finding: Finding, drafts: Iterable[QuoteDraft]) -> Finding:
        """Return a finding that rests on other words now; no rewrite is for those."""
        quotes = self.check(drafts)
        return self._label(replace(finding, quotes=quotes, rewrite=None))

    def _label(self, finding: Finding) -> Finding:
        """Return a finding as its words make it: verified, rejected before."""
        verified = is_verified(
            finding.kind,
            finding.quotes,
            searched_for=finding.searched_for,
            criterion=self._criteria[finding.criterion],
            checker=self._checker,
        )
        labelled = replace(finding, verified=verified)
        rejection = find_rejection(labelled, self._rejections)
        if rejection is None:
            return labelled
        return replace(
            labelled,
            disposition=Disposition.REJECTED,
            disposition_reason=REJECTED_BEFORE,
            rejected_in_run_id=rejection.run_id,
        )


def admit_verdict(verdict: str) -> Verdict:
    """Return the verdict. Raises UnfitAnswerError for a word that is none."""
    try:
        return Verdict(verdict)
    except ValueError as error:
        raise UnfitAnswerError from error


def admit_scores(
    drafts: Sequence[ScoreDraft], findings: Sequence[Finding]
) -> tuple[Score, ...]:
    """Return the scores with positions turned into ids; positions off the list go."""
    return tuple(
        Score(
            criterion=draft.criterion,
            score=draft.score,
            finding_ids=tuple(
                findings[number - 1].id
                for number in draft.finding_numbers
                if 1 <= number <= len(findings)
            ),
            rationale=draft.rationale,
        )
        for draft in drafts
    )


def _prompt_texts(run: RunSummary) -> tuple[str, ...]:
    """Return what the gateway gives to prompts and a model may echo as a quote."""
    rubric = [
        text
        for criterion in run.rubric.criteria
        for text in (
            criterion.label,
            criterion.question,
            *(anchor.text for anchor in criterion.anchors),
        )
    ]
    brief = run.brief
    asked = [brief.audience, brief.goal, brief.scope, brief.instructions]
    personas = [text for panelist in run.panelists for text in _persona_texts(panelist)]
    return tuple(text for text in (*rubric, *asked, *personas) if text)


def _persona_texts(panelist: Panelist) -> tuple[str, ...]:
    persona = panelist.persona
    return (
        persona.summary,
        persona.background,
        *persona.priorities,
        *persona.pet_peeves,
        *persona.objections,
        *persona.questions,
        persona.convinced_by,
        persona.voice,
        persona.influences,
        persona.authority,
    )
