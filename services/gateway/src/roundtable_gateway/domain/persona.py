"""Personas, the panels they sit on, and the rubrics they score by."""

from dataclasses import dataclass
from enum import StrEnum


class Method(StrEnum):
    """How a persona goes at a document."""

    ENUMERATE = "enumerate"
    ATTACK = "attack"
    WORK_BACK_FROM_FAILURE = "work_back_from_failure"
    FIRST_TIME_READER = "first_time_reader"


@dataclass(frozen=True, slots=True)
class Persona:
    """A reviewer profile; a run keeps the version it began with.

    Attributes:
        owns: Criterion keys this persona answers for; none of the run's means all.
        ignores: Criterion keys it leaves to others.
        strictness: 1 (lenient) to 5 (strict).
    """

    id: str
    version: int
    name: str
    role: str
    pack: str
    summary: str
    background: str
    priorities: tuple[str, ...]
    pet_peeves: tuple[str, ...]
    objections: tuple[str, ...]
    convinced_by: str
    voice: str
    influences: str
    authority: str
    owns: tuple[str, ...]
    ignores: tuple[str, ...]
    questions: tuple[str, ...]
    method: Method
    strictness: int
    built_in: bool
    etag: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A place on a panel: a persona and, if it names one, a model of its own."""

    persona_id: str
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """A named set of seats."""

    id: str
    name: str
    seats: tuple[Seat, ...]
    discussion_rounds: int
    control: bool
    built_in: bool
    etag: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a score of 1, 3 or 5 looks like."""

    score: int
    text: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing a document of a type is scored on.

    Attributes:
        expects: Terms whose absence from the document is an omission.
    """

    key: str
    label: str
    question: str
    anchors: tuple[Anchor, ...]
    expects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rubric:
    """The criteria of one document type, four to six of them."""

    document_type: str
    criteria: tuple[Criterion, ...]
