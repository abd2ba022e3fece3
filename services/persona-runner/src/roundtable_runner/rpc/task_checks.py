"""Says what is wrong with a task, field by field."""

from collections.abc import Iterable

from roundtable.runner.v1 import turn_service_pb2, turn_task_pb2
from roundtable_runner.rpc.request_check import RequestCheck
from roundtable_runner.rpc.request_material import (
    check_discussed,
    check_finding,
    check_items,
    check_verdict,
)
from roundtable_runner.rpc.request_subjects import (
    check_document_type,
    check_seat,
    check_subject,
)
from roundtable_runner.turn.schema import MAX_FINDINGS, SEVERITIES

_FIRST_DISCUSSION = 2

_Reading = (
    turn_task_pb2.ReviewTask
    | turn_task_pb2.SweepTask
    | turn_task_pb2.DiscussionTask
    | turn_task_pb2.AnswerTask
)


def check_task(request: turn_service_pb2.StartTurnRequest, check: RequestCheck) -> None:
    """Note what is wrong with the task that a request holds."""
    match request.WhichOneof("task"):
        case "review":
            _check_reader(request.review, check.at("review"))
        case "control":
            check_subject(request.control.subject, check.at("control.subject"))
        case "sweep":
            _check_sweep(request.sweep, check.at("sweep"))
        case "repair":
            _check_repair(request.repair, check.at("repair"))
        case "cluster":
            _check_cluster(request.cluster, check.at("cluster"))
        case "discussion":
            _check_discussion(request.discussion, check.at("discussion"))
        case "synthesis":
            _check_synthesis(request.synthesis, check.at("synthesis"))
        case "answer":
            _check_answer(request.answer, check.at("answer"))
        case None:
            check.given(None, "task")


def _check_reader(task: _Reading, check: RequestCheck) -> None:
    check_subject(task.subject, check.at("subject"))
    check_seat(task.seat, task.subject, check.at("seat"))


def _check_sweep(task: turn_task_pb2.SweepTask, check: RequestCheck) -> None:
    _check_reader(task, check)
    shown = [each.paragraph_id for each in task.subject.document.paragraphs]
    first, last = task.first_paragraph_id, task.last_paragraph_id
    check.that(first in shown, "first_paragraph_id", "is not shown")
    check.that(last in shown, "last_paragraph_id", "is not shown")
    if first in shown and last in shown:
        is_range = shown.index(first) <= shown.index(last)
        check.that(is_range, "last_paragraph_id", "stands before the first")


def _check_repair(task: turn_task_pb2.RepairTask, check: RequestCheck) -> None:
    check_subject(task.subject, check.at("subject"))
    if task.HasField("seat"):
        check_seat(task.seat, task.subject, check.at("seat"))
    check.that(bool(task.findings), "findings", "is empty")
    is_short = len(task.findings) <= MAX_FINDINGS
    check.that(is_short, "findings", f"has more than {MAX_FINDINGS}")
    for at, finding in check.each("findings", task.findings):
        check_finding(finding, at)


def _check_cluster(task: turn_task_pb2.ClusterTask, check: RequestCheck) -> None:
    check.that(bool(task.pairs), "pairs", "is empty")
    for at, pair in check.each("pairs", task.pairs):
        check_finding(pair.first, at.at("first"))
        check_finding(pair.second, at.at("second"))


def _check_discussion(task: turn_task_pb2.DiscussionTask, check: RequestCheck) -> None:
    _check_reader(task, check)
    check.that(task.round >= _FIRST_DISCUSSION, "round", "is 2 or more")
    check.distinct((item.item_id for item in task.items), "items")
    check_items(task.items, check)
    for at, item in check.each("items", task.items):
        known = {"", *_ids(item.findings)}
        for inner, said in at.each("statements", item.statements):
            is_known = said.statement.finding_id in known
            inner.that(is_known, "statement.finding_id", "is none of the item's")
    if task.HasField("verdict"):
        check_verdict(task.verdict, check.at("verdict"))


def _check_synthesis(task: turn_task_pb2.SynthesisTask, check: RequestCheck) -> None:
    check_document_type(task.document_type, check)
    check.given(task.decision, "decision")
    check.distinct((cluster.cluster_id for cluster in task.clusters), "clusters")
    for at, cluster in check.each("clusters", task.clusters):
        at.given(cluster.cluster_id, "cluster_id")
        at.one_of(cluster.severity, SEVERITIES, "severity")
        at.distinct(_ids(cluster.findings), "findings")
        check_discussed(cluster.findings, at)
    known = {
        finding_id for cluster in task.clusters for finding_id in _ids(cluster.findings)
    }
    for at, dissent in check.each("dissents", task.dissents):
        # What it rests on may be in no cluster: the author may have rejected it.
        at.given(dissent.speaker, "speaker")
    check_items(task.items, check)
    for at, item in check.each("items", task.items):
        is_known = known >= set(_ids(item.findings))
        at.that(is_known, "findings", "has one that is in no cluster")


def _check_answer(task: turn_task_pb2.AnswerTask, check: RequestCheck) -> None:
    _check_reader(task, check)
    check.given(task.question, "question")
    check_discussed(task.findings, check)


def _ids(findings: Iterable[turn_task_pb2.DiscussedFinding]) -> list[str]:
    return [finding.finding_id for finding in findings]
