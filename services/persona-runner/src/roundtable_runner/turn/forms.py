"""Which form the answer to a task has."""

from functools import partial

from roundtable_runner.turn.form import AnswerForm
from roundtable_runner.turn.readers import (
    read_answer,
    read_cluster,
    read_discussion,
    read_repair,
    read_review,
    read_sweep,
    read_synthesis,
)
from roundtable_runner.turn.schema import (
    build_answer_schema,
    build_cluster_schema,
    build_discussion_schema,
    build_repair_schema,
    build_review_schema,
    build_sweep_schema,
    build_synthesis_schema,
)
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


def find_form(task: Task) -> AnswerForm:  # noqa: PLR0911 - one for each kind
    """Return the form of a task's answer."""
    match task:
        case ReviewTask() | ControlTask():
            schema = build_review_schema(task.subject.keys)
            return AnswerForm(schema, read_review, has_prose=True)
        case SweepTask():
            schema = build_sweep_schema(task.subject.keys)
            return AnswerForm(schema, read_sweep, has_prose=False)
        case RepairTask():
            read = partial(read_repair, finding_count=len(task.findings))
            return AnswerForm(build_repair_schema(), read, has_prose=False)
        case ClusterTask():
            schema = build_cluster_schema(len(task.pairs))
            return AnswerForm(schema, read_cluster, has_prose=False)
        case DiscussionTask():
            item_ids = [item.item_id for item in task.items]
            schema = build_discussion_schema(item_ids, task.finding_ids)
            return AnswerForm(schema, read_discussion, has_prose=True)
        case SynthesisTask():
            return AnswerForm(build_synthesis_schema(), read_synthesis, has_prose=False)
        case AnswerTask():
            return AnswerForm(build_answer_schema(), read_answer, has_prose=True)
