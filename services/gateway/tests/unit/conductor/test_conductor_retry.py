"""A run that is opened again: what failed is asked again, what succeeded stands."""

import asyncio
from dataclasses import replace

from roundtable_gateway.domain.event import DecisionSet, NewEvent, TurnRef, TurnStarted
from roundtable_gateway.domain.finding import Disposition
from roundtable_gateway.domain.run import (
    RunState,
    Stage,
    StageResult,
    TurnKind,
    TurnState,
)
from services.gateway.tests.support.conducting import (
    PassingClock,
    claim,
    drive,
    ref,
    run_tools,
)
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner, Script
from services.gateway.tests.support.panel_answers import (
    made_up,
    repaired,
    roundtable,
    statement,
    synthesis,
    taken_back,
    word,
)
from services.gateway.tests.support.rejecting import rejected_in
from services.gateway.tests.support.samples import (
    answer,
    draft,
    failure,
    run_summary,
)
from services.gateway.tests.support.whole_roundtable import (
    SCRIPTS,
    drive_until,
    outcome,
    whole_roundtable,
)

_REFUSED: Script = [failure("refused")]


async def _retried(ledger: FakeLedger, runner: FakeRunner) -> None:
    """Open a run again and drive it to its end."""
    ledger.reopen()
    await drive(ledger, runner, clock=PassingClock())


async def test_only_what_failed_is_asked_again() -> None:
    """A seat that failed has its next attempt, the others' reviews stand."""
    ledger = FakeLedger(run_summary(seats="AB"))
    await drive(ledger, FakeRunner(A=[answer(draft())], B=[failure("refused")]))
    runner = FakeRunner(A=[answer()], B=[answer(draft("Mine"))])

    await _retried(ledger, runner)

    detail = ledger.detail()
    reviews = [each for each in runner.starts if "-1-" in each.turn_id]
    assert reviews == [ref("B", 2)]
    assert detail.run.state is RunState.SUCCEEDED
    assert {each.id for each in detail.findings} == {"A1", "B1.2"}
    assert detail.decision is not None
    assert detail.decision.seats_finished == 2


async def test_attempts_of_before_count_towards_no_limit() -> None:
    """A turn that had used up its attempts has all of them again."""
    ledger = FakeLedger(run_summary())
    await drive(ledger, FakeRunner(A=[failure("timeout")]))
    runner = FakeRunner(A=[failure("timeout")])

    await _retried(ledger, runner)

    assert sorted(each.attempt for each in runner.starts) == [4, 5, 6]


async def test_turns_of_a_cancelled_run_are_asked_again() -> None:
    """What a cancelled attempt had found is gone with its being superseded."""
    ledger, runner = FakeLedger(run_summary()), FakeRunner(A=[answer(draft("Old"))])
    runner.hold(ref(), 3)
    driver = await claim(ledger, run_tools(ledger, runner))
    driving = asyncio.create_task(driver.drive())
    await ledger.until("finding.added")
    driver.cancel_requested.set()
    await driving

    await _retried(ledger, FakeRunner(A=[answer(draft("New"))]))

    detail = ledger.detail()
    assert [(each.id, each.title) for each in detail.findings] == [("A1.2", "New")]
    assert detail.run.state is RunState.SUCCEEDED


async def test_outcome_that_stands_is_not_set_again() -> None:
    """Only the synthesis had failed: only it is asked, and nothing else is told."""
    ledger = FakeLedger(run_summary())
    await drive(ledger, FakeRunner(A=[answer(draft())], synthesis=_REFUSED))
    assert ledger.detail().run.reason == "SYNTHESIS_FAILED"
    before = len(ledger.log())
    runner = FakeRunner()

    await _retried(ledger, runner)

    assert ledger.types()[before:] == [
        "run.reopened",
        "turn.superseded",
        "turn.started",
        "synthesis.set",
        "turn.completed",
        "run.succeeded",
    ]
    assert [each.attempt for each in runner.starts] == [2]


