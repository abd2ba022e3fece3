"""The state machine of a run's log, driven by events in every order."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_kit.errors import FailedPrecondition
from roundtable_store.records import facts
from roundtable_store.records.findings import Disposition
from roundtable_store.records.lifecycle import LogState, Phase, TurnProgress, admit
from roundtable_store.records.runs import RunState, TurnState, Usage

PANEL_FACTS: list[facts.PanelFact] = [
    facts.DecisionSet(b""),
    facts.ClustersSet(b""),
    facts.AgendaSet(b""),
    facts.SynthesisSet(b""),
]
ENDED = [RunState.SUCCEEDED, RunState.INCOMPLETE, RunState.FAILED, RunState.CANCELLED]

# "q1" is the answer to a question wherever one is asked.
_turn_ids = st.sampled_from(["t1", "t2", "q1"])
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
    st.just(facts.RunReopened()),
    st.sampled_from(PANEL_FACTS),
    st.builds(
        facts.TurnStarted, **_of_turn, body=st.just(b""), is_answer=st.booleans()
    ),
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
    st.builds(facts.StanceChanged, **_of_turn, body=st.just(b"")),
    st.builds(
        facts.DispositionSet,
        finding_id=_finding_ids,
        disposition=st.just(Disposition.ACCEPTED),
        reason=st.none(),
    ),
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


def _asked(log: LogState) -> LogState:
    """Return the log of a run at rest, with a question that waits for its answer."""
    waiting = TurnProgress(0, TurnState.QUEUED, is_answer=True)
    return replace(log, turns={**log.turns, "q1": waiting})


@given(st.lists(any_fact, max_size=60))
def test_log_has_one_beginning_and_one_end_an_opening(
    attempts: list[facts.Fact],
) -> None:
    """Whatever is tried: created first, begun once, an end an opening."""
    taken, log = _admitted([facts.RunCreated(), *attempts])

    kinds = [type(fact) for fact in taken]
    assert kinds[0] is facts.RunCreated
    for kind in (facts.RunCreated, facts.RunQueued, facts.RunStarted):
        assert kinds.count(kind) <= 1
    turning_points = (facts.RunEnded, facts.RunReopened)
    turns = [kind for kind in kinds if kind in turning_points]
    assert turns == [turning_points[n % 2] for n in range(len(turns))]
    assert (log.phase is Phase.ENDED) == (turns[-1:] == [facts.RunEnded])
    if facts.RunQueued in kinds and facts.RunStarted in kinds:
        assert kinds.index(facts.RunQueued) < kinds.index(facts.RunStarted)


@given(st.lists(any_fact, max_size=60))
def test_turns_lie_between_start_and_end(attempts: list[facts.Fact]) -> None:
    """No turn and nothing of the panel's stands outside of an opening."""
    taken, _ = _admitted([facts.RunCreated(), *attempts])

    is_open = False
    for fact in taken:
        match fact:
            case facts.RunStarted() | facts.RunReopened():
                is_open = True
            case facts.RunEnded():
                is_open = False
            case facts.RunCreated() | facts.RunQueued() | facts.DispositionSet():
                pass
            case _:
                assert is_open


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
            case facts.RunEnded():
                running.clear()
            case facts.FindingChanged() if fact.turn_id in completed:
                assert last[fact.turn_id] == fact.attempt
            case _ if isinstance(fact, facts.AnswerFact):
                assert running[fact.turn_id] == fact.attempt
                if isinstance(fact, facts.TurnCompleted | facts.TurnFailed):
                    del running[fact.turn_id]
                if isinstance(fact, facts.TurnCompleted):
                    completed.add(fact.turn_id)


