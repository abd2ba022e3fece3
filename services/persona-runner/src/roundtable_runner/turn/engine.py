"""What the core asks of the thing that answers."""

from dataclasses import dataclass
from typing import Any, Protocol

from roundtable_runner.turn.parts import FailureReason, TurnFailure, TurnUsage


@dataclass(frozen=True, slots=True)
class TurnPrompt:
    """What is sent: the prompt in two halves and the schema of the answer."""

    system: str
    user: str
    schema: dict[str, Any]


class AnswerSink(Protocol):
    """Takes an answer as it is produced."""

    def begin_draft(self) -> None:
        """An answer begins; a second one replaces the first."""
        ...

    def add_text(self, text: str) -> None:
        """The next words of the prose. Raises TurnFailed when it is too long."""
        ...

    def add_output(self, fragment: str) -> None:
        """The next piece of the output's JSON. Raises TurnFailed when too long."""
        ...

    def set_usage(self, usage: TurnUsage) -> None:
        """What the attempt has used so far."""
        ...


class Engine(Protocol):
    """Answers one prompt at a time."""

    async def answer(self, prompt: TurnPrompt, *, model: str, sink: AnswerSink) -> Any:
        """Return the structured output, unchecked; the rest goes to the sink.

        When it is cancelled nothing of it is left behind.

        Raises:
            TurnFailed: There is no answer.
        """
        ...


class TurnFailed(Exception):  # noqa: N818 - reads as what happened, like kit's errors
    """A turn ends without an answer."""

    def __init__(self, failure: TurnFailure) -> None:
        super().__init__(failure.reason.value)
        self.failure = failure

    @classmethod
    def because(cls, reason: FailureReason, detail: str) -> "TurnFailed":
        """Return the error for a reason and its detail."""
        return cls(TurnFailure(reason, detail))
