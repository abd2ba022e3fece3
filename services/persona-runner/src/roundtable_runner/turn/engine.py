"""What the core asks of the thing that answers."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from roundtable_runner.turn.parts import FailureReason, TurnFailure, TurnUsage
from roundtable_runner.turn.task import Effort


class AnswerFormat(StrEnum):
    """How the structured part of an answer comes."""

    TOOL = "tool"  # the model calls StructuredOutput
    FENCED = "fenced"  # a fenced block of JSON ends the prose


@dataclass(frozen=True, slots=True)
class TurnPrompt:
    """What is sent, and how the answer is to come.

    Attributes:
        system: The system prompt.
        user: The message, or what follows its shared part.
        shared: What the messages of all turns of a run begin with; the endpoint is
            asked to keep it.
        may_repair: Whether an answer that does not fit is asked for once more.
    """

    system: str
    user: str
    schema: dict[str, Any]
    shared: str = ""
    answer_format: AnswerFormat = AnswerFormat.TOOL
    may_repair: bool = True


class AnswerSink(Protocol):
    """Takes an answer as it is produced."""

    def begin_draft(self) -> None:
        """An answer begins; a second one replaces the first."""
        ...

    def begin_output(self) -> None:
        """The output begins anew; the prose stands."""
        ...

    def add_text(self, text: str) -> None:
        """The next words of the prose. Raises TurnFailed when it is too long."""
        ...

    def add_output(self, fragment: str) -> None:
        """The next piece of the output's JSON. Raises TurnFailed when too long."""
        ...

    def set_model(self, model: str) -> None:
        """Which model answers, as it names itself."""
        ...

    def set_usage(self, usage: TurnUsage) -> None:
        """What the attempt has used so far."""
        ...


class Engine(Protocol):
    """Answers one prompt at a time."""

    async def find_format(self, *, model: str) -> AnswerFormat:
        """Return how this model answers. Raises TurnFailed when it can't be told."""
        ...

    async def answer(
        self,
        prompt: TurnPrompt,
        *,
        model: str,
        effort: Effort = Effort.LEAST,
        sink: AnswerSink,
    ) -> Any:
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
