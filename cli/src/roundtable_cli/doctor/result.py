"""What a check came to."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How good it is, by the mark that stands in front."""

    FINE = "✓"
    DOUBTFUL = "!"
    BROKEN = "✗"
    NOT_CHECKED = "·"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the report.

    Attributes:
        subject: What was looked at.
        words: What was found.
        mend: What to do about it; None where there is nothing to do.
    """

    level: Level
    subject: str
    words: str
    mend: str | None = None


def fine(subject: str, words: str) -> Result:
    """Return that all is well with something."""
    return Result(Level.FINE, subject, words)


def doubtful(subject: str, words: str, *, mend: str) -> Result:
    """Return that something works and deserves a look."""
    return Result(Level.DOUBTFUL, subject, words, mend)


def broken(subject: str, words: str, *, mend: str) -> Result:
    """Return that something does not work, or soon won't."""
    return Result(Level.BROKEN, subject, words, mend)


def not_checked(subject: str, words: str, *, mend: str | None = None) -> Result:
    """Return that something could not be looked at, and why."""
    return Result(Level.NOT_CHECKED, subject, words, mend)
