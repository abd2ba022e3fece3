"""The gate: what a model hands in becomes a finding, labelled by what code found."""

from collections.abc import Sequence

from roundtable_gateway.conductor.parts import FindingDraft, ScoreDraft
from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.finding import (
    Finding,
    FindingKind,
    FixKind,
    Score,
    Severity,
    Verdict,
)
from roundtable_gateway.domain.run import Panelist, RunSummary
from roundtable_gateway.panel.quote_check import QuoteChecker
from roundtable_gateway.panel.verify import is_verified


class UnfitAnswerError(Exception):
    """An answer has a word that the schema doesn't have; runners hold that back."""


class Gate:
    """Checks the findings of one run against its document.

    Building one reads the whole document, and checking a quote may search all of it:
    neither belongs on an event loop.
    """

    def __init__(self, document: DocumentText, run: RunSummary) -> None:
        self._checker = QuoteChecker(document, _prompt_texts(run))
        self._criteria = {criterion.key: criterion for criterion in run.rubric.criteria}
        self._paragraph_ids = {paragraph.id for paragraph in document.paragraphs}

    def admit(
        self, draft: FindingDraft, *, finding_id: str, turn_id: str, panelist_id: str
    ) -> Finding:
        """Return the finding with its quotes checked.

        Raises UnfitAnswerError for a word that the schema doesn't have.
        """
        try:
            kind, severity = FindingKind(draft.kind), Severity(draft.severity)
            fix_kind, criterion = (
                FixKind(draft.fix_kind),
                self._criteria[draft.criterion],
            )
        except (ValueError, KeyError) as error:
            raise UnfitAnswerError from error
        quotes = tuple(
            self._checker.check(quote.text, quote.paragraph_id)
            for quote in draft.quotes
        )
        verified = is_verified(
            kind,
            quotes,
            searched_for=draft.searched_for,
            criterion=criterion,
            checker=self._checker,
        )
        return Finding(
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
            quotes=quotes,
            searched_for=draft.searched_for,
            impact=draft.impact,
            affected_reader=draft.affected_reader,
            fix=draft.fix,
            rewrite=draft.rewrite,
            fix_kind=fix_kind,
            confidence=draft.confidence,
            would_change_mind_if=draft.would_change_mind_if,
            verified=verified,
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
