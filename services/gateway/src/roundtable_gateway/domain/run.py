"""Runs, their turns and what became of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from roundtable_gateway.domain.cluster import Cluster
from roundtable_gateway.domain.decision import Decision
from roundtable_gateway.domain.discussion import AgendaItem, Stance
from roundtable_gateway.domain.document import Document
from roundtable_gateway.domain.finding import Finding, Score, Verdict
from roundtable_gateway.domain.persona import Persona, Rubric
from roundtable_gateway.domain.synthesis import Synthesis


class RunState(StrEnum):
    """Where a run is in its life."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    INCOMPLETE = "incomplete"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_ended(self) -> bool:
        """Whether the run's last opening has ended."""
        return self not in (RunState.PENDING, RunState.RUNNING)


class Stage(StrEnum):
    """A step of the panel process."""

    INTAKE = "intake"
    REVIEW = "review"
    GATE = "gate"
    CLUSTERS = "clusters"
    AGENDA = "agenda"
    DISCUSSION = "discussion"
    DECISION = "decision"
    SYNTHESIS = "synthesis"


class StageResult(StrEnum):
    """What became of a stage."""

    RAN = "ran"
    SKIPPED = "skipped"
    FAILED = "failed"


class Engine(StrEnum):
    """What answers a run's turns; pinned when the run is created."""

    CLAUDE = "claude"
    ENDPOINT = "endpoint"
    REHEARSAL = "rehearsal"


class Account(StrEnum):
    """How turns are paid for."""

    SUBSCRIPTION = "subscription"
    TOKEN = "token"  # noqa: S105 - the contract's word, not a secret
    API_KEY = "api_key"
    ENDPOINT = "endpoint"
    NONE = "none"


class Mode(StrEnum):
    """How much of the process is walked."""

    REVIEW = "review"
    ROUNDTABLE = "roundtable"


class Effort(StrEnum):
    """How hard the models think."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class TurnKind(StrEnum):
    """What a turn asks."""

    REVIEW = "review"
    CONTROL = "control"
    SWEEP = "sweep"
    REPAIR = "repair"
    CLUSTER = "cluster"
    DISCUSSION = "discussion"
    SYNTHESIS = "synthesis"
    ANSWER = "answer"


class TurnState(StrEnum):
    """Where a turn is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Brief:
    """What the author asks of the panel; None where nothing was given."""

    document_type: str | None = None
    audience: str | None = None
    goal: str | None = None
    scope: str | None = None
    instructions: str | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """What a run may spend; None is without limit."""

    turns: int | None = None
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Why a run waits for something outside, and until when if anybody knows."""

    reason: str
    resume_time: datetime | None


@dataclass(frozen=True, slots=True)
class Panelist:
    """A seat of a run: its letter, its pinned persona, its model."""

    id: str
    persona: Persona
    model: str | None


@dataclass(frozen=True, slots=True)
class Usage:
    """What turns have used; `cost_usd` is None where the engine has no price."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cost_usd: float | None = None
    turns: int = 0


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """What became of a stage, and why if it did not run."""

    stage: Stage
    result: StageResult
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A prompt and its answer in a round, at its latest attempt.

    Attributes:
        text: The prose; before the turn is completed what was spoken so far.
        draft: Which draft the text so far belongs to; a delta of a higher one
            replaces it.
        model: The model that is asked, None for the account's default.
        paused_attempts: How many attempts before this one ended in a pause, were lost
            in one, or were made before the run was opened again; they count towards no
            limit.
        usage: What it has used; no turn for a failed attempt that counts towards none.
        retry_time: When a queued turn is tried again, if anybody knows.
        first_paragraph_id: First paragraph it was given to read, None if it read none.
        last_paragraph_id: Last paragraph it was given to read.
        question: The author's question, None unless it answers one.
    """

    id: str
    kind: TurnKind
    panelist_id: str | None
    round: int
    attempt: int
    state: TurnState
    reason: str | None = None
    text: str = ""
    scores: tuple[Score, ...] = ()
    overall: int | None = None
    verdict: Verdict | None = None
    verdict_reason: str = ""
    not_assessed: tuple[str, ...] = ()
    usage: Usage = Usage()
    start_time: datetime | None = None
    end_time: datetime | None = None
    draft: int = 0
    model: str | None = None
    paused_attempts: int = 0
    retry_time: datetime | None = None
    first_paragraph_id: str | None = None
    last_paragraph_id: str | None = None
    question: str | None = None


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run without its turns, findings and what came of them."""

    id: str
    state: RunState
    reason: str | None
    stage: Stage
    pause: Pause | None
    queue_position: int | None
    engine: Engine
    effort: Effort | None
    mode: Mode
    discussion_rounds: int
    control: bool
    brief: Brief
    budget: Budget
    document: Document
    panelists: tuple[Panelist, ...]
    rubric: Rubric
    usage: Usage
    manifest: tuple[ManifestEntry, ...]
    last_sequence: int
    create_time: datetime
    start_time: datetime | None
    end_time: datetime | None
    reopen_time: datetime | None


@dataclass(frozen=True, slots=True)
class RunDetail:
    """A run with all that belongs to it, of one moment."""

    run: RunSummary
    turns: tuple[Turn, ...]
    findings: tuple[Finding, ...]
    decision: Decision | None
    clusters: tuple[Cluster, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    stances: tuple[Stance, ...] = ()
    synthesis: Synthesis | None = None
