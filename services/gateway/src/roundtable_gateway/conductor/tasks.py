"""What a runner is asked, by the kind of turn."""

from dataclasses import dataclass
from typing import ClassVar

from roundtable_gateway.domain.cluster import Cluster
from roundtable_gateway.domain.decision import Decision, Dissent
from roundtable_gateway.domain.discussion import AgendaItem, Stance
from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.domain.finding import Finding, Score
from roundtable_gateway.domain.persona import Rubric
from roundtable_gateway.domain.run import Brief, Panelist, Turn, TurnKind


@dataclass(frozen=True, slots=True)
class Subject:
    """What is read.

    Attributes:
        paragraphs: Those that are shown, in order: all of the document's or, where it
            is longer than the model's window, a run of them.
    """

    rubric: Rubric
    document_title: str
    document: DocumentText
    paragraphs: tuple[Paragraph, ...]
    brief: Brief


@dataclass(frozen=True, slots=True)
class ReadingSeat:
    """Who reads, and the keys of the criteria it answers for."""

    panelist: Panelist
    owned_criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReviewTask:
    """A panelist's blind review."""

    kind: ClassVar[TurnKind] = TurnKind.REVIEW
    subject: Subject
    seat: ReadingSeat


@dataclass(frozen=True, slots=True)
class ControlTask:
    """A review without a persona, over all criteria."""

    kind: ClassVar[TurnKind] = TurnKind.CONTROL
    seat: ClassVar[None] = None
    subject: Subject


@dataclass(frozen=True, slots=True)
class SweepTask:
    """A panelist's close reading of one section."""

    kind: ClassVar[TurnKind] = TurnKind.SWEEP
    subject: Subject
    seat: ReadingSeat
    first_paragraph_id: str
    last_paragraph_id: str


@dataclass(frozen=True, slots=True)
class RepairTask:
    """Asks who wrote findings (no seat is the control) for the words they rest on."""

    kind: ClassVar[TurnKind] = TurnKind.REPAIR
    subject: Subject
    seat: ReadingSeat | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ClusterTask:
    """Asks of pairs whether one fix would resolve both."""

    kind: ClassVar[TurnKind] = TurnKind.CLUSTER
    seat: ClassVar[None] = None
    pairs: tuple[tuple[Finding, Finding], ...]


@dataclass(frozen=True, slots=True)
class SpokenFinding:
    """A finding and whose it is, as the listener hears it: "you", "Panelist B"."""

    speaker: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class SpokenScore:
    """A mark and whose it is."""

    speaker: str
    score: Score


@dataclass(frozen=True, slots=True)
class SpokenStance:
    """A stance of an earlier round and whose it is."""

    speaker: str
    stance: Stance


@dataclass(frozen=True, slots=True)
class DiscussedItem:
    """An item of the agenda with all that was said of it."""

    item: AgendaItem
    findings: tuple[SpokenFinding, ...]
    scores: tuple[SpokenScore, ...]
    stances: tuple[SpokenStance, ...]


@dataclass(frozen=True, slots=True)
class DiscussionTask:
    """A panelist's word on the agenda, in one round.

    Attributes:
        last_word: The seat's turn of the round before, which tells its verdict so far;
            None leaves the panelist without it.
    """

    kind: ClassVar[TurnKind] = TurnKind.DISCUSSION
    subject: Subject
    seat: ReadingSeat
    round: int
    items: tuple[DiscussedItem, ...]
    last_word: Turn | None = None


@dataclass(frozen=True, slots=True)
class SynthesizedCluster:
    """A cluster with its members."""

    cluster: Cluster
    findings: tuple[SpokenFinding, ...]


@dataclass(frozen=True, slots=True)
class SpokenDissent:
    """A seat's dissent and whose it is."""

    speaker: str
    dissent: Dissent


@dataclass(frozen=True, slots=True)
class SynthesisTask:
    """Asks the moderator for the author's text.

    Speakers go by their names: the author, who reads what comes of it, knows no other.
    """

    kind: ClassVar[TurnKind] = TurnKind.SYNTHESIS
    seat: ClassVar[None] = None
    document_title: str
    document_type: str
    brief: Brief
    decision: Decision
    clusters: tuple[SynthesizedCluster, ...]
    dissent: tuple[SpokenDissent, ...]
    items: tuple[DiscussedItem, ...]
    not_examined: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnswerTask:
    """Asks a panelist what the author asks; the review is its own."""

    kind: ClassVar[TurnKind] = TurnKind.ANSWER
    subject: Subject
    seat: ReadingSeat
    review: Turn
    findings: tuple[Finding, ...]
    question: str


Task = (
    ReviewTask
    | ControlTask
    | SweepTask
    | RepairTask
    | ClusterTask
    | DiscussionTask
    | SynthesisTask
    | AnswerTask
)
