"""What a turn is told of a run besides its document."""

from dataclasses import dataclass

from roundtable_runner.turn.parts import FindingDraft, StatementDraft


@dataclass(frozen=True, slots=True)
class FindingPair:
    """Two findings that may be one."""

    first: FindingDraft
    second: FindingDraft


@dataclass(frozen=True, slots=True)
class DiscussedFinding:
    """A finding as others hear of it.

    Attributes:
        speaker: Whose it is: "you", or "Panelist B".
        is_verified: Whether its evidence was found.
    """

    finding_id: str
    speaker: str
    finding: FindingDraft
    is_verified: bool


@dataclass(frozen=True, slots=True)
class DiscussedScore:
    """A mark as others hear of it."""

    speaker: str
    criterion: str
    score: int
    rationale: str


@dataclass(frozen=True, slots=True)
class DiscussedStatement:
    """What was said of an item in an earlier round.

    Attributes:
        is_evidenced: Whether it brought words of the document that were found.
    """

    speaker: str
    round: int
    statement: StatementDraft
    is_evidenced: bool


@dataclass(frozen=True, slots=True)
class DiscussedVerdict:
    """A seat's overall call before a round; the mark is None where it gave none."""

    overall: int | None
    verdict: str
    verdict_reason: str


@dataclass(frozen=True, slots=True)
class DiscussionItem:
    """Something that the panel disagrees about, with all that was said of it."""

    item_id: str
    question: str
    paragraph_ids: tuple[str, ...]
    findings: tuple[DiscussedFinding, ...]
    scores: tuple[DiscussedScore, ...]
    statements: tuple[DiscussedStatement, ...]


@dataclass(frozen=True, slots=True)
class SynthesisCluster:
    """Findings that one fix would resolve; the severity is their gravest."""

    cluster_id: str
    severity: str
    findings: tuple[DiscussedFinding, ...]


@dataclass(frozen=True, slots=True)
class SynthesisDissent:
    """A seat that the decision does not fit, in its own words."""

    speaker: str
    position: str
    finding_ids: tuple[str, ...]
