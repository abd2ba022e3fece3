"""Domain to wire and back: nothing is lost on the way, nothing is made up."""

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roundtable.runner.v1 import turn_part_pb2
from roundtable.store.v1 import event_pb2, run_detail_pb2, run_pb2, turn_pb2
from roundtable_gateway.clients import enums
from roundtable_gateway.clients.document_converters import (
    document_from_proto,
    document_to_proto,
    paragraph_from_proto,
    paragraph_to_proto,
    time_to_proto,
)
from roundtable_gateway.clients.enums import EnumCodec
from roundtable_gateway.clients.event_converters import (
    event_from_proto,
    new_event_to_proto,
)
from roundtable_gateway.clients.finding_converters import (
    decision_from_proto,
    decision_to_proto,
    finding_from_proto,
    finding_to_proto,
)
from roundtable_gateway.clients.part_converters import part_from_proto
from roundtable_gateway.clients.persona_converters import (
    persona_from_proto,
    persona_to_proto,
    rubric_from_proto,
    rubric_to_proto,
)
from roundtable_gateway.clients.process_converters import (
    agenda_item_to_proto,
    cluster_to_proto,
    stance_to_proto,
    synthesis_to_proto,
)
from roundtable_gateway.clients.run_converters import (
    detail_from_proto,
    manifest_entry_from_proto,
    manifest_entry_to_proto,
    run_from_proto,
    run_to_proto,
)
from roundtable_gateway.clients.turn_converters import (
    turn_from_proto,
    turn_to_proto,
    usage_from_proto,
    usage_to_proto,
)
from roundtable_gateway.conductor.parts import (
    EndPart,
    TurnFailure,
    TurnPart,
    TurnResult,
)
from roundtable_gateway.domain import event as facts
from roundtable_gateway.domain.cluster import ClusterLink
from roundtable_gateway.domain.decision import Decision
from roundtable_gateway.domain.discussion import AgendaItem, Stance
from roundtable_gateway.domain.document import Document, Paragraph
from roundtable_gateway.domain.event import NewEvent
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.persona import Persona, Rubric
from roundtable_gateway.domain.run import (
    Brief,
    ManifestEntry,
    Panelist,
    Pause,
    RunState,
    RunSummary,
    Turn,
    Usage,
)
from roundtable_kit.errors import Internal
from services.gateway.tests.support.log_samples import (
    ANSWERED_TURN,
    DECISION,
    FINDING,
    SAMPLE_EVENTS,
    TURN_REF,
)
from services.gateway.tests.support.part_messages import part_to_proto
from services.gateway.tests.support.process_samples import (
    AGENDA_ITEM,
    CLUSTER,
    STANCE,
    SYNTHESIS,
)
from services.gateway.tests.support.samples import (
    NOW,
    answer,
    draft,
    failure,
    run_summary,
)

_FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
_CODECS = {
    name: codec for name, codec in vars(enums).items() if isinstance(codec, EnumCodec)
}

_WORD = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
_MOMENTS = st.timedeltas(timedelta(0), timedelta(days=30_000)).map(NOW.__add__)
_SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.just("") | _WORD,
    int: st.integers(0, 2**31 - 1),
    float: st.floats(allow_nan=False),
    bool: st.booleans(),
    datetime: _MOMENTS,
    NoneType: st.none(),
}
# Words that are empty on the wire when there are none: none is ever empty here.
_ABSENT_WHEN_EMPTY = {
    AgendaItem: ("cluster_id",),
    ClusterLink: ("reason",),
    Finding: ("panelist_id", "rejected_in_run_id"),
    ManifestEntry: ("reason",),
    Stance: ("finding_id", "changed_by"),
    Turn: (
        *("reason", "panelist_id", "model"),
        *("first_paragraph_id", "last_paragraph_id", "question"),
    ),
    facts.TurnFailed: ("model",),
}
# Its run is checked by itself, as a gateway does not send all of it.
_FACT_TYPES = sorted(
    set(get_args(facts.Fact)) - {facts.RunCreated}, key=lambda kind: kind.type
)


