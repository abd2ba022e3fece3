"""Findings as the store keeps them, and the author's answers to them."""

from dataclasses import dataclass
from enum import StrEnum

from roundtable_kit.errors import NotFound


class Disposition(StrEnum):
    """The author's answers to a finding."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEFERRED = "deferred"


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """A finding: an opaque body, and the author's answer, which the body may not say.

    Attributes:
        disposition_reason: None where the author gave none.
    """

    body: bytes
    disposition: Disposition
    disposition_reason: str | None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A finding that the author rejected, and the run it is from.

    Or one that came rejected and of which the author thinks otherwise now.
    """

    run_id: str
    finding: FindingRecord


def finding_not_found() -> NotFound:
    """Return the error for a finding that is not there or no longer counts."""
    return NotFound("FINDING_NOT_FOUND", "The run has no such finding.")
