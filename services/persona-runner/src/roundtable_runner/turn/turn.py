"""A turn from its task to its end."""

from collections.abc import Callable

from roundtable_runner.turn.answer import AnswerWriter
from roundtable_runner.turn.engine import Engine, TurnFailed
from roundtable_runner.turn.forms import find_form
from roundtable_runner.turn.parts import (
    FindingPart,
    TextPart,
    TurnFailure,
    TurnResult,
    TurnUsage,
)
from roundtable_runner.turn.prompts.compose import compose_prompt
from roundtable_runner.turn.task import Effort, Task
from roundtable_runner.turn.timers import Timers


class Turn:
    """One attempt at a task, of whatever kind.

    Args:
        task: What is asked.
        draw_delimiter: Returns a word that no document can foresee.
        emit: Takes the parts.
        timers: Paces the words.

    Attributes:
        usage: What it has used so far; true after a failure or cancellation too.
    """

    def __init__(
        self,
        task: Task,
        *,
        draw_delimiter: Callable[[], str],
        emit: Callable[[TextPart | FindingPart], None],
        timers: Timers,
    ) -> None:
        self._task = task
        self._draw_delimiter = draw_delimiter
        self._form = find_form(task)
        self._writer = AnswerWriter(self._form, emit=emit, timers=timers)

    @property
    def usage(self) -> TurnUsage:
        """What it has used so far."""
        return self._writer.usage

    async def run(
        self, engine: Engine, *, model: str, effort: Effort = Effort.LEAST
    ) -> TurnResult | TurnFailure:
        """Return the outcome; every part has been emitted by then.

        A cancellation goes through, after the words said so far.
        """
        try:
            prompt = compose_prompt(
                self._task,
                draw_delimiter=self._draw_delimiter,
                answer_format=await engine.find_format(model=model),
            )
            output = await engine.answer(
                prompt, model=model, effort=effort, sink=self._writer
            )
            return self._form.read(output, text=self._writer.text)
        except TurnFailed as error:
            return error.failure
        finally:
            self._writer.close()
