"""What a runner is asked and what it answers, as the conductor sees it."""

from dataclasses import dataclass
from datetime import timedelta

from roundtable_gateway.conductor.tasks import Task
from roundtable_gateway.domain.run import Effort, Engine, Usage


@dataclass(frozen=True, slots=True)
class TurnOrder:
    """One attempt of one turn; `model` and `effort` None are the engine's own."""

    run_id: str
    fencing_token: int
    turn_id: str
    attempt: int
    engine: Engine
    model: str | None
    effort: Effort | None
    task: Task


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
class ReviewResult:
    """A reader's answer, whole; a sweep's has no scores and an empty verdict."""

    text: str
    findings: tuple[FindingDraft, ...]
    scores: tuple[ScoreDraft, ...]
    overall: int | None
    verdict: str
    verdict_reason: str
    not_assessed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindingRepair:
    """The second try at a finding's words; findings by position in the task, from 1."""

    number: int
    quotes: tuple[QuoteDraft, ...]
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class RepairResult:
    """What became of findings whose words were not found; who is missing stands."""

    repairs: tuple[FindingRepair, ...]


@dataclass(frozen=True, slots=True)
class PairAnswer:
    """Whether one fix would resolve a pair; pairs by position in the task, from 1."""

    number: int
    is_same: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ClusterResult:
    """Which pairs one fix would resolve; a pair that is missing is kept apart."""

    answers: tuple[PairAnswer, ...]


@dataclass(frozen=True, slots=True)
class StatementDraft:
    """A panelist's answer to an item, as the model gave it; empty is not given."""

    item_id: str
    finding_id: str
    move: str
    stance: str
    severity: str
    argument: str
    changed_by: str
    quotes: tuple[QuoteDraft, ...]


@dataclass(frozen=True, slots=True)
class DiscussionResult:
    """A panelist's word in a round, at most one statement an item."""

    text: str
    statements: tuple[StatementDraft, ...]
    overall: int | None
    verdict: str
    verdict_reason: str


@dataclass(frozen=True, slots=True)
class CitedSentence:
    """A sentence and the ids it cites, unchecked."""

    text: str
    finding_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SynthesisResult:
    """The moderator's text, sentence by sentence."""

    sentences: tuple[CitedSentence, ...]
    minority: tuple[CitedSentence, ...]


@dataclass(frozen=True, slots=True)
class AnswerResult:
    """A panelist's answer to the author, and the ids it names, unchecked."""

    text: str
    finding_ids: tuple[str, ...]
    paragraph_ids: tuple[str, ...]


TurnResult = (
    ReviewResult
    | RepairResult
    | ClusterResult
    | DiscussionResult
    | SynthesisResult
    | AnswerResult
)


@dataclass(frozen=True, slots=True)
class TurnFailure:
    """Why an attempt has no answer.

    Attributes:
        retry_delay: How long the endpoint asked to wait, if it did.
        is_ours: Whether something between us and the runner failed, which may not
            happen again, rather than the turn itself.
        is_unfounded: Whether the answer was whole, but rests on nothing that is there.
    """

    reason: str
    retry_delay: timedelta | None = None
    is_ours: bool = False
    is_unfounded: bool = False


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
