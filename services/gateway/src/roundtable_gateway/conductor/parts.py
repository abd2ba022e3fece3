"""What a runner is asked and what it answers, as the conductor sees it."""

from dataclasses import dataclass
from datetime import timedelta

from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.persona import Persona, Rubric
from roundtable_gateway.domain.run import Brief, Effort, Engine, Usage


@dataclass(frozen=True, slots=True)
class ReviewOrder:
    """One attempt of a panelist's blind review."""

    run_id: str
    fencing_token: int
    turn_id: str
    attempt: int
    engine: Engine
    model: str | None
    effort: Effort | None
    panelist_id: str
    persona: Persona
    rubric: Rubric
    owned_criteria: tuple[str, ...]
    document_title: str
    document: DocumentText
    brief: Brief


@dataclass(frozen=True, slots=True)
class QuoteDraft:
    """A quote as the model gave it."""

    text: str
    paragraph_id: str | None


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """A finding as the model gave it: words of the schema, quotes not checked."""

    kind: str
    title: str
    severity: str
    criterion: str
    paragraph_ids: tuple[str, ...]
    quotes: tuple[QuoteDraft, ...]
    searched_for: tuple[str, ...]
    impact: str
    affected_reader: str
    fix: str
    rewrite: str | None
    fix_kind: str
    confidence: int
    would_change_mind_if: str


@dataclass(frozen=True, slots=True)
class ScoreDraft:
    """A mark as the model gave it; findings by position, from 1."""

    criterion: str
    score: int | None
    finding_numbers: tuple[int, ...]
    rationale: str


@dataclass(frozen=True, slots=True)
class TurnResult:
    """A panelist's answer, whole."""

    text: str
    findings: tuple[FindingDraft, ...]
    scores: tuple[ScoreDraft, ...]
    overall: int | None
    verdict: str
    verdict_reason: str
    not_assessed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TurnFailure:
    """Why an attempt has no answer.

    Attributes:
        retry_delay: How long the endpoint asked to wait, if it did.
        is_ours: Whether something between us and the runner failed, which may not
            happen again, rather than the turn itself.
    """

    reason: str
    retry_delay: timedelta | None = None
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """The runner has the attempt, whether or not there is a part to tell yet."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """The panelist spoke; a higher draft replaces the text so far."""

    index: int
    text: str
    draft: int


@dataclass(frozen=True, slots=True)
class FindingPart:
    """A finding closed."""

    index: int
    finding: FindingDraft


@dataclass(frozen=True, slots=True)
class EndPart:
    """The attempt is over."""

    index: int
    outcome: TurnResult | TurnFailure
    usage: Usage


TurnPart = TextPart | FindingPart | EndPart
