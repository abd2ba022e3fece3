"""A task of every kind, as the runner's core knows it; every field given."""

from dataclasses import replace

from roundtable_runner.turn.parts import FindingDraft, QuoteDraft, StatementDraft
from roundtable_runner.turn.task import (
    AnswerTask,
    ClusterTask,
    ControlTask,
    DiscussionTask,
    RepairTask,
    SweepTask,
    SynthesisTask,
    Task,
)
from roundtable_runner.turn.task_material import (
    DiscussedFinding,
    DiscussedScore,
    DiscussedStatement,
    DiscussedVerdict,
    DiscussionItem,
    FindingPair,
    SynthesisCluster,
    SynthesisDissent,
)
from support.review_tasks import SEAT, SUBJECT, review_task

FINDING = FindingDraft(
    kind="risk",
    title="Absolute claim",
    severity="blocker",
    criterion="evidence",
    paragraph_ids=("P1",),
    quotes=(QuoteDraft("100% secure", "P1"),),
    searched_for=(),
    impact="A buyer's auditor asks for proof.",
    affected_reader="A CISO.",
    fix="Name the audit.",
    rewrite="Audited by a named firm in May.",
    fix_kind="meaning",
    confidence=80,
    would_change_mind_if="An audit said so.",
)
OMISSION = replace(
    FINDING,
    kind="omission",
    title="Nobody says who has checked it",
    severity="major",
    quotes=(),
    searched_for=("audit", "study"),
    fix="Say who has checked it.",
    rewrite=None,
)
_STATEMENT = StatementDraft(
    item_id="I1",
    finding_id="A1",
    quotes=(QuoteDraft("It has never been opened.", "P1"),),
    argument="The next sentence says what is meant.",
    move="challenge",
    stance="disagree",
    severity="minor",
    changed_by=None,
)
ITEM = DiscussionItem(
    item_id="I1",
    question="How grave is the absolute claim?",
    paragraph_ids=("P1",),
    findings=(
        DiscussedFinding("A1", "you", FINDING, is_verified=True),
        DiscussedFinding("B2", "Panelist B", OMISSION, is_verified=False),
    ),
    scores=(
        DiscussedScore("you", "evidence", 1, "Claims alone."),
        DiscussedScore("Panelist B", "evidence", 4, "Enough for a landing page."),
    ),
    statements=(DiscussedStatement("Panelist B", 2, _STATEMENT, is_evidenced=True),),
)

SWEEP = SweepTask(SUBJECT, SEAT, first_paragraph_id="P1", last_paragraph_id="P2")
REPAIR = RepairTask(SUBJECT, SEAT, findings=(FINDING, OMISSION))
CLUSTER = ClusterTask((FindingPair(FINDING, OMISSION),))
DISCUSSION = DiscussionTask(
    SUBJECT,
    SEAT,
    round=3,
    items=(ITEM,),
    verdict=DiscussedVerdict(2, "request_changes", "Not before proof is given."),
)
_TOLD = tuple(
    replace(finding, speaker=f"Panelist {finding.finding_id[0]}")
    for finding in ITEM.findings
)
_TOLD_SCORES = (replace(ITEM.scores[0], speaker="Panelist A"), ITEM.scores[1])
SYNTHESIS = SynthesisTask(
    document_title="Landing page",
    document_type="marketing_copy",
    brief=SUBJECT.brief,
    decision="Rework: a blocker stands.",
    clusters=(SynthesisCluster("K1", "blocker", _TOLD),),
    dissents=(SynthesisDissent("Panelist B", "It is good enough to go out.", ("B2",)),),
    items=(replace(ITEM, findings=_TOLD, scores=_TOLD_SCORES),),
    not_examined=("prices",),
)
ANSWER = AnswerTask(
    SUBJECT,
    SEAT,
    review_text="I would not sign this.",
    verdict="request_changes",
    findings=(ITEM.findings[0],),
    question="What would convince you?",
)
TASKS: dict[str, Task] = {
    task.kind: task
    for task in (
        review_task(),
        ControlTask(SUBJECT),
        SWEEP,
        REPAIR,
        CLUSTER,
        DISCUSSION,
        SYNTHESIS,
        ANSWER,
    )
}