async def test_repair_that_failed_is_asked_again() -> None:
    """The gate failed for it; behind a retry it ran."""
    ledger = FakeLedger(run_summary())
    scripts: dict[str, Script] = {"A": [answer(draft(), made_up())]}
    await drive(ledger, FakeRunner(**scripts, repair_A=_REFUSED))
    gate = next(e for e in ledger.detail().run.manifest if e.stage is Stage.GATE)
    assert (gate.result, gate.reason) == (StageResult.FAILED, "REPAIRS_FAILED")

    await _retried(ledger, FakeRunner(**scripts, repair_A=[repaired(taken_back())]))

    detail = ledger.detail()
    assert [each.id for each in detail.findings] == ["A1"]
    assert {each.result for each in detail.run.manifest} == {StageResult.RAN}


async def test_discussion_is_held_again_where_the_agenda_is_another() -> None:
    """What was said of the old agenda is void, and its turns are not asked for."""
    scripts: dict[str, Script] = {
        "A": [answer(draft(severity="blocker"))],
        "B": [answer(draft(severity="note"))],
        "round2_A": [word(statement())],
        "round2_B": [word(statement())],
        "round2_C": [word(statement())],
    }
    ledger = FakeLedger(roundtable("ABC"))
    await drive(ledger, FakeRunner(**scripts, C=_REFUSED))
    old = {each.turn_id for each in ledger.detail().stances}
    late = answer(draft("Absolute claim", severity="minor"))
    runner = FakeRunner(**scripts, C=[late])

    await _retried(ledger, runner)

    detail = ledger.detail()
    new = {each.turn_id for each in detail.stances}
    assert len(new) == 3
    assert new.isdisjoint(old)
    assert ledger.types().count("agenda.set") == 2
    assert detail.run.state is RunState.SUCCEEDED


async def test_seat_missing_in_a_discussion_has_its_word_alone() -> None:
    """The agenda is the same: what the others said stands."""
    scripts: dict[str, Script] = {
        "A": [answer(draft(severity="blocker"))],
        "B": [answer(draft(severity="note"))],
        "round2_A": [
            word(
                statement(
                    move="concede",
                    stance="agree",
                    severity="minor",
                    quote="Ship it by Friday.",
                )
            )
        ],
    }
    ledger = FakeLedger(roundtable())
    await drive(ledger, FakeRunner(**scripts, round2_B=_REFUSED))
    assert ledger.detail().run.state is RunState.INCOMPLETE
    runner = FakeRunner(**scripts, round2_B=[word(statement())])

    await _retried(ledger, runner)

    detail = ledger.detail()
    asked = {each.turn_id.split("-")[1] for each in runner.starts}
    assert asked == {"5", "7"}
    assert ledger.types().count("agenda.set") == 1
    assert {each.panelist_id for each in detail.stances} == {"A", "B"}
    assert detail.run.state is RunState.SUCCEEDED


async def test_failed_question_of_before_is_not_asked_again() -> None:
    """A retry is for the run; what the author asked may be asked anew."""
    ledger = FakeLedger(run_summary())
    await drive(ledger, FakeRunner(A=_REFUSED))
    failed = replace(
        ledger.detail().turns[0],
        id="run_1-8-1-A",
        kind=TurnKind.ANSWER,
        question="Why?",
    )
    ledger.ask(failed)
    runner = FakeRunner(A=[answer()])

    await _retried(ledger, runner)

    assert TurnRef("run_1-8-1-A", 2) not in runner.starts


async def test_text_on_another_decision_is_void() -> None:
    """No moderator's text stands beside a decision that it was not written on."""
    ledger = FakeLedger(run_summary(seats="ABC"))
    scripts: dict[str, Script] = {
        "A": [answer()],
        "B": [answer(draft(severity="note"))],
        "C": _REFUSED,
    }
    await drive(ledger, FakeRunner(**scripts, synthesis=[synthesis("B1")]))
    before = ledger.detail()

    blocked: Script = [answer(draft("Other", severity="blocker"))]
    await _retried(ledger, FakeRunner(C=blocked, synthesis=_REFUSED))

    after = ledger.detail()
    assert before.synthesis is not None
    assert after.decision != before.decision
    assert after.synthesis is None
    assert (after.run.state, after.run.reason) == (
        RunState.INCOMPLETE,
        "SYNTHESIS_FAILED",
    )


