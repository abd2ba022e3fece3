"""The typed pieces of an attempt's answer, in the order in which they are told."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class FailureReason(StrEnum):
    """Why an attempt has no answer."""

    RATE_LIMITED = "rate_limited"
    AUTH_REQUIRED = "auth_required"
    OVERLOADED = "overloaded"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    CLI_CRASHED = "cli_crashed"
    INVALID_OUTPUT = "invalid_output"
    REFUSED = "refused"
    OUTPUT_TOO_LONG = "output_too_long"
    CONTEXT_TOO_LONG = "context_too_long"
    MODEL_NOT_FOUND = "model_not_found"
    CANCELLED = "cancelled"
    RUNNER_LOST = "runner_lost"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class QuoteDraft:
    """Words as the model gave them, unchecked."""

    text: str
    paragraph_id: str | None


@dataclass(frozen=True, slots=True)
class FindingDraft:
    """A finding as the model gave it."""

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
    """A mark as the model gave it; `finding_numbers` count from 1."""

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
    """The second try at a finding's words; `number` counts the task's, from 1."""

    number: int
    quotes: tuple[QuoteDraft, ...]
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class RepairResult:
    """What became of findings whose words were not found; who is missing stands."""

    repairs: tuple[FindingRepair, ...]


@dataclass(frozen=True, slots=True)
class PairAnswer:
    """Whether one fix would resolve a pair; `number` counts the task's, from 1."""

    number: int
    is_same: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ClusterResult:
    """Which pairs one fix would resolve; a pair that is missing is kept apart."""

    answers: tuple[PairAnswer, ...]


@dataclass(frozen=True, slots=True)
class StatementDraft:
    """A panelist's word on an item, as the model gave it.

    Attributes:
        finding_id: The finding it speaks of; None where it speaks of marks.
        severity: How grave the panelist takes it to be; None for marks.
        changed_by: What changed the panelist's mind; None where nothing did.
    """

    item_id: str
    finding_id: str | None
    quotes: tuple[QuoteDraft, ...]
    argument: str
    move: str
    stance: str
    severity: str | None
    changed_by: str | None


@dataclass(frozen=True, slots=True)
class DiscussionResult:
    """A panelist's word in a round; one statement an item at most."""

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
    """A panelist's answer to the author, and the ids it names, unchecked.

    The gateway keeps the text alone so far.
    """

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
    """Why there is no answer; the detail is for a person and holds no document text."""

    reason: FailureReason
    detail: str
    retry_delay: timedelta | None = None


@dataclass(frozen=True, slots=True)
class TurnUsage:
    """What an attempt used, as far as the engine told."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cost_usd: float | None = None

    def __add__(self, other: "TurnUsage") -> "TurnUsage":
        """Return what both used together."""
        both = (self.cost_usd, other.cost_usd)
        costs = [cost for cost in both if cost is not None]
        return TurnUsage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cache_read_tokens + other.cache_read_tokens,
            sum(costs) if costs else None,
        )


@dataclass(frozen=True, slots=True)
class TextPart:
    """The next words; a higher draft replaces the text so far."""

    text: str
    draft: int


@dataclass(frozen=True, slots=True)
class FindingPart:
    """A finding that closed."""

    finding: FindingDraft


@dataclass(frozen=True, slots=True)
class EndPart:
    """The attempt is over; nothing follows."""

    outcome: TurnResult | TurnFailure
    usage: TurnUsage


TurnPart = TextPart | FindingPart | EndPart
