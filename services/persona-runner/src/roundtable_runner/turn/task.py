"""What a turn asks for."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import chain
from typing import ClassVar

from roundtable_runner.turn.parts import FindingDraft
from roundtable_runner.turn.task_material import (
    DiscussedFinding,
    DiscussedVerdict,
    DiscussionItem,
    FindingPair,
    SynthesisCluster,
    SynthesisDissent,
)
from roundtable_runner.turn.task_subject import Brief, TaskSeat, TaskSubject


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
class ReviewTask:
    """A panelist's blind review of all that is shown."""

    kind: ClassVar[str] = "review"
    subject: TaskSubject
    seat: TaskSeat


@dataclass(frozen=True, slots=True)
class ControlTask:
    """A review without a persona, over all criteria."""

    kind: ClassVar[str] = "control"
    subject: TaskSubject


@dataclass(frozen=True, slots=True)
class SweepTask:
    """A panelist's close reading of one section, which lies within what is shown."""

    kind: ClassVar[str] = "sweep"
    subject: TaskSubject
    seat: TaskSeat
    first_paragraph_id: str
    last_paragraph_id: str


@dataclass(frozen=True, slots=True)
class RepairTask:
    """Asks who wrote findings (no seat is the control) for the words they rest on."""

    kind: ClassVar[str] = "repair"
    subject: TaskSubject
    seat: TaskSeat | None
    findings: tuple[FindingDraft, ...]


@dataclass(frozen=True, slots=True)
class ClusterTask:
    """Asks of pairs of findings whether one fix would resolve both."""

    kind: ClassVar[str] = "cluster"
    pairs: tuple[FindingPair, ...]


@dataclass(frozen=True, slots=True)
class DiscussionTask:
    """A panelist's word on each item of the agenda, in one round.

    Attributes:
        verdict: Where the seat stood before; None where it is not told.
    """

    kind: ClassVar[str] = "discussion"
    subject: TaskSubject
    seat: TaskSeat
    round: int
    items: tuple[DiscussionItem, ...]
    verdict: DiscussedVerdict | None = None

    @property
    def finding_ids(self) -> tuple[str, ...]:
        """The ids of all findings on the agenda, each once, in order."""
        findings = (finding for item in self.items for finding in item.findings)
        return tuple(dict.fromkeys(finding.finding_id for finding in findings))


@dataclass(frozen=True, slots=True)
class SynthesisTask:
    """Asks the moderator for the author's text.

    Attributes:
        decision: The panel's decision in a sentence.
        clusters: What was found, gravest first.
        not_examined: What nobody examined, as far as the panel says so.
    """

    kind: ClassVar[str] = "synthesis"
    document_title: str
    document_type: str
    brief: Brief
    decision: str
    clusters: tuple[SynthesisCluster, ...]
    dissents: tuple[SynthesisDissent, ...]
    items: tuple[DiscussionItem, ...]
    not_examined: tuple[str, ...]

    @property
    def findings(self) -> tuple[DiscussedFinding, ...]:
        """What was found, gravest first."""
        return tuple(chain.from_iterable(each.findings for each in self.clusters))


@dataclass(frozen=True, slots=True)
class AnswerTask:
    """Asks a panelist what the author asks; review and findings are its own."""

    kind: ClassVar[str] = "answer"
    subject: TaskSubject
    seat: TaskSeat
    review_text: str
    verdict: str
    findings: tuple[DiscussedFinding, ...]
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
    task: Task
    effort: Effort = Effort.LEAST
