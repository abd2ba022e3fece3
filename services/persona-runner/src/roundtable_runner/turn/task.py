"""What a turn asks for."""

from dataclasses import dataclass
from enum import StrEnum


class EngineKind(StrEnum):
    """What answers a turn."""

    CLAUDE = "claude"
    ENDPOINT = "endpoint"
    REHEARSAL = "rehearsal"


class Effort(StrEnum):
    """How hard a model thinks."""

    LEAST = ""
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Persona:
    """A reviewer, as the prompt needs it."""

    name: str
    role: str
    summary: str
    background: str
    priorities: tuple[str, ...]
    pet_peeves: tuple[str, ...]
    objections: tuple[str, ...]
    convinced_by: str
    voice: str
    influences: str
    authority: str
    questions: tuple[str, ...]
    method: str
    strictness: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is scored."""

    key: str
    label: str
    question: str
    anchors: tuple[tuple[int, str], ...]
    expects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph with its number; its text holds no blank line."""

    paragraph_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Brief:
    """What the author asks of the panel; empty fields were not given."""

    audience: str = ""
    goal: str = ""
    scope: str = ""
    instructions: str = ""


@dataclass(frozen=True, slots=True)
class ReviewTask:
    """A panelist's blind review of a whole document."""

    panelist_id: str
    persona: Persona
    criteria: tuple[Criterion, ...]
    owned_criteria: tuple[str, ...]
    document_type: str
    paragraphs: tuple[Paragraph, ...]
    brief: Brief = Brief()


@dataclass(frozen=True, slots=True)
class TurnAttempt:
    """One try of a turn.

    Attributes:
        fencing_token: The conductor's; a lower one than the run's last is refused.
        model: Empty for the account's default.
    """

    run_id: str
    fencing_token: int
    turn_id: str
    number: int
    engine: EngineKind
    model: str
    task: ReviewTask
    effort: Effort = Effort.LEAST
