"""What a panel disagrees about, and where each panelist stands on it."""

from dataclasses import dataclass
from enum import StrEnum

from roundtable_gateway.domain.finding import Quote, Severity


class AgendaReason(StrEnum):
    """Why something is worth discussing."""

    SEVERITY_GAP = "SEVERITY_GAP"
    OPPOSED_ADVICE = "OPPOSED_ADVICE"
    LONE_BLOCKER = "LONE_BLOCKER"
    SCORE_GAP = "SCORE_GAP"


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """Something that the panel disagrees about.

    Attributes:
        id: Its name in the run, such as "I1".
        question: What is to be settled.
        cluster_id: The cluster it is about, None where it is about marks.
        criterion: Key of the criterion it falls under.
        finding_ids: The findings it is about.
        paragraph_ids: The passage it is about.
        panelist_ids: The seats that disagree.
    """

    id: str
    reason: AgendaReason
    question: str
    cluster_id: str | None
    criterion: str
    finding_ids: tuple[str, ...]
    paragraph_ids: tuple[str, ...]
    panelist_ids: tuple[str, ...]


class Move(StrEnum):
    """What a panelist does in a discussion."""

    SUPPORT = "support"
    CHALLENGE = "challenge"
    REFINE = "refine"
    CONCEDE = "concede"
    ADD_EVIDENCE = "add_evidence"


class Position(StrEnum):
    """Where a panelist stands towards a finding or a mark."""

    AGREE = "agree"
    DISAGREE = "disagree"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Stance:
    """A panelist's answer to an item of the agenda, in one round.

    Attributes:
        finding_id: The finding it speaks of, None where it speaks of the item's marks.
        severity_before: How grave the panelist took it to be, None where nobody had
            asked.
        severity_after: How grave the panelist takes it to be, None for marks.
        changed_by: What changed the panelist's mind, None where nothing did.
        quotes: The document's words it rests on, checked.
        is_change: Whether position or severity differ from what they were.
        is_evidenced: Whether it brought words, found in the document, that the panelist
            had not brought before. A change without them moves nothing.
    """

    item_id: str
    panelist_id: str
    turn_id: str
    round: int
    finding_id: str | None
    move: Move
    position: Position
    severity_before: Severity | None
    severity_after: Severity | None
    argument: str
    changed_by: str | None
    quotes: tuple[Quote, ...]
    is_change: bool
    is_evidenced: bool
