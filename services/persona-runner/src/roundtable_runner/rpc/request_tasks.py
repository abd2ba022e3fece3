"""Reads the task of a turn that was checked, of whatever kind."""

from roundtable.runner.v1 import turn_service_pb2, turn_task_pb2
from roundtable_runner.rpc.request_material import (
    read_discussed,
    read_finding,
    read_items,
    read_verdict,
)
from roundtable_runner.rpc.request_subjects import read_brief, read_seat, read_subject
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
from roundtable_runner.turn.task_material import (
    FindingPair,
    SynthesisCluster,
    SynthesisDissent,
)


def read_task(  # noqa: PLR0911 - one for each kind
    request: turn_service_pb2.StartTurnRequest,
) -> Task:
    """Return the task that a request holds."""
    match request.WhichOneof("task"):
        case "review":
            task = request.review
            return ReviewTask(read_subject(task.subject), read_seat(task.seat))
        case "control":
            return ControlTask(read_subject(request.control.subject))
        case "sweep":
            return _sweep(request.sweep)
        case "repair":
            return _repair(request.repair)
        case "cluster":
            return _cluster(request.cluster)
        case "discussion":
            return _discussion(request.discussion)
        case "synthesis":
            return _synthesis(request.synthesis)
        case "answer":
            return _answer(request.answer)
        case None:
            raise ValueError("a request without a task was not checked")


def _sweep(task: turn_task_pb2.SweepTask) -> SweepTask:
    return SweepTask(
        subject=read_subject(task.subject),
        seat=read_seat(task.seat),
        first_paragraph_id=task.first_paragraph_id,
        last_paragraph_id=task.last_paragraph_id,
    )


def _repair(task: turn_task_pb2.RepairTask) -> RepairTask:
    return RepairTask(
        subject=read_subject(task.subject),
        seat=read_seat(task.seat) if task.HasField("seat") else None,
        findings=tuple(read_finding(finding) for finding in task.findings),
    )


def _cluster(task: turn_task_pb2.ClusterTask) -> ClusterTask:
    return ClusterTask(
        tuple(
            FindingPair(read_finding(pair.first), read_finding(pair.second))
            for pair in task.pairs
        )
    )


def _discussion(task: turn_task_pb2.DiscussionTask) -> DiscussionTask:
    return DiscussionTask(
        subject=read_subject(task.subject),
        seat=read_seat(task.seat),
        round=task.round,
        items=read_items(task.items),
        verdict=read_verdict(task.verdict) if task.HasField("verdict") else None,
    )


def _synthesis(task: turn_task_pb2.SynthesisTask) -> SynthesisTask:
    return SynthesisTask(
        document_title=task.document_title,
        document_type=task.document_type,
        brief=read_brief(task.brief),
        decision=task.decision,
        clusters=tuple(
            SynthesisCluster(
                cluster_id=cluster.cluster_id,
                severity=cluster.severity,
                findings=read_discussed(cluster.findings),
            )
            for cluster in task.clusters
        ),
        dissents=tuple(
            SynthesisDissent(
                speaker=dissent.speaker,
                position=dissent.position,
                finding_ids=tuple(dissent.finding_ids),
            )
            for dissent in task.dissents
        ),
        items=read_items(task.items),
        not_examined=tuple(task.not_examined),
    )


def _answer(task: turn_task_pb2.AnswerTask) -> AnswerTask:
    return AnswerTask(
        subject=read_subject(task.subject),
        seat=read_seat(task.seat),
        review_text=task.review_text,
        verdict=task.verdict,
        findings=read_discussed(task.findings),
        question=task.question,
    )
