"""All that is sent for a turn."""

from collections.abc import Callable

from roundtable_runner.turn.engine import AnswerFormat, TurnPrompt
from roundtable_runner.turn.forms import find_form
from roundtable_runner.turn.prompts.answer import word_answer
from roundtable_runner.turn.prompts.closing import Closing
from roundtable_runner.turn.prompts.cluster import word_cluster
from roundtable_runner.turn.prompts.discussion import word_discussion
from roundtable_runner.turn.prompts.layout import Wording, lay_out
from roundtable_runner.turn.prompts.repair import word_repair
from roundtable_runner.turn.prompts.review import word_control, word_review
from roundtable_runner.turn.prompts.sweep import word_sweep
from roundtable_runner.turn.prompts.synthesis import word_synthesis
from roundtable_runner.turn.task import (
    AnswerTask,
    ClusterTask,
    ControlTask,
    DiscussionTask,
    RepairTask,
    ReviewTask,
    SweepTask,
    SynthesisTask,
    Task,
)


def compose_prompt(
    task: Task,
    *,
    draw_delimiter: Callable[[], str],
    answer_format: AnswerFormat = AnswerFormat.TOOL,
) -> TurnPrompt:
    """Return all that is sent for a task whose answer is to come in a format."""
    schema = find_form(task).schema
    wording = _word(task, Closing(answer_format, schema))
    message = lay_out(wording, draw_delimiter=draw_delimiter)
    return TurnPrompt(
        system="\n\n".join(wording.system),
        shared=message.shared,
        user=message.own,
        schema=schema,
        answer_format=answer_format,
    )


def _word(task: Task, closing: Closing) -> Wording:  # noqa: PLR0911 - one for each kind
    match task:
        case ReviewTask():
            return word_review(task, closing)
        case ControlTask():
            return word_control(task, closing)
        case SweepTask():
            return word_sweep(task, closing)
        case RepairTask():
            return word_repair(task, closing)
        case ClusterTask():
            return word_cluster(task, closing)
        case DiscussionTask():
            return word_discussion(task, closing)
        case SynthesisTask():
            return word_synthesis(task, closing)
        case AnswerTask():
            return word_answer(task, closing)
