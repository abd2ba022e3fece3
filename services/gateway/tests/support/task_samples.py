"""One task of every kind, on the sample document."""

from dataclasses import replace

from roundtable_gateway.conductor.tasks import (
    AnswerTask,
    ClusterTask,
    ControlTask,
    DiscussedItem,
    DiscussionTask,
    ReadingSeat,
    RepairTask,
    ReviewTask,
    SpokenDissent,
    SpokenFinding,
    SpokenScore,
    SpokenStance,
    Subject,
    SweepTask,
    SynthesisTask,
    SynthesizedCluster,
    Task,
)
from roundtable_gateway.domain.finding import Score
from roundtable_gateway.domain.run import Brief, Panelist
from services.gateway.tests.support.log_samples import ANSWERED_TURN, DECISION, FINDING
from services.gateway.tests.support.process_samples import (
    AGENDA_ITEM,
    CLUSTER,
    STANCE,
)
from services.gateway.tests.support.samples import DOCUMENT_TEXT, RUBRIC, persona

BRIEF = Brief(audience="Buyers")
SUBJECT = Subject(
    rubric=RUBRIC,
    document_title="Backup plan",
    document=DOCUMENT_TEXT,
    paragraphs=DOCUMENT_TEXT.paragraphs,
    brief=BRIEF,
)
SEAT = ReadingSeat(Panelist("A", persona(), None), ("evidence",))
OTHERS_FINDING = replace(FINDING, id="B1", panelist_id="B", verified=False)
DISCUSSED = DiscussedItem(
    item=AGENDA_ITEM,
    findings=(
        SpokenFinding("you", FINDING),
        SpokenFinding("Panelist B", OTHERS_FINDING),
    ),
    scores=(
        SpokenScore("you", Score("evidence", 4, ("A1",), "One claim.")),
        SpokenScore("Panelist B", Score("evidence", None, (), "Can't say.")),
    ),
    stances=(SpokenStance("Panelist B", STANCE),),
)
TASKS: tuple[Task, ...] = (
    ReviewTask(SUBJECT, SEAT),
    ControlTask(SUBJECT),
    SweepTask(SUBJECT, SEAT, "P1", "P2"),
    RepairTask(SUBJECT, SEAT, (FINDING,)),
    ClusterTask(((FINDING, OTHERS_FINDING),)),
    DiscussionTask(SUBJECT, SEAT, 2, (DISCUSSED,)),
    SynthesisTask(
        document_title="Backup plan",
        document_type="other",
        brief=BRIEF,
        decision=DECISION,
        clusters=(SynthesizedCluster(CLUSTER, (SpokenFinding("Robin", FINDING),)),),
        dissent=tuple(SpokenDissent("Kim", each) for each in DECISION.dissent),
        items=(DISCUSSED,),
        not_examined=("Costs",),
    ),
    AnswerTask(SUBJECT, SEAT, ANSWERED_TURN, (FINDING,), "Would a test do?"),
)
