"""What is read, and who reads it."""

from dataclasses import dataclass


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
class TaskSubject:
    """What is read.

    Attributes:
        paragraphs: Those that are shown, in order, without a gap; one at least.
        paragraph_count: How many the whole document has; 0 where all are shown.
    """

    criteria: tuple[Criterion, ...]
    document_type: str
    paragraphs: tuple[Paragraph, ...]
    brief: Brief = Brief()
    paragraph_count: int = 0

    @property
    def is_part(self) -> bool:
        """Whether there is more of the document than is shown."""
        return self.paragraph_count > len(self.paragraphs)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the criteria, in the rubric's order."""
        return tuple(criterion.key for criterion in self.criteria)


@dataclass(frozen=True, slots=True)
class TaskSeat:
    """Who reads, and the keys of the criteria it answers for."""

    panelist_id: str
    persona: Persona
    owned_criteria: tuple[str, ...]
