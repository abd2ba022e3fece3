"""One event of every type."""

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from roundtable_gateway.domain import event as facts
from roundtable_gateway.domain.decision import (
    Decision,
    DecisionReason,
    Dissent,
    Outcome,
)
from roundtable_gateway.domain.event import Event, Fact, TurnRef
from roundtable_gateway.domain.finding import (
    Disposition,
    Finding,
    FindingKind,
    FixKind,
    Quote,
    QuoteMethod,
    QuoteStatus,
    Score,
    Severity,
    Verdict,
)
from roundtable_gateway.domain.run import Pause, Turn, TurnKind, TurnState, Usage
from roundtable_gateway.http.schemas.event import EVENT_ADAPTER, to_schema
from services.gateway.tests.support.process_samples import (
    AGENDA_ITEM,
    CLUSTER,
    STANCE,
    SYNTHESIS,
)
from services.gateway.tests.support.samples import NOW, run_summary

TURN_REF = TurnRef("run_1-1-A", 1)
TURN = Turn(
    id=TURN_REF.turn_id,
    kind=TurnKind.REVIEW,
    panelist_id="A",
    round=1,
    attempt=1,
    state=TurnState.RUNNING,
    start_time=NOW,
)
ANSWERED_TURN = Turn(
    id=TURN_REF.turn_id,
    kind=TurnKind.REVIEW,
    panelist_id="A",
    round=1,
    attempt=1,
    state=TurnState.SUCCEEDED,
    text="I would ask for proof.",
    scores=(
        Score("evidence", 3, ("A1",), "One claim."),
        Score("clarity", None, (), "Can't say."),
    ),
    overall=4,
    verdict=Verdict.APPROVE_WITH_CHANGES,
    verdict_reason="Nearly there.",
    not_assessed=("Costs",),
    usage=Usage(10, 5, 2, 0.25, 1),
    start_time=NOW,
    end_time=NOW + timedelta(seconds=9),
)
FINDING = Finding(
    id="A1",
    turn_id=TURN_REF.turn_id,
    panelist_id="A",
    kind=FindingKind.RISK,
    title="Absolute claim",
    severity=Severity.MAJOR,
    criterion="evidence",
    paragraph_ids=("P1",),
    quotes=(
        Quote(
            text="Our backups never fail.",
            given="our backups never fail",
            status=QuoteStatus.NORMALIZED,
            method=QuoteMethod.TYPOGRAPHY,
            paragraph_id="P1",
            start=0,
            end=23,
        ),
        Quote(None, "made up", QuoteStatus.NOT_FOUND, None, None, None, None),
    ),
    searched_for=("restore report",),
    impact="Readers doubt it.",
    affected_reader="Buyers",
    fix="Say how often they were restored.",
    rewrite="Our backups were restored twice.",
    fix_kind=FixKind.MEANING,
    confidence=80,
    would_change_mind_if="There were a report.",
    verified=True,
)
DECISION = Decision(
    outcome=Outcome.FIX_THEN_SHIP,
    reason=DecisionReason.MAJORS,
    score=3.5,
    score_after_discussion=None,
    spread=1.0,
    seats=2,
    seats_finished=2,
    blockers=(),
    majors=("A1",),
    dissent=(Dissent("B", "Not at all.", ("B1",)),),
)

_FACTS: tuple[Fact, ...] = (
    facts.RunCreated(run_summary()),
    facts.RunQueued(),
    facts.RunStarted(),
    facts.TurnStarted(TURN, "127.0.0.1:7403"),
    facts.TurnDelta("Grüße \u2028 “quoted”\n\n", 1),
    facts.FindingAdded(FINDING),
    facts.FindingChanged(FINDING),
    facts.FindingWithdrawn("A1", "NOT_IN_RESULT"),
    facts.RunPaused(Pause("rate_limited", NOW)),
    facts.RunPaused(Pause("auth_required", None)),
    facts.RunResumed(),
    facts.TurnFailed(
        "timeout", will_retry=True, retry_time=NOW, usage=Usage(input_tokens=3)
    ),
    facts.TurnFailed(
        "auth_required", will_retry=True, retry_time=None, usage=Usage(), model="opus"
    ),
    facts.TurnSuperseded(),
    facts.TurnCompleted(ANSWERED_TURN),
    facts.ClustersSet((CLUSTER,)),
    facts.AgendaSet((AGENDA_ITEM,)),
    facts.StanceChanged(STANCE),
    facts.DecisionSet(DECISION),
    facts.SynthesisSet(SYNTHESIS),
    facts.RunSucceeded(),
    facts.RunIncomplete("SEATS_FAILED"),
    facts.RunFailed("NO_SEAT_FINISHED"),
    facts.RunCancelled("CANCELLED_BY_OWNER"),
    facts.RunReopened(),
    facts.DispositionSet("A1", Disposition.REJECTED, "Seen to.", "owner@localhost"),
    facts.DispositionSet("A1", Disposition.OPEN, None, "owner@localhost"),
)


def _event(sequence: int, fact: Fact) -> Event:
    is_of_turn = fact.type.startswith(("turn.", "finding.", "stance."))
    turn = TURN_REF if is_of_turn else None
    return Event(sequence, NOW + timedelta(seconds=sequence), "run_1", turn, fact)


SAMPLE_EVENTS = tuple(_event(number, fact) for number, fact in enumerate(_FACTS, 1))


def events_as_json(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Return the data of events as a viewer reads it."""
    return [json.loads(EVENT_ADAPTER.dump_json(to_schema(each))) for each in events]
