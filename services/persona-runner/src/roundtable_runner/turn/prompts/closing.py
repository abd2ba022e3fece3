"""How an answer is to come: by the tool or in a fenced block, behind prose or alone."""

from dataclasses import dataclass
from typing import Any

from roundtable_runner.turn.engine import AnswerFormat
from roundtable_runner.turn.shape import describe_shape

_LEGEND = """\
Words in capitals stand for values: TEXT for a text, NUMBER for a whole number, each of
the others for one of the values allowed above. A list may be empty or hold several.
The block is valid JSON: double quotes, no comments, no line break within a text."""


@dataclass(frozen=True, slots=True)
class Closing:
    """Words for the end of an answer.

    Attributes:
        answer_format: How the structured part comes.
        schema: What it has to fit.
    """

    answer_format: AnswerFormat
    schema: dict[str, Any]

    @property
    def step_after_prose(self) -> str:
        """What a task with prose ends in, as a clause."""
        if self._is_tool:
            return "call StructuredOutput once"
        return "the one block of JSON"

    @property
    def step_alone(self) -> str:
        """What a task without prose ends in, as a sentence."""
        if self._is_tool:
            return "Call StructuredOutput once and say nothing else."
        return "Answer with the one block of JSON and nothing else."

    def after_prose(self, what: str) -> str:
        """Return how the structured part follows the prose."""
        if self._is_tool:
            return (
                "Then call the tool StructuredOutput exactly once,"
                " and write nothing after it."
            )
        return (
            f"Then give {what} as one block of JSON, fenced exactly so, and\n"
            f"write nothing after it:\n{self._form}"
        )

    def alone(self) -> str:
        """Return how the structured part comes where nothing is said before it."""
        if self._is_tool:
            return (
                "Call the tool StructuredOutput exactly once,"
                " and write nothing before or after it."
            )
        return (
            "Answer with one block of JSON, fenced exactly so,"
            f" and write nothing before or\nafter it:\n{self._form}"
        )

    @property
    def _is_tool(self) -> bool:
        return self.answer_format is AnswerFormat.TOOL

    @property
    def _form(self) -> str:
        return f"```json\n{describe_shape(self.schema)}\n```\n{_LEGEND}"