async def test_text_is_written_again_when_a_decision_is_set_again() -> None:
    """The turn that wrote it stands, but what it wrote was void meanwhile."""
    ledger = FakeLedger(run_summary(seats="ABC"))
    scripts: dict[str, Script] = {"A": [answer(draft())], "B": [answer()]}
    await drive(ledger, FakeRunner(**scripts, C=_REFUSED, synthesis=[synthesis("A1")]))
    before = ledger.detail()
    assert before.decision is not None
    ledger.reopen()
    tools = run_tools(ledger, FakeRunner())
    claimed = await ledger.claim(holder="x", incarnation="1", lease=tools.lease)
    assert claimed is not None
    await ledger.append(
        "run_1",
        fencing_token=claimed.fencing_token,
        first_index=0,
        events=[NewEvent(DecisionSet(replace(before.decision, policy="v0")))],
        progress=None,
    )
    ledger.lapse()

    runner = FakeRunner(C=_REFUSED, synthesis=[synthesis("A1")])
    await drive(ledger, runner, clock=PassingClock())

    after = ledger.detail()
    assert after.decision == before.decision
    assert after.synthesis == before.synthesis
    texts = [turn.id for turn in after.turns if turn.kind is TurnKind.SYNTHESIS]
    assert len(set(texts)) == 2


async def test_authors_answers_do_not_change_what_the_panel_does() -> None:
    """A disposition moves the shown decision, not what was set and asked."""
    ledger = FakeLedger(run_summary())
    scripts: dict[str, Script] = {"A": [answer(draft(severity="blocker"))]}
    await drive(ledger, FakeRunner(**scripts, synthesis=_REFUSED))
    ledger.answer_finding("A1", Disposition.REJECTED)
    before = ledger.detail().decision

    await _retried(ledger, FakeRunner(**scripts, synthesis=[synthesis("A1")]))

    assert ledger.detail().decision == before
    assert ledger.types().count("decision.set") == 1
    assert ledger.types()[-1] == "run.succeeded"


async def test_point_that_was_rejected_before_stays_so_for_the_panel() -> None:
    """That the author has opened it again moves the shown decision alone."""
    grave = draft(severity="blocker")
    scripts: dict[str, Script] = {"A": [answer(grave)], "B": [answer()]}
    earlier = FakeLedger(run_summary())
    await drive(earlier, FakeRunner(**scripts))
    ledger = FakeLedger(run_summary(seats="AB"))
    ledger.rejections = (rejected_in("run_0", earlier),)
    await drive(ledger, FakeRunner(**{**scripts, "B": _REFUSED}))
    ledger.answer_finding("A1", Disposition.OPEN)

    await _retried(ledger, FakeRunner(**scripts))

    decision = ledger.detail().decision
    assert decision is not None
    assert (decision.blockers, decision.seats_finished) == ((), 2)


async def test_retry_that_is_cut_anywhere_ends_as_if_it_had_not_been() -> None:
    """A second conductor tells the attempts of this opening from those before it."""
    before = {**SCRIPTS, "B": _REFUSED, "round2_C": _REFUSED, "repair_A": _REFUSED}
    first = FakeLedger(whole_roundtable())
    await drive(first, FakeRunner(**before), clock=PassingClock())
    length = len(first.log())
    whole = first.fork(length)
    await _retried(whole, FakeRunner(**SCRIPTS))
    expected = outcome(whole.detail())
    assert whole.detail().run.state is RunState.SUCCEEDED

    appends, is_over = 1, False
    while not is_over:
        ledger, runner = first.fork(length), FakeRunner(**SCRIPTS)
        ledger.reopen()
        is_over = await drive_until(ledger, runner, appends=appends)
        if not is_over:
            await drive(ledger, runner, clock=PassingClock())
        assert outcome(ledger.detail()) == expected, f"cut behind {appends} appends"
        assert set(runner.starts.values()) == {1}
        appends += 1

    started = [each.turn for each in whole.log() if isinstance(each.fact, TurnStarted)]
    assert len(started) == len(set(started))
    assert {t.state for t in whole.detail().turns} <= {
        TurnState.SUCCEEDED,
        TurnState.FAILED,
    }