def _built(kind: type[Any], **given: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return whole objects of a type, each field of any value the wire can carry."""
    hints = get_type_hints(kind)
    absent = dict.fromkeys(_ABSENT_WHEN_EMPTY.get(kind, ()), st.none() | _WORD)
    fields = {name: _any_of(hints[name]) for name in kind.__slots__}
    return st.builds(kind, **{**fields, **absent, **given})


def _any_of(hint: Any) -> st.SearchStrategy[Any]:
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    if get_origin(hint) is tuple:
        return st.lists(_any_of(get_args(hint)[0]), max_size=2).map(tuple)
    if get_args(hint):
        return st.one_of(*map(_any_of, get_args(hint)))
    return st.sampled_from(hint) if issubclass(hint, StrEnum) else _built(hint)


@_FEW
@given(document=_built(Document))
def test_document_comes_back_as_it_was(document: Document) -> None:
    """All of it, zero pages and no pages apart."""
    assert document_from_proto(document_to_proto(document)) == document


@_FEW
@given(paragraph=_built(Paragraph))
def test_paragraph_comes_back_as_it_was(paragraph: Paragraph) -> None:
    """An empty heading is not none."""
    assert paragraph_from_proto(paragraph_to_proto(paragraph)) == paragraph


@_FEW
@given(persona=_built(Persona))
def test_persona_comes_back_as_it_was(persona: Persona) -> None:
    """Every list keeps its order."""
    assert persona_from_proto(persona_to_proto(persona)) == persona


@_FEW
@given(rubric=_built(Rubric))
def test_rubric_comes_back_as_it_was(rubric: Rubric) -> None:
    """Criteria, anchors and expected terms."""
    assert rubric_from_proto(rubric_to_proto(rubric)) == rubric


@_FEW
@given(finding=_built(Finding))
def test_finding_comes_back_as_it_was(finding: Finding) -> None:
    """A quote at offset 0 is not a quote that was not found."""
    assert finding_from_proto(finding_to_proto(finding)) == finding


@_FEW
@given(decision=_built(Decision))
def test_decision_comes_back_as_it_was(decision: Decision) -> None:
    """A score of 0 is not the lack of one."""
    assert decision_from_proto(decision_to_proto(decision)) == decision


@_FEW
@given(usage=_built(Usage))
def test_usage_comes_back_as_it_was(usage: Usage) -> None:
    """No cost and no price are two things."""
    assert usage_from_proto(usage_to_proto(usage)) == usage


@_FEW
@given(turn=_built(Turn))
def test_turn_comes_back_as_it_was(turn: Turn) -> None:
    """Scores, verdict, times, usage."""
    message = turn_to_proto(turn, runner_address="here:1")

    assert turn_from_proto(message) == turn
    assert message.runner_address == "here:1"


@_FEW
@given(entry=_built(ManifestEntry))
def test_manifest_entry_comes_back_as_it_was(entry: ManifestEntry) -> None:
    """Stage, result, reason."""
    assert manifest_entry_from_proto(manifest_entry_to_proto(entry)) == entry


@_FEW
@given(
    run=_built(
        RunSummary,
        brief=st.builds(Brief, **dict.fromkeys(Brief.__slots__, st.none() | _WORD)),
        panelists=st.lists(_built(Panelist, model=st.none() | _WORD), max_size=2).map(
            tuple
        ),
        # These are the store's to set; a gateway never sends them.
        reason=st.none(),
        pause=st.none(),
        queue_position=st.none(),
        usage=st.just(Usage()),
        manifest=st.just(()),
        last_sequence=st.just(0),
        start_time=st.none(),
        end_time=st.none(),
        reopen_time=st.none(),
    )
)
def test_run_comes_back_as_it_was_but_for_the_stores_own(run: RunSummary) -> None:
    """What a gateway may say of a run survives; times and counts are the store's."""
    message = run_to_proto(run)
    message.create_time.CopyFrom(time_to_proto(run.create_time))

    assert run_from_proto(message) == run


def test_run_of_the_store_is_read_whole() -> None:
    """What only the store sets is read all the same."""
    message = run_to_proto(run_summary())
    message.state = run_pb2.RUN_STATE_RUNNING
    message.reason = "SEATS_FAILED"
    message.queue_position = 0
    message.pause.reason = "rate_limited"
    message.pause.resume_time.CopyFrom(time_to_proto(NOW))
    message.usage.CopyFrom(usage_to_proto(Usage(1, 2, 3, 0.0, 4)))
    message.manifest.add(stage=run_pb2.STAGE_INTAKE, result=run_pb2.STAGE_RESULT_RAN)
    message.last_sequence = 7
    message.start_time.CopyFrom(time_to_proto(NOW))
    message.end_time.CopyFrom(time_to_proto(NOW))
    message.reopen_time.CopyFrom(time_to_proto(NOW))

    run = run_from_proto(message)

    assert (run.state, run.reason, run.queue_position) == (
        *(RunState.RUNNING, "SEATS_FAILED", 0),
    )
    assert run.pause == Pause("rate_limited", NOW)
    assert (run.usage, run.last_sequence) == (Usage(1, 2, 3, 0.0, 4), 7)
    assert len(run.manifest) == 1
    assert (run.start_time, run.end_time, run.reopen_time) == (NOW, NOW, NOW)
    message.pause.ClearField("resume_time")
    assert run_from_proto(message).pause == Pause("rate_limited", None)


def test_detail_of_the_store_is_read_whole() -> None:
    """Turns, findings and all that came of them come with the run."""
    message = run_detail_pb2.RunDetail(
        run=run_to_proto(run_summary()),
        turns=[turn_to_proto(ANSWERED_TURN)],
        findings=[finding_to_proto(FINDING)],
        decision=decision_to_proto(DECISION),
        clusters=[cluster_to_proto(CLUSTER)],
        agenda=[agenda_item_to_proto(AGENDA_ITEM)],
        stances=[stance_to_proto(STANCE)],
        synthesis=synthesis_to_proto(SYNTHESIS),
    )

    detail = detail_from_proto(message)

    assert detail.turns == (ANSWERED_TURN,)
    assert detail.findings == (FINDING,)
    assert detail.decision == DECISION
    assert (detail.clusters, detail.agenda) == ((CLUSTER,), (AGENDA_ITEM,))
    assert (detail.stances, detail.synthesis) == ((STANCE,), SYNTHESIS)
    message.ClearField("decision")
    message.ClearField("synthesis")
    assert detail_from_proto(message).decision is None
    assert detail_from_proto(message).synthesis is None


@pytest.mark.parametrize("event", SAMPLE_EVENTS, ids=lambda each: each.fact.type)
def test_event_comes_back_as_it_was(event: facts.Event) -> None:
    """Every type of fact, with its place in the log."""
    sent = new_event_to_proto(NewEvent(event.fact, event.turn, part_index=0))
    message = event_pb2.Event(
        sequence=event.sequence,
        time=time_to_proto(event.time),
        run_id=event.run_id,
        payload=sent.payload,
    )

    came = event_from_proto(message)

    assert sent.HasField("part_index")
    if isinstance(event.fact, facts.RunCreated):
        created = came.fact
        assert isinstance(created, facts.RunCreated)
        assert created.run.panelists == event.fact.run.panelists
        return
    assert came == event


@pytest.mark.parametrize("kind", _FACT_TYPES, ids=lambda kind: kind.type)
@_FEW
@given(data=st.data())
def test_fact_of_any_content_comes_back_as_it_was(
    kind: type[facts.Fact], data: st.DataObject
) -> None:
    """Whatever the wire can carry; no reason and an empty one are two things."""
    fact = data.draw(_built(kind).filter(_is_possible))

    sent = new_event_to_proto(NewEvent(fact, TURN_REF))

    assert event_from_proto(event_pb2.Event(payload=sent.payload)).fact == fact


def _is_possible(fact: facts.Fact) -> bool:
    """Return whether a fact can be: only what is tried again has a time for it."""
    if not isinstance(fact, facts.TurnFailed):
        return True
    return fact.will_retry or fact.retry_time is None


def test_failure_without_retry_has_none_on_the_wire() -> None:
    """A moment that was never set is not the year 1970."""
    fact = facts.TurnFailed("refused", will_retry=False, retry_time=None, usage=Usage())
    sent = new_event_to_proto(NewEvent(fact, TURN_REF))

    came = event_from_proto(event_pb2.Event(payload=sent.payload))

    assert not sent.HasField("part_index")
    assert came.fact == fact


def test_every_fact_of_the_wire_is_known() -> None:
    """A fact that the contract has and this gateway doesn't would break viewers."""
    fields = event_pb2.EventPayload.DESCRIPTOR.oneofs_by_name["fact"].fields
    sent = {
        new_event_to_proto(NewEvent(each.fact, each.turn)).payload.WhichOneof("fact")
        for each in SAMPLE_EVENTS
    }

    assert sent == {field.name for field in fields}


def test_unknown_fact_is_said_to_be_so() -> None:
    """A newer store's fact is an error with a remedy, not a crash."""
    with pytest.raises(Internal) as caught:
        event_from_proto(event_pb2.Event())

    assert caught.value.reason == "UNKNOWN_VALUE"


@pytest.mark.parametrize("name", sorted(_CODECS))
def test_enum_codec_is_complete(name: str) -> None:
    """Each member has its own value, and each value of the wire its member."""
    codec: EnumCodec[Any] = _CODECS[name]
    members: list[StrEnum] = list(codec._to_wire)

    values = {codec.to_wire(member) for member in members}

    assert 0 not in values
    assert len(values) == len(members)
    assert [codec.required(codec.to_wire(each)) for each in members] == members
    assert codec.to_wire(None) == 0
    assert codec.optional(0) is None
    with pytest.raises(Internal):
        codec.required(0)
    with pytest.raises(Internal):
        codec.required(max(values) + 1)
    with pytest.raises(Internal):
        codec.optional(max(values) + 1)


def test_word_that_this_gateway_does_not_know_is_said_to_be_so() -> None:
    """Methods and decision reasons are words on the wire: a new one is no crash."""
    persona = run_pb2.Persona(method="telepathy")
    decision = turn_pb2.Decision(outcome=turn_pb2.OUTCOME_SHIP, reason="WHIM")

    for read in (
        lambda: persona_from_proto(persona),
        lambda: decision_from_proto(decision),
    ):
        with pytest.raises(Internal) as caught:
            read()
        assert caught.value.reason == "UNKNOWN_VALUE"


@pytest.mark.parametrize(
    "part",
    [
        *answer(draft(), replace(draft(), rewrite="", quotes=())),
        failure("timeout")[-1],
        failure("rate_limited", retry_delay=timedelta(seconds=3))[-1],
    ],
    ids=lambda part: type(part).__name__,
)
def test_part_of_a_runner_is_read_as_it_was_sent(part: TurnPart) -> None:
    """Text, findings, results and failures."""
    assert part_from_proto(part_to_proto(part)) == part


@pytest.mark.parametrize("kind", get_args(TurnResult), ids=lambda kind: kind.__name__)
@_FEW
@given(data=st.data())
def test_result_of_any_content_is_read_as_it_was_sent(
    kind: type[TurnResult], data: st.DataObject
) -> None:
    """Every kind of turn; no mark and a mark of nothing are two things."""
    part = EndPart(7, data.draw(_built(kind)), Usage(1, 2, 3, None))

    assert part_from_proto(part_to_proto(part)) == part


def test_end_without_an_outcome_is_our_fault() -> None:
    """A runner that says nothing has failed for no reason the author could mend."""
    part = part_from_proto(turn_part_pb2.TurnPart(index=3, end=turn_part_pb2.EndPart()))

    assert isinstance(part, EndPart)
    assert part.outcome == TurnFailure("internal")


def test_unknown_part_is_said_to_be_so() -> None:
    """A newer runner's part is an error with a remedy, not a crash."""
    with pytest.raises(Internal) as caught:
        part_from_proto(turn_part_pb2.TurnPart(index=1))

    assert caught.value.reason == "UNKNOWN_VALUE"
