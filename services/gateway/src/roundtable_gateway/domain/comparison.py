"""What became of a run's findings in a later run."""

from dataclasses import dataclass
from enum import StrEnum


class ComparisonReason(StrEnum):
    """Why a finding is where it is in a comparison."""

    WORDS_CHANGED = "WORDS_CHANGED"
    NOW_SAID = "NOW_SAID"
    RAISED_AGAIN = "RAISED_AGAIN"
    UNCHANGED_PASSAGE = "UNCHANGED_PASSAGE"
    STILL_UNSAID = "STILL_UNSAID"
    NEW_WORDS = "NEW_WORDS"
    OLD_WORDS = "OLD_WORDS"
    SAME_WORDS_REJECTED = "SAME_WORDS_REJECTED"
    NOT_RAISED_AGAIN = "NOT_RAISED_AGAIN"


@dataclass(frozen=True, slots=True)
class ComparedFinding:
    """A finding of the one run, of the other, or the same point in both."""

    old_finding_id: str | None
    new_finding_id: str | None
    reason: ComparisonReason


@dataclass(frozen=True, slots=True)
class Comparison:
    """What became of the findings that rest on evidence; strengths need no fix.

    Attributes:
        fixed: What they rest on is gone or changed (``WORDS_CHANGED``) or said by now
            (``NOW_SAID``), and nobody raised the like again.
        still_there: Raised again, or what they rest on is as it was.
        new: Nothing like it was raised before, on words that came since (``NEW_WORDS``)
            or that had been overlooked (``OLD_WORDS``).
        rejected_before: The author had rejected them, and either they came again on the
            same words and count for nothing, or they did not come again.
    """

    old_run_id: str
    new_run_id: str
    fixed: tuple[ComparedFinding, ...]
    still_there: tuple[ComparedFinding, ...]
    new: tuple[ComparedFinding, ...]
    rejected_before: tuple[ComparedFinding, ...]
