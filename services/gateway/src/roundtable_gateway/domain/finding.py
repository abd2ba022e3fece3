"""Findings, their quotes and scores: what a panelist hands in."""

from dataclasses import dataclass
from enum import StrEnum


class FindingKind(StrEnum):
    """What sort of point a finding makes."""

    ERROR = "error"
    OMISSION = "omission"
    RISK = "risk"
    QUESTION = "question"
    STRENGTH = "strength"


class Severity(StrEnum):
    """How much a finding matters, gravest first."""

    BLOCKER = "blocker"
    MAJOR = "major"
    MINOR = "minor"
    NOTE = "note"


class FixKind(StrEnum):
    """Whether a fix is clerical, changes the meaning, or needs a choice."""

    MECHANICAL = "mechanical"
    MEANING = "meaning"
    CHOICE = "choice"


class Disposition(StrEnum):
    """The author's answer to a finding."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEFERRED = "deferred"


class QuoteStatus(StrEnum):
    """The quote check's word on a quote."""

    EXACT = "exact"
    NORMALIZED = "normalized"
    AMBIGUOUS = "ambiguous"
    NOT_FOUND = "not_found"


class QuoteMethod(StrEnum):
    """The rule by which the quote check came to its word."""

    EXACT = "exact"
    TYPOGRAPHY = "typography"
    NEAR = "near"
    ELLIPSIS = "ellipsis"
    PROMPT_ECHO = "prompt_echo"


class Verdict(StrEnum):
    """One panelist's overall call."""

    APPROVE = "approve"
    APPROVE_WITH_CHANGES = "approve_with_changes"
    REQUEST_CHANGES = "request_changes"
    ABSTAIN = "abstain"


@dataclass(frozen=True, slots=True)
class Quote:
    """A verbatim excerpt and what became of checking it.

    Attributes:
        text: The document's own words, None when they were not found.
        given: The words as the model gave them.
        method: The rule that placed it, None where none did.
        paragraph_id: Where it stands; None with ``start`` and ``end`` when not found.
        start: Offset in the document's text, in Unicode code points.
        end: Offset behind its last character.
    """

    text: str | None
    given: str
    status: QuoteStatus
    method: QuoteMethod | None
    paragraph_id: str | None
    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One point with its evidence.

    Attributes:
        panelist_id: The seat it comes from, None for the control's.
        searched_for: Terms the panelist looked for in vain (omissions).
        rewrite: Words that would mend it, where the panelist offers some.
        confidence: 0 to 100, the panelist's own.
        verified: True when code found the evidence in the document.
        rejected_in_run_id: Earlier run in which the author rejected the same point on
            the same words, None for none.
    """

    id: str
    turn_id: str
    panelist_id: str | None
    kind: FindingKind
    title: str
    severity: Severity
    criterion: str
    paragraph_ids: tuple[str, ...]
    quotes: tuple[Quote, ...]
    searched_for: tuple[str, ...]
    impact: str
    affected_reader: str
    fix: str
    rewrite: str | None
    fix_kind: FixKind
    confidence: int
    would_change_mind_if: str
    verified: bool
    disposition: Disposition = Disposition.OPEN
    disposition_reason: str | None = None
    rejected_in_run_id: str | None = None


# The reason of a finding that came rejected.
REJECTED_BEFORE = "Rejected in an earlier run"


@dataclass(frozen=True, slots=True)
class Rejection:
    """A finding that the author rejected, and the run in which that was.

    Or one that came rejected, as in a run before, and of which the author said
    otherwise: its disposition tells which.
    """

    run_id: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class Score:
    """A panelist's mark on one criterion, 1 (worst) to 5; None is "can't say"."""

    criterion: str
    score: int | None
    finding_ids: tuple[str, ...]
    rationale: str
