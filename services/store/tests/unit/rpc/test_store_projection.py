"""From payloads to facts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable.store.v1 import event_pb2, run_pb2, turn_pb2
from roundtable_store.records import facts
from roundtable_store.records.runs import RunState, Usage
from roundtable_store.rpc.projection import to_event_type, to_fact
from services.store.tests.store_harness import (
    SetClock,
    decision_set,
    finding_added,
    run_cancelled,
    run_incomplete,
    turn_completed,
    turn_delta,
    turn_failed,
)

_FACT_NAMES = [f.name for f in event_pb2.EventPayload.DESCRIPTOR.oneofs[0].fields]
_NOUNS = {
    "agenda",
    "clusters",
    "decision",
    "disposition",
    "finding",
    "run",
    "stance",
    "synthesis",
    "turn",
}


@pytest.mark.parametrize("name", _FACT_NAMES)
def test_every_fact_of_the_contract_means_something(name: str) -> None:
    """A fact that is added to the contract without a meaning here fails."""
    payload = event_pb2.EventPayload(turn_id="t1", attempt=1)
    getattr(payload, name).SetInParent()

    fact = to_fact(payload)

    assert isinstance(fact, facts.Fact)
    noun = to_event_type(payload).split(".")[0]
    assert noun in _NOUNS


def test_event_types_are_those_of_the_http_contract() -> None:
    """The first word is the noun, as in the table of events."""
    assert to_event_type(turn_delta()) == "turn.delta"
    assert to_event_type(finding_added()) == "finding.added"
    assert to_event_type(decision_set()) == "decision.set"


def test_completed_turn_brings_body_and_usage() -> None:
    """The body is the whole turn; an unknown cost stays unknown."""
    fact = to_fact(turn_completed())

    assert isinstance(fact, facts.TurnCompleted)
    assert turn_pb2.Turn.FromString(fact.body).text == "All of it."
    assert fact.usage == Usage(input_tokens=100, output_tokens=10, turns=1)


@pytest.mark.parametrize("is_retried", [True, False])
def test_failure_says_whether_it_is_tried_again(*, is_retried: bool) -> None:
    """It says so itself; the time may be unknown."""
    fact = to_fact(turn_failed(will_retry=is_retried))

    assert isinstance(fact, facts.TurnFailed)
    assert (fact.is_retried, fact.usage.cost_usd) == (is_retried, 0.5)
    assert fact.retry_time is None


def test_failure_with_a_time_is_tried_again_then() -> None:
    """In logs of the first version the time alone says so."""
    retry_time = SetClock().now()

    fact = to_fact(turn_failed(retry_time=retry_time))

    assert isinstance(fact, facts.TurnFailed)
    assert (fact.is_retried, fact.retry_time) == (True, retry_time)


def test_ends_bring_state_and_reason() -> None:
    """A terminal event is the run's state."""
    assert to_fact(run_incomplete()) == facts.RunEnded(
        RunState.INCOMPLETE, "SEATS_FAILED"
    )
    assert to_fact(run_cancelled()) == facts.RunEnded(
        RunState.CANCELLED, "CANCELLED_BY_OWNER"
    )


def test_fields_of_a_newer_contract_are_kept() -> None:
    """What this version does not know survives in the body."""
    payload = event_pb2.EventPayload(turn_id="t1", attempt=1)
    known = turn_pb2.Turn(turn_id="t1").SerializeToString()
    unknown = b"\xc2\x3e\x05later"  # field 1000
    payload.turn_started.turn.MergeFromString(known + unknown)

    fact = to_fact(payload)

    assert isinstance(fact, facts.TurnStarted)
    assert unknown in fact.body


_costs = st.none() | st.integers(0, 1000).map(float)
_usages = st.builds(
    Usage,
    input_tokens=st.integers(0, 10**9),
    output_tokens=st.integers(0, 10**9),
    cache_read_tokens=st.integers(0, 10**9),
    cost_usd=_costs,
    turns=st.integers(0, 100),
)


@given(st.lists(_usages, max_size=8))
def test_usage_adds_up_in_any_order(usages: list[Usage]) -> None:
    """Sums do not depend on order, and a cost is unknown only if none is known."""
    forward = sum(usages, Usage())
    backward = sum(reversed(usages), Usage())

    assert forward == backward
    assert (forward.cost_usd is None) == all(u.cost_usd is None for u in usages)
    assert forward.input_tokens == sum(usage.input_tokens for usage in usages)


def test_payload_without_a_fact_means_nothing() -> None:
    """An empty payload is a programming error here; the RPC refuses it before."""
    with pytest.raises(ValueError, match="no fact"):
        to_fact(event_pb2.EventPayload(run_created=None))


def test_usage_of_a_run_without_price_has_no_cost() -> None:
    """Absent is not zero."""
    payload = turn_completed()
    payload.turn_completed.turn.usage.CopyFrom(run_pb2.Usage(cost_usd=0.0))

    fact = to_fact(payload)

    assert isinstance(fact, facts.TurnCompleted)
    assert fact.usage.cost_usd == 0.0
