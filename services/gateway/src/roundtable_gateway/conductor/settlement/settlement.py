"""The seam of all settlements: an answer comes in, a turn and its facts go out."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

from roundtable_gateway.conductor.gate import UnfitAnswerError
from roundtable_gateway.conductor.parts import FindingDraft, TurnResult
from roundtable_gateway.domain.event import Fact
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import Turn


@dataclass(frozen=True, slots=True)
class Settled:
    """What comes of an answer.

    Attributes:
        turn: The turn with what it keeps of the answer.
        findings: The findings that it hands in, whole.
        facts: What else the log is told, in one append with the turn's completion.
    """

    turn: Turn
    findings: tuple[Finding, ...] = ()
    facts: tuple[Fact, ...] = ()


class Settlement(ABC):
    """Settles the answers of one turn.

    Both methods may search the whole document: they belong on a thread. They raise
    UnfitAnswerError for an answer that can't be used.
    """

    def admit(self, turn: Turn, draft: FindingDraft, *, number: int) -> Finding:  # noqa: ARG002 - the seam's
        """Return a finding of an answer; `number` is its place there, from 1."""
        # Only who reads hands in findings.
        raise UnfitAnswerError

    @abstractmethod
    def settle(self, turn: Turn, result: TurnResult) -> Settled:
        """Return what comes of an answer, whole.

        Args:
            turn: The turn, succeeded, without anything of the answer.
            result: The answer.
        """
