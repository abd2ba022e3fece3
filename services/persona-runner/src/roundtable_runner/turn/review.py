"""A review turn from its task to its end."""

from collections.abc import Callable
from typing import Any

from roundtable_runner.turn.answer import AnswerWriter
from roundtable_runner.turn.engine import (
    AnswerFormat,
    Engine,
    TurnFailed,
    TurnPrompt,
)
from roundtable_runner.turn.output import ReviewFormat
from roundtable_runner.turn.parts import (
    FindingPart,
    ReviewResult,
    TextPart,
    TurnFailure,
    TurnUsage,
)
from roundtable_runner.turn.schema import build_review_schema
from roundtable_runner.turn.system_prompt import compose_system_prompt
from roundtable_runner.turn.task import Effort, ReviewTask
from roundtable_runner.turn.timers import Timers
from roundtable_runner.turn.user_message import compose_user_message


def compose_review(
    task: ReviewTask,
    *,
    draw_delimiter: Callable[[], str],
    answer_format: AnswerFormat = AnswerFormat.TOOL,
) -> TurnPrompt:
    """Return all that is sent for a review whose answer is to come in a format."""
    message = compose_user_message(
        task, draw_delimiter=draw_delimiter, answer_format=answer_format
    )
    return TurnPrompt(
        system=compose_system_prompt(task.criteria, answer_format),
        shared=message.shared,
        user=message.own,
        schema=_schema(task),
        answer_format=answer_format,
    )


def _schema(task: ReviewTask) -> dict[str, Any]:
    return build_review_schema([criterion.key for criterion in task.criteria])


class ReviewTurn:
    """One attempt at a review.

    Args:
        task: What to review, and as whom.
        draw_delimiter: Returns a word that no document can foresee.
        emit: Takes the parts.
        timers: Paces the words.

    Attributes:
        usage: What it has used so far; true after a failure or cancellation too.
    """

    def __init__(
        self,
        task: ReviewTask,
        *,
        draw_delimiter: Callable[[], str],
        emit: Callable[[TextPart | FindingPart], None],
        timers: Timers,
    ) -> None:
        self._task = task
        self._draw_delimiter = draw_delimiter
        self._format = ReviewFormat(_schema(task))
        self._writer = AnswerWriter(self._format, emit=emit, timers=timers)

    @property
    def usage(self) -> TurnUsage:
        """What it has used so far."""
        return self._writer.usage

    async def run(
        self, engine: Engine, *, model: str, effort: Effort = Effort.LEAST
    ) -> ReviewResult | TurnFailure:
        """Return the outcome; every part has been emitted by then.

        A cancellation goes through, after the words said so far.
        """
        try:
            prompt = compose_review(
                self._task,
                draw_delimiter=self._draw_delimiter,
                answer_format=await engine.find_format(model=model),
            )
            output = await engine.answer(
                prompt, model=model, effort=effort, sink=self._writer
            )
            return self._format.read(output, text=self._writer.text)
        except TurnFailed as error:
            return error.failure
        finally:
            self._writer.close()
