"""What a runner is asked: the conductor's tasks -> the runner's messages."""

from typing import TypedDict

from roundtable.runner.v1 import turn_part_pb2, turn_task_pb2
from roundtable_gateway.clients.decision_words import decision_sentence
from roundtable_gateway.clients.subject_converters import (
    brief_to_proto,
    seat_to_proto,
    subject_to_proto,
)
from roundtable_gateway.conductor.tasks import (
    AnswerTask,
    ClusterTask,
    ControlTask,
    DiscussedItem,
    DiscussionTask,
    RepairTask,
    ReviewTask,
    SpokenFinding,
    SpokenScore,
    SpokenStance,
    SweepTask,
    SynthesisTask,
    Task,
)
from roundtable_gateway.domain.finding import Finding, Quote
from roundtable_gateway.domain.run import Turn

_LISTENER = "you"


class TaskField(TypedDict, total=False):
    """The one field of a start request that says what is asked."""

    review: turn_task_pb2.ReviewTask
    control: turn_task_pb2.ControlTask
    sweep: turn_task_pb2.SweepTask
    repair: turn_task_pb2.RepairTask
    cluster: turn_task_pb2.ClusterTask
    discussion: turn_task_pb2.DiscussionTask
    synthesis: turn_task_pb2.SynthesisTask
    answer: turn_task_pb2.AnswerTask


def task_to_proto(task: Task) -> TaskField:  # noqa: PLR0911 - a line a kind
    """Return the field of a start request that holds a task."""
    match task:
        case ReviewTask():
            return {"review": _review(task)}
        case ControlTask():
            subject = subject_to_proto(task.subject)
            return {"control": turn_task_pb2.ControlTask(subject=subject)}
        case SweepTask():
            return {"sweep": _sweep(task)}
        case RepairTask():
            return {"repair": _repair(task)}
        case ClusterTask():
            return {"cluster": _cluster(task)}
        case DiscussionTask():
            return {"discussion": _discussion(task)}
        case SynthesisTask():
            return {"synthesis": _synthesis(task)}
        case AnswerTask():
            return {"answer": _answer(task)}


def _review(task: ReviewTask) -> turn_task_pb2.ReviewTask:
    return turn_task_pb2.ReviewTask(
        subject=subject_to_proto(task.subject), seat=seat_to_proto(task.seat)
    )


def _sweep(task: SweepTask) -> turn_task_pb2.SweepTask:
    return turn_task_pb2.SweepTask(
        subject=subject_to_proto(task.subject),
        seat=seat_to_proto(task.seat),
        first_paragraph_id=task.first_paragraph_id,
        last_paragraph_id=task.last_paragraph_id,
    )


def _repair(task: RepairTask) -> turn_task_pb2.RepairTask:
    return turn_task_pb2.RepairTask(
        subject=subject_to_proto(task.subject),
        seat=None if task.seat is None else seat_to_proto(task.seat),
        findings=map(_finding, task.findings),
    )


def _cluster(task: ClusterTask) -> turn_task_pb2.ClusterTask:
    return turn_task_pb2.ClusterTask(
        pairs=[
            turn_task_pb2.FindingPair(first=_finding(first), second=_finding(second))
            for first, second in task.pairs
        ]
    )


def _discussion(task: DiscussionTask) -> turn_task_pb2.DiscussionTask:
    return turn_task_pb2.DiscussionTask(
        subject=subject_to_proto(task.subject),
        seat=seat_to_proto(task.seat),
        round=task.round,
        items=map(_item, task.items),
        verdict=None if task.last_word is None else _stand(task.last_word),
    )


def _stand(last_word: Turn) -> turn_task_pb2.DiscussedVerdict:
    return turn_task_pb2.DiscussedVerdict(
        overall=last_word.overall,
        verdict=last_word.verdict.value if last_word.verdict else "",
        verdict_reason=last_word.verdict_reason,
    )


