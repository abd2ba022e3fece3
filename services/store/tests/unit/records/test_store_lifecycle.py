"""The state machine of a run's log, driven by events in every order."""

from collections.abc import Sequence
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_kit.errors import FailedPrecondition
from roundtable_store.records import facts
from roundtable_store.records.lifecycle import LogState, Phase, admit
from roundtable_store.records.runs import RunState, TurnState, Usage

ENDED = [RunState.SUCCEEDED, RunState.INCOMPLETE, RunState.FAILED, RunState.CANCELLED]

_turn_ids = st.sampled_from(["t1", "t2"])
_attempts = st.integers(0, 3)
_finding_ids = st.sampled_from(["A1", "A2"])
_of_turn = {"turn_id": _turn_ids, "attempt": _attempts}

any_fact: st.SearchStrategy[facts.Fact] = st.one_of(
    st.just(facts.RunCreated()),
    st.just(facts.RunQueued()),
    st.just(facts.RunStarted()),
    st.just(facts.RunPaused(b"")),
    st.just(facts.RunResumed()),
    st.builds(facts.RunEnded, state=st.sampled_from(ENDED)),
    st.just(facts.DecisionSet(b"")),
    st.builds(facts.TurnStarted, **_of_turn, body=st.just(b"")),
    st.builds(facts.TurnSpoke, **_of_turn),
    st.builds(
        facts.TurnCompleted, **_of_turn, body=st.just(b""), usage=st.just(Usage())
    ),
    st.builds(
        facts.TurnFailed,
        **_of_turn,
        reason=st.sampled_from(("timeout", "cancelled")),
        is_retried=st.booleans(),
        usage=st.just(Usage()),
    ),
    st.builds(facts.TurnSuperseded, **_of_turn),
    st.builds(
        facts.FindingAdded, **_of_turn, finding_id=_finding_ids, body=st.just(b"")
    ),
    st.builds(
        facts.FindingChanged, **_of_turn, finding_id=_finding_ids, body=st.just(b"")
    ),
    st.builds(facts.FindingWithdrawn, **_of_turn, finding_id=_finding_ids),
)


def _admitted(
    attempts: Sequence[facts.Fact], log: LogState | None = None
) -> tuple[list[facts.Fact], LogState]:
    """Return the facts that a log takes of those that are tried, and its state."""
    log = log or LogState()
    taken = []
    for fact in attempts:
        try:
            log = admit(log, fact)
        except FailedPrecondition:
            continue
        taken.append(fact)
    return taken, log


def _started() -> LogState:
    return _admitted([facts.RunCreated(), facts.RunStarted()])[1]


def _first(taken: Sequence[facts.Fact], kind: type[facts.Fact]) -> int:
    return next(n for n, fact in enumerate(taken) if isinstance(fact, kind))


@given(st.lists(any_fact, max_size=60))
def test_log_has_one_beginning_and_at_most_one_end(
    attempts: list[facts.Fact],
) -> None:
    """Whatever is tried: created first and once, queued and started once, one end."""
    taken, log = _admitted([facts.RunCreated(), *attempts])

    kinds = [type(fact) for fact in taken]
    assert kinds[0] is facts.RunCreated
    for kind in (facts.RunCreated, facts.RunQueued, facts.RunStarted, facts.RunEnded):
        assert kinds.count(kind) <= 1
    if facts.RunEnded in kinds:
        assert kinds.index(facts.RunEnded) == len(kinds) - 1
        assert log.phase is Phase.ENDED
    if facts.RunQueued in kinds and facts.RunStarted in kinds:
        assert kinds.index(facts.RunQueued) < kinds.index(facts.RunStarted)


@given(st.lists(any_fact, max_size=60))
def test_turns_lie_between_start_and_end(attempts: list[facts.Fact]) -> None:
    """No turn and no decision stands in a log before its run was started."""
    taken, _ = _admitted([facts.RunCreated(), *attempts])

    outside = (facts.RunCreated, facts.RunQueued, facts.RunStarted, facts.RunEnded)
    inner = [fact for fact in taken if not isinstance(fact, outside)]
    if inner:
        assert _first(taken, facts.RunStarted) < taken.index(inner[0])


