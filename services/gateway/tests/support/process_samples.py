"""What comes of a panel's findings, one sample each."""

from roundtable_gateway.domain.cluster import Cluster, ClusterLink, ClusterRule
from roundtable_gateway.domain.discussion import (
    AgendaItem,
    AgendaReason,
    Move,
    Position,
    Stance,
)
from roundtable_gateway.domain.finding import Quote, QuoteMethod, QuoteStatus, Severity
from roundtable_gateway.domain.synthesis import Synthesis, SynthesisSentence

CLUSTER = Cluster(
    id="K1",
    severity=Severity.MAJOR,
    lead_finding_id="A1",
    finding_ids=("A1", "B1"),
    links=(
        ClusterLink("A1", "B1", ClusterRule.MODEL, "One report would settle both."),
    ),
)
AGENDA_ITEM = AgendaItem(
    id="I1",
    reason=AgendaReason.SEVERITY_GAP,
    question="How grave is A1?",
    cluster_id="K1",
    criterion="evidence",
    finding_ids=("A1", "B1"),
    paragraph_ids=("P1",),
    panelist_ids=("A", "B"),
)
STANCE = Stance(
    item_id="I1",
    panelist_id="B",
    turn_id="run_1-5-2-B-0a1b2c3d",
    round=2,
    finding_id="A1",
    move=Move.CHALLENGE,
    position=Position.DISAGREE,
    severity_before=None,
    severity_after=Severity.MINOR,
    argument="Friday's test shows it.",
    changed_by="The second paragraph.",
    quotes=(
        Quote(
            text="Ship it by Friday.",
            given="Ship it by Friday.",
            status=QuoteStatus.EXACT,
            method=QuoteMethod.EXACT,
            paragraph_id="P2",
            start=25,
            end=43,
        ),
    ),
    is_change=True,
    is_evidenced=True,
)
SYNTHESIS = Synthesis(
    sentences=(SynthesisSentence("Show a restore report.", ("A1", "B1")),),
    minority=(SynthesisSentence("One panelist would ship it.", ("B1",)),),
    not_examined=("Costs",),
    dropped_sentences=1,
)