def _synthesis(task: SynthesisTask) -> turn_task_pb2.SynthesisTask:
    return turn_task_pb2.SynthesisTask(
        document_title=task.document_title,
        document_type=task.document_type,
        brief=brief_to_proto(task.brief),
        decision=decision_sentence(task.decision),
        clusters=[
            turn_task_pb2.SynthesisCluster(
                cluster_id=each.cluster.id,
                severity=each.cluster.severity.value,
                findings=map(_spoken_finding, each.findings),
            )
            for each in task.clusters
        ],
        dissents=[
            turn_task_pb2.SynthesisDissent(
                speaker=spoken.speaker,
                position=spoken.dissent.position,
                finding_ids=spoken.dissent.finding_ids,
            )
            for spoken in task.dissent
        ],
        items=map(_item, task.items),
        not_examined=task.not_examined,
    )


def _answer(task: AnswerTask) -> turn_task_pb2.AnswerTask:
    return turn_task_pb2.AnswerTask(
        subject=subject_to_proto(task.subject),
        seat=seat_to_proto(task.seat),
        review_text=task.review.text,
        verdict=_verdict(task.review),
        findings=[
            _spoken_finding(SpokenFinding(_LISTENER, finding))
            for finding in task.findings
        ],
        question=task.question,
    )


def _verdict(review: Turn) -> str:
    """Return a review's verdict and why; empty where it gave none."""
    parts = (review.verdict.value if review.verdict else "", review.verdict_reason)
    return ": ".join(filter(None, parts))


def _item(discussed: DiscussedItem) -> turn_task_pb2.DiscussionItem:
    return turn_task_pb2.DiscussionItem(
        item_id=discussed.item.id,
        question=discussed.item.question,
        paragraph_ids=discussed.item.paragraph_ids,
        findings=map(_spoken_finding, discussed.findings),
        # Who gave no mark has nothing to discuss of it.
        scores=[_spoken_score(each) for each in discussed.scores if each.score.score],
        statements=map(_spoken_stance, discussed.stances),
    )


def _spoken_finding(spoken: SpokenFinding) -> turn_task_pb2.DiscussedFinding:
    return turn_task_pb2.DiscussedFinding(
        finding_id=spoken.finding.id,
        speaker=spoken.speaker,
        finding=_finding(spoken.finding),
        is_verified=spoken.finding.verified,
    )


def _spoken_score(spoken: SpokenScore) -> turn_task_pb2.DiscussedScore:
    return turn_task_pb2.DiscussedScore(
        speaker=spoken.speaker,
        criterion=spoken.score.criterion,
        score=spoken.score.score or 0,
        rationale=spoken.score.rationale,
    )


def _spoken_stance(spoken: SpokenStance) -> turn_task_pb2.DiscussedStatement:
    stance = spoken.stance
    return turn_task_pb2.DiscussedStatement(
        speaker=spoken.speaker,
        round=stance.round,
        statement=turn_part_pb2.StatementDraft(
            item_id=stance.item_id,
            finding_id=stance.finding_id or "",
            move=stance.move.value,
            stance=stance.position.value,
            severity=stance.severity_after.value if stance.severity_after else "",
            argument=stance.argument,
            changed_by=stance.changed_by or "",
            quotes=map(_quote, stance.quotes),
        ),
        is_evidenced=stance.is_evidenced,
    )


def _finding(finding: Finding) -> turn_part_pb2.FindingDraft:
    return turn_part_pb2.FindingDraft(
        kind=finding.kind.value,
        title=finding.title,
        severity=finding.severity.value,
        criterion=finding.criterion,
        paragraph_ids=finding.paragraph_ids,
        quotes=map(_quote, finding.quotes),
        searched_for=finding.searched_for,
        impact=finding.impact,
        affected_reader=finding.affected_reader,
        fix=finding.fix,
        rewrite=finding.rewrite,
        fix_kind=finding.fix_kind.value,
        confidence=finding.confidence,
        would_change_mind_if=finding.would_change_mind_if,
    )


def _quote(quote: Quote) -> turn_part_pb2.QuoteDraft:
    """Return a quote in the document's own words where found, else as given."""
    return turn_part_pb2.QuoteDraft(
        text=quote.given if quote.text is None else quote.text,
        paragraph_id=quote.paragraph_id,
    )
