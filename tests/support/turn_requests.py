"""A valid request for a turn of every kind, and a valid answer to it."""

from collections.abc import Callable
from typing import Any

from roundtable.runner.v1 import turn_part_pb2, turn_service_pb2, turn_task_pb2
from support.runner_harness import PARAGRAPHS, start_request, task_seat, task_subject

_Request = turn_service_pb2.StartTurnRequest

# Opinions in four kinds come as prose first.
KINDS_WITH_PROSE = ("review", "control", "discussion", "answer")
KINDS = (*KINDS_WITH_PROSE, "sweep", "repair", "cluster", "synthesis")


def turn_request(kind: str, *, title: str = "Absolute claim") -> _Request:
    """Return a request; findings of its material carry the title."""
    request = start_request(f"turn-{kind}")
    getattr(request, kind).CopyFrom(_TASKS[kind](title))
    return request


def finding_message(title: str = "Absolute claim") -> turn_part_pb2.FindingDraft:
    """Return a finding."""
    return turn_part_pb2.FindingDraft(
        kind="risk",
        title=title,
        severity="major",
        criterion="evidence",
        paragraph_ids=["P1"],
        quotes=[turn_part_pb2.QuoteDraft(text="best in the world", paragraph_id="P1")],
        impact="A buyer's auditor asks for proof.",
        affected_reader="A CISO.",
        fix="Name the source.",
        fix_kind="meaning",
        confidence=80,
        would_change_mind_if="A source were named.",
    )


def discussed_message(
    finding_id: str = "A1", *, title: str = "Absolute claim"
) -> turn_task_pb2.DiscussedFinding:
    """Return a finding as others hear of it."""
    return turn_task_pb2.DiscussedFinding(
        finding_id=finding_id,
        speaker="Panelist A",
        finding=finding_message(title),
        is_verified=True,
    )


def item_message(title: str = "Absolute claim") -> turn_task_pb2.DiscussionItem:
    """Return an item of an agenda."""
    statement = turn_part_pb2.StatementDraft(
        item_id="I1",
        finding_id="A1",
        move="challenge",
        stance="disagree",
        severity="minor",
        argument="It is a figure of speech.",
    )
    return turn_task_pb2.DiscussionItem(
        item_id="I1",
        question="How grave is it?",
        paragraph_ids=["P1"],
        findings=[discussed_message(title=title)],
        scores=[
            turn_task_pb2.DiscussedScore(
                speaker="you", criterion="evidence", score=2, rationale="Claims alone."
            )
        ],
        statements=[
            turn_task_pb2.DiscussedStatement(
                speaker="Panelist B", round=2, statement=statement, is_evidenced=False
            )
        ],
    )


def _review(_title: str) -> turn_task_pb2.ReviewTask:
    return turn_task_pb2.ReviewTask(subject=task_subject(), seat=task_seat())


def _control(_title: str) -> turn_task_pb2.ControlTask:
    return turn_task_pb2.ControlTask(subject=task_subject())


def _sweep(_title: str) -> turn_task_pb2.SweepTask:
    return turn_task_pb2.SweepTask(
        subject=task_subject(),
        seat=task_seat(),
        first_paragraph_id="P1",
        last_paragraph_id="P2",
    )


def _repair(title: str) -> turn_task_pb2.RepairTask:
    return turn_task_pb2.RepairTask(
        subject=task_subject(), seat=task_seat(), findings=[finding_message(title)]
    )


def _cluster(title: str) -> turn_task_pb2.ClusterTask:
    pair = turn_task_pb2.FindingPair(
        first=finding_message(title), second=finding_message("No source")
    )
    return turn_task_pb2.ClusterTask(pairs=[pair])


def _discussion(title: str) -> turn_task_pb2.DiscussionTask:
    return turn_task_pb2.DiscussionTask(
        subject=task_subject(),
        seat=task_seat(),
        round=2,
        items=[item_message(title)],
        verdict=turn_task_pb2.DiscussedVerdict(
            overall=2, verdict="request_changes", verdict_reason="Claims alone."
        ),
    )


def _synthesis(title: str) -> turn_task_pb2.SynthesisTask:
    return turn_task_pb2.SynthesisTask(
        document_title="Landing page",
        document_type="marketing_copy",
        brief=turn_task_pb2.TaskBrief(goal="A call"),
        decision="Rework: a blocker stands.",
        clusters=[
            turn_task_pb2.SynthesisCluster(
                cluster_id="K1",
                severity="major",
                findings=[discussed_message(title=title)],
            )
        ],
        dissents=[
            turn_task_pb2.SynthesisDissent(
                speaker="Panelist B", position="Good enough.", finding_ids=["A1"]
            )
        ],
        items=[item_message(title)],
        not_examined=["prices"],
    )


def _answer(title: str) -> turn_task_pb2.AnswerTask:
    return turn_task_pb2.AnswerTask(
        subject=task_subject(),
        seat=task_seat(),
        review_text="I would not sign this.",
        verdict="request_changes",
        findings=[discussed_message(title=title)],
        question="What would convince you?",
    )


_TASKS: dict[str, Callable[[str], Any]] = {
    "review": _review,
    "control": _control,
    "sweep": _sweep,
    "repair": _repair,
    "cluster": _cluster,
    "discussion": _discussion,
    "synthesis": _synthesis,
    "answer": _answer,
}

_QUOTE = {"text": PARAGRAPHS[0][:30], "paragraph_id": "P1"}
_FINDING = {
    "kind": "risk",
    "criterion": "evidence",
    "paragraph_ids": ["P1"],
    "quotes": [_QUOTE],
    "searched_for": [],
    "impact": "Nobody can check it.",
    "affected_reader": "A buyer.",
    "fix": "Name the source.",
    "rewrite": None,
    "fix_kind": "choice",
    "severity": "major",
    "confidence": 80,
    "title": "No source",
    "would_change_mind_if": "A source were named.",
}
_REVIEW = {
    "findings": [_FINDING],
    "scores": [],
    "overall": 2,
    "verdict": "request_changes",
    "verdict_reason": "Claims alone.",
    "not_assessed": [],
}
OUTPUTS: dict[str, dict[str, Any]] = {
    "review": _REVIEW,
    "control": _REVIEW,
    "sweep": {"findings": [_FINDING], "not_assessed": ["prices"]},
    "repair": {"repairs": [{"number": 1, "quotes": [_QUOTE], "is_withdrawn": False}]},
    "cluster": {
        "answers": [{"number": 1, "reason": "One source mends both.", "is_same": True}]
    },
    "discussion": {
        "statements": [
            {
                "item_id": "I1",
                "finding_id": "A1",
                "quotes": [_QUOTE],
                "argument": "It stands there as a fact.",
                "move": "add_evidence",
                "stance": "agree",
                "severity": "major",
                "changed_by": None,
            }
        ],
        "overall": 2,
        "verdict": "request_changes",
        "verdict_reason": "Still claims alone.",
    },
    "synthesis": {
        "sentences": [{"text": "Name the source first.", "finding_ids": ["A1"]}],
        "minority": [{"text": "It is good enough.", "finding_ids": ["A1"]}],
    },
    "answer": {"paragraph_ids": ["P1"], "finding_ids": ["A1"]},
}