@given(st.lists(any_fact, max_size=80))
def test_only_a_running_attempt_answers(attempts: list[facts.Fact]) -> None:
    """Each attempt is begun once, in turn, ends once, and is silent outside."""
    taken, _ = _admitted(attempts, _started())

    running: dict[str, int] = {}
    last: dict[str, int] = {}
    completed: set[str] = set()
    for fact in taken:
        match fact:
            case facts.TurnStarted():
                assert fact.turn_id not in running
                assert fact.turn_id not in completed
                assert fact.attempt == last.get(fact.turn_id, 0) + 1
                running[fact.turn_id] = last[fact.turn_id] = fact.attempt
            case facts.TurnSuperseded():
                if running.get(fact.turn_id) == fact.attempt:
                    del running[fact.turn_id]
            case facts.RunEnded() | facts.DecisionSet():
                pass
            case facts.RunPaused() | facts.RunResumed():
                pass
            case _:
                assert not isinstance(
                    fact, facts.RunCreated | facts.RunQueued | facts.RunStarted
                )
                assert running[fact.turn_id] == fact.attempt
                if isinstance(fact, facts.TurnCompleted | facts.TurnFailed):
                    del running[fact.turn_id]
                if isinstance(fact, facts.TurnCompleted):
                    completed.add(fact.turn_id)


@given(st.lists(any_fact, max_size=40), any_fact)
def test_refused_event_changes_nothing(
    attempts: list[facts.Fact], last: facts.Fact
) -> None:
    """A state is a value: what is refused leaves it as it was."""
    _, log = _admitted([facts.RunCreated(), *attempts])
    before = deepcopy(log)

    _admitted([last], log)

    assert log == before


@given(st.lists(any_fact, max_size=60))
def test_only_a_paused_run_is_resumed(attempts: list[facts.Fact]) -> None:
    """Each resumption follows a pause; a pause may be told again; an end ends it."""
    taken, log = _admitted(attempts, _started())

    is_paused = False
    for fact in taken:
        match fact:
            case facts.RunPaused():
                is_paused = True
            case facts.RunResumed():
                assert is_paused
                is_paused = False
            case facts.RunEnded():
                is_paused = False
    assert log.is_paused is is_paused


@pytest.mark.parametrize("fact", [facts.RunPaused(b""), facts.RunResumed()])
def test_unstarted_run_is_not_paused(fact: facts.Fact) -> None:
    """A run that nobody has begun waits for nothing but its conductor."""
    log = admit(LogState(), facts.RunCreated())

    with pytest.raises(FailedPrecondition) as caught:
        admit(log, fact)
    assert caught.value.reason == "ILLEGAL_EVENT"


@pytest.mark.parametrize("state", ENDED)
def test_unstarted_run_can_only_be_cancelled(state: RunState) -> None:
    """A run that nobody has begun has no other end."""
    log = admit(LogState(), facts.RunCreated())

    if state is RunState.CANCELLED:
        assert admit(log, facts.RunEnded(state)).phase is Phase.ENDED
        return
    with pytest.raises(FailedPrecondition) as caught:
        admit(log, facts.RunEnded(state))
    assert caught.value.reason == "ILLEGAL_EVENT"


def test_failure_with_a_retry_queues_the_turn() -> None:
    """A turn that is tried again waits, and its next attempt may begin."""
    failed = facts.TurnFailed("t1", 1, "timeout", is_retried=True, usage=Usage())
    log = admit(_started(), facts.TurnStarted("t1", 1, b""))

    log = admit(log, failed)

    assert log.turns["t1"].state is TurnState.QUEUED
    assert admit(log, facts.TurnStarted("t1", 2, b"")).turns["t1"].attempt == 2


def test_lost_attempt_may_be_superseded_while_it_runs() -> None:
    """An attempt that nobody ends is given up in favour of the next."""
    log = admit(_started(), facts.TurnStarted("t1", 1, b""))

    log = admit(log, facts.TurnSuperseded("t1", 1))

    assert log.turns["t1"].state is TurnState.QUEUED


def test_completed_turn_is_never_superseded() -> None:
    """What was answered stays."""
    completed = facts.TurnCompleted("t1", 1, b"", Usage())
    log = admit(admit(_started(), facts.TurnStarted("t1", 1, b"")), completed)

    with pytest.raises(FailedPrecondition):
        admit(log, facts.TurnSuperseded("t1", 1))
