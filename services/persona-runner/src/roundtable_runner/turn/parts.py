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

    outcome: ReviewResult | TurnFailure
    usage: TurnUsage


TurnPart = TextPart | FindingPart | EndPart