@given(st.lists(any_fact, max_size=80))
def test_behind_the_end_stand_answers_alone(attempts: list[facts.Fact]) -> None:
    """Until it is at rest a run that was asked takes its answer's turn, no more."""
    ended = admit(_started(), facts.RunEnded(RunState.INCOMPLETE))

    taken, log = _admitted(attempts, _asked(ended))

    of_answer = facts.TurnStarted | facts.TurnSpoke | facts.TurnCompleted
    of_answer |= facts.TurnFailed | facts.TurnSuperseded
    for fact in taken:
        if isinstance(fact, facts.RunReopened):
            break
        assert isinstance(fact, of_answer)
        assert fact.turn_id == "q1"
    else:
        answer = log.turns["q1"]
        assert log.is_at_rest is not answer.is_under_way


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


@pytest.mark.parametrize(
    "fact", [facts.RunPaused(b""), facts.RunResumed(), facts.RunReopened()]
)
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


def _cancelled_turn() -> LogState:
    cancelled = facts.TurnFailed("t1", 1, "cancelled", is_retried=False, usage=Usage())
    return admit(admit(_started(), facts.TurnStarted("t1", 1, b"")), cancelled)


def test_cancelled_turn_is_begun_again_only_after_a_reopening() -> None:
    """Its end was the run's; once the run goes on it goes on, too."""
    log, again = _cancelled_turn(), facts.TurnStarted("t1", 2, b"")

    with pytest.raises(FailedPrecondition):
        admit(log, again)
    log = admit(admit(log, facts.RunEnded(RunState.CANCELLED)), facts.RunReopened())

    assert admit(log, again).turns["t1"] == TurnProgress(2, TurnState.RUNNING)


def test_end_leaves_no_turn_under_way() -> None:
    """What runs or waits is cancelled with its run, and may be superseded later."""
    log = admit(_started(), facts.TurnStarted("t1", 1, b""))

    log = admit(log, facts.RunEnded(RunState.INCOMPLETE))

    assert log.turns["t1"].state is TurnState.CANCELLED
    reopened = admit(log, facts.RunReopened())
    assert admit(reopened, facts.TurnSuperseded("t1", 1)) == reopened


def test_finding_of_an_answered_turn_is_changed_and_no_more() -> None:
    """Its review had it otherwise than a discussion that is void by now."""
    added = facts.FindingAdded(
        "t1",
        1,
        "A1",
        b"",
        disposition=Disposition.OPEN,
        disposition_reason=None,
    )
    changed = facts.FindingChanged(
        "t1", 1, "A1", b"", disposition=Disposition.OPEN, disposition_reason=None
    )
    begun = (facts.TurnStarted("t1", 1, b""), added)
    answered = (*begun, facts.TurnCompleted("t1", 1, b"", Usage()))
    _, log = _admitted(answered, _started())
    failed = facts.TurnFailed(
        "t1", 1, "refused", is_retried=False, usage=Usage(), retry_time=None, model=""
    )
    _, lost = _admitted((*begun, failed), _started())

    assert admit(log, changed) == log
    refused = (
        (log, facts.FindingWithdrawn("t1", 1, "A1")),
        (log, replace(changed, finding_id="A9")),
        (log, replace(changed, attempt=2)),
        (lost, changed),
        (admit(log, facts.RunEnded(RunState.INCOMPLETE)), changed),
    )
    for state, fact in refused:
        with pytest.raises(FailedPrecondition):
            admit(state, fact)


def test_run_that_answers_is_not_reopened() -> None:
    """It goes on once its answer is there."""
    log = _asked(admit(_started(), facts.RunEnded(RunState.INCOMPLETE)))

    with pytest.raises(FailedPrecondition):
        admit(log, facts.RunReopened())
    log = admit(log, facts.TurnStarted("q1", 1, b"", is_answer=True))
    log = admit(log, facts.TurnCompleted("q1", 1, b"", Usage()))

    assert log.is_at_rest
    assert admit(log, facts.RunReopened()).phase is Phase.STARTED


@pytest.mark.parametrize("fact", PANEL_FACTS)
def test_panel_makes_nothing_before_the_start(fact: facts.PanelFact) -> None:
    """What it makes is of findings, and there are none."""
    log = admit(LogState(), facts.RunCreated())

    with pytest.raises(FailedPrecondition):
        admit(log, fact)
    assert admit(_started(), fact) == _started()
