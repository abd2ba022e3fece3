"""The panel's outcome and who dissents from it."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What the panel tells the author to do."""

    SHIP = "ship"
    FIX_THEN_SHIP = "fix_then_ship"
    REWORK = "rework"
    NO_DECISION = "no_decision"


class DecisionReason(StrEnum):
    """The row of the policy table that applied."""

    BLOCKERS = "BLOCKERS"
    REQUESTED_CHANGES = "REQUESTED_CHANGES"
    LOW_SCORE = "LOW_SCORE"
    MAJORS = "MAJORS"
    CLEAR = "CLEAR"
    QUORUM = "QUORUM"
    SPLIT_PANEL = "SPLIT_PANEL"


@dataclass(frozen=True, slots=True)
class Dissent:
    """A seat whose verdict does not fit the outcome, in its own words."""

    panelist_id: str
    position: str
    finding_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The panel's outcome under a policy, recomputable from findings and verdicts.

    Attributes:
        score: Median of round 1's overall scores, None when there are none.
        spread: Third minus first quartile (below four seats: max minus min).
        blockers: Ids of the standing blockers.
        majors: Ids of the open verified majors.
    """

    outcome: Outcome
    reason: DecisionReason
    score: float | None
    score_after_discussion: float | None
    spread: float | None
    seats: int
    seats_finished: int
    blockers: tuple[str, ...]
    majors: tuple[str, ...]
    dissent: tuple[Dissent, ...]
    policy: str = "v1"
