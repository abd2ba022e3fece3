"""What a panel makes of its findings: one of every kind of thing."""

from dataclasses import replace
from datetime import timedelta

from roundtable_gateway.domain.cluster import Cluster, ClusterLink, ClusterRule
from roundtable_gateway.domain.discussion import (
    AgendaItem,
    AgendaReason,
    Move,
    Position,
    Stance,
)
from roundtable_gateway.domain.finding import Score, Severity, Verdict
from roundtable_gateway.domain.run import (
    ManifestEntry,
    Mode,
    RunDetail,
    Stage,
    StageResult,
    Turn,
    TurnKind,
    TurnState,
    Usage,
)
from roundtable_gateway.domain.synthesis import Synthesis, SynthesisSentence
from services.gateway.tests.support.log_samples import ANSWERED_TURN, FINDING
from services.gateway.tests.support.samples import NOW

STANCE = Stance(
    item_id="I1",
    panelist_id="B",
    turn_id="run_1-5-2-B-0a0a0a0a",
    round=2,
    finding_id="A1",
    move=Move.CHALLENGE,
    position=Position.DISAGREE,
    severity_before=Severity.MAJOR,
    severity_after=Severity.MINOR,
    argument="It says how often in the annex.",
    changed_by="The second paragraph.",
    quotes=(replace(FINDING.quotes[0], text="Ship it by Friday.", start=25, end=43),),
    is_change=True,
    is_evidenced=True,
)
ITEM = AgendaItem(
    id="I1",
    reason=AgendaReason.SEVERITY_GAP,
    question="How grave is the absolute claim?",
    cluster_id="K1",
    criterion="evidence",
    finding_ids=("A1", "C1"),
    paragraph_ids=("P1",),
    panelist_ids=("A", "C"),
)
SYNTHESIS = Synthesis(
    sentences=(
        SynthesisSentence("The claim needs proof before it ships.", ("A1", "X1")),
    ),
    minority=(SynthesisSentence("One reviewer takes it for a detail.", ("A1",)),),
    not_examined=("Costs",),
    dropped_sentences=1,
)


def _turn(kind: TurnKind, name: str, *, seat: str | None = None) -> Turn:
    return Turn(
        id=f"run_1-{name}",
        kind=kind,
        panelist_id=seat,
        round=1,
        attempt=1,
        state=TurnState.SUCCEEDED,
        start_time=NOW,
        end_time=NOW + timedelta(seconds=9),
        first_paragraph_id="P1",
        last_paragraph_id="P2",
    )


def stages_added(detail: RunDetail) -> RunDetail:
    """Return a run with the stages of a roundtable, and a control beside its panel."""
    control = replace(
        ANSWERED_TURN,
        id="run_1-1-control",
        kind=TurnKind.CONTROL,
        panelist_id=None,
        scores=(Score("evidence", 2, ("X1",), "Nothing shown."),),
        overall=2,
        text="The claim is bold.",
        usage=Usage(),
    )
    third = replace(
        ANSWERED_TURN,
        id="run_1-1-C",
        panelist_id="C",
        overall=2,
        verdict=Verdict.REQUEST_CHANGES,
        first_paragraph_id="P1",
        last_paragraph_id="P1",
    )
    answer = replace(
        _turn(TurnKind.ANSWER, "8-1-A", seat="A"),
        question="What would you take for proof?",
        text="A restore report.",
    )
    failed = replace(
        _turn(TurnKind.REPAIR, "2-A", seat="A"),
        state=TurnState.FAILED,
        reason="timeout",
        attempt=2,
        first_paragraph_id=None,
    )
    turns = (
        *(*detail.turns, third, control),
        replace(_turn(TurnKind.SWEEP, "1-A-s1", seat="A"), last_paragraph_id="P1"),
        *(failed, _turn(TurnKind.SYNTHESIS, "7-0a0a0a0a"), answer),
    )
    same = replace(
        FINDING,
        id="C1",
        panelist_id="C",
        title="Never is a long time",
        severity=Severity.NOTE,
    )
    theirs = replace(FINDING, id="X1", panelist_id=None, title="No proof")
    alone = replace(theirs, id="X2", title="No price", severity=Severity.MINOR)
    findings = (*detail.findings, same, theirs, alone)
    together = ("A1", "C1", "X1")
    single = [each for each in findings if each.id not in together]
    links = (
        ClusterLink("A1", "C1", ClusterRule.SAME_WORDS),
        ClusterLink("A1", "X1", ClusterRule.MODEL, "One report mends both."),
    )
    clusters = (
        Cluster("K1", Severity.MAJOR, "A1", together, links),
        *(
            Cluster(f"K{number}", each.severity, each.id, (each.id,))
            for number, each in enumerate(single, 2)
        ),
    )
    unmoved = replace(
        STANCE,
        panelist_id="C",
        round=3,
        move=Move.CONCEDE,
        position=Position.UNSURE,
        quotes=(),
        changed_by=None,
        is_evidenced=False,
    )
    of_marks = replace(
        STANCE,
        panelist_id="A",
        finding_id=None,
        move=Move.SUPPORT,
        position=Position.AGREE,
        severity_before=None,
        severity_after=None,
        is_change=False,
    )
    manifest = (
        *detail.run.manifest,
        ManifestEntry(Stage.DISCUSSION, StageResult.RAN),
    )
    decision = detail.decision
    return replace(
        detail,
        run=replace(
            detail.run,
            mode=Mode.ROUNDTABLE,
            control=True,
            manifest=manifest,
        ),
        turns=turns,
        findings=findings,
        clusters=clusters,
        agenda=(ITEM,),
        stances=(unmoved, STANCE, of_marks),
        decision=decision and replace(decision, score_after_discussion=3.0),
        synthesis=SYNTHESIS,
    )


def stages_saying(text: str, detail: RunDetail) -> RunDetail:
    """Return a run in whose stages everybody wrote the same."""
    sentence = SynthesisSentence(text, (detail.findings[0].id, text))
    stance = replace(
        STANCE,
        argument=text,
        changed_by=text,
        finding_id=text,
        quotes=(replace(STANCE.quotes[0], text=text, given=text),),
    )
    item = replace(ITEM, question=text, criterion=text, finding_ids=(text,))
    answer = replace(
        _turn(TurnKind.ANSWER, "8-1-A", seat="A"), question=text, text=text
    )
    return replace(
        detail,
        turns=(*detail.turns, answer),
        agenda=(item,),
        stances=(stance,),
        synthesis=Synthesis((sentence,), (sentence,), (text, text), 1),
    )
