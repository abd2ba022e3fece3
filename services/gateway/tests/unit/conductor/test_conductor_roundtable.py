"""A roundtable: all stages, in order, by code."""

from dataclasses import replace

import pytest

from roundtable_gateway.conductor.parts import QuoteDraft
from roundtable_gateway.conductor.tasks import DiscussionTask
from roundtable_gateway.domain.decision import Outcome
from roundtable_gateway.domain.discussion import Position
from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.domain.event import StanceChanged, TurnCompleted, TurnStarted
from roundtable_gateway.domain.finding import Severity, Verdict
from roundtable_gateway.domain.run import (
    ManifestEntry,
    Stage,
    StageResult,
    TurnKind,
    TurnState,
)
from services.gateway.tests.support.conducting import claim, drive, run_tools
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner, Script
from services.gateway.tests.support.panel_answers import (
    roundtable,
    statement,
    swept,
    word,
)
from services.gateway.tests.support.samples import answer, draft, failure

_NEW_WORDS = "Ship it by Friday."

# Two seats on the same words, three steps apart: that is worth discussing.
_DISPUTED: dict[str, Script] = {
    "A": [answer(draft(severity="blocker"))],
    "B": [answer(draft(severity="note"))],
    "round2_A": [word()],
    "round2_B": [word()],
    "round3_A": [word()],
    "round3_B": [word()],
}


_FILLER = "\n\n".join([" ".join(["word"] * 499) + " end."] * 8)
_LONG = f"Our backups never fail.\n\n{_FILLER}"


def _paragraphs(text: str) -> tuple[Paragraph, ...]:
    placed, start = [], 0
    for number, piece in enumerate(text.split("\n\n"), start=1):
        placed.append(Paragraph(f"P{number}", start, start + len(piece)))
        start += len(piece) + 2
    return tuple(placed)


_FAR_APART = DocumentText(_LONG, _paragraphs(_LONG))


def _runner(**scripts: Script) -> FakeRunner:
    return FakeRunner(**{**_DISPUTED, **scripts})


def _discussions(runner: FakeRunner) -> list[DiscussionTask]:
    tasks = [order.task for order in runner.orders]
    return [task for task in tasks if isinstance(task, DiscussionTask)]


async def test_roundtable_walks_all_stages_in_order() -> None:
    """The manifest and the log say the same of what was done, and when."""
    ledger = FakeLedger(roundtable())

    await drive(ledger, _runner())

    assert ledger.detail().run.manifest == tuple(
        ManifestEntry(stage, StageResult.RAN) for stage in Stage
    )
    kinds = [t.kind for t in ledger.detail().turns]
    assert kinds == [
        *(TurnKind.REVIEW, TurnKind.REVIEW),
        *(TurnKind.DISCUSSION, TurnKind.DISCUSSION),
        TurnKind.SYNTHESIS,
    ]
    sets = [each for each in ledger.types() if each.endswith(".set")]
    assert sets == ["clusters.set", "agenda.set", "decision.set", "synthesis.set"]
    assert ledger.types()[-1] == "run.succeeded"


async def test_stages_are_told_as_they_pass() -> None:
    """Who looks while the panel discusses sees that it does, and what is done."""
    ledger = FakeLedger(roundtable())
    seen: list[tuple[Stage, tuple[Stage, ...]]] = []

    def look() -> None:
        run = ledger.detail().run
        entry = run.stage, tuple(each.stage for each in run.manifest)
        if entry not in seen:
            seen.append(entry)

    ledger.before_append = look

    await drive(ledger, _runner())

    stages = [stage for stage, _ in seen]
    assert [each for each in stages if each in (Stage.DISCUSSION, Stage.SYNTHESIS)] == [
        Stage.DISCUSSION,
        Stage.SYNTHESIS,
    ]
    told = dict(seen)
    assert told[Stage.DISCUSSION][-1] is Stage.AGENDA
    assert told[Stage.SYNTHESIS][-1] is Stage.DECISION


async def test_speakers_have_no_names() -> None:
    """A seat hears itself as "you" and the others by their letters."""
    runner = _runner()

    await drive(FakeLedger(roundtable()), runner)

    heard = {
        task.seat.panelist.id: [each.speaker for each in task.items[0].findings]
        for task in _discussions(runner)
    }
    assert heard == {"A": ["you", "Panelist B"], "B": ["Panelist A", "you"]}


async def test_round_begins_when_the_one_before_has_ended() -> None:
    """Round 3 is asked behind all answers of round 2, and hears them."""
    ledger, runner = (
        FakeLedger(roundtable(rounds=2)),
        _runner(round2_B=[word(statement(quote=_NEW_WORDS))]),
    )

    await drive(ledger, runner)

    rounds = [
        (each.fact.turn.round, each.fact.type)
        for each in ledger.log()
        if isinstance(each.fact, TurnStarted | TurnCompleted)
        and each.fact.turn.kind is TurnKind.DISCUSSION
    ]
    assert rounds.index((3, "turn.started")) > max(
        place for place, each in enumerate(rounds) if each == (2, "turn.completed")
    )
    last = {t.seat.panelist.id: t for t in _discussions(runner) if t.round == 3}
    (spoken,) = last["A"].items[0].stances
    assert (spoken.speaker, spoken.stance.is_evidenced) == ("Panelist B", True)
    assert last["B"].items[0].stances[0].speaker == "you"
    assert last["A"].last_word is not None
    assert last["A"].last_word.round == 2


async def test_what_is_said_becomes_stances_with_the_turns_end() -> None:
    """Quotes are checked, and all facts stand in one append with the completion."""
    ledger, runner = (
        FakeLedger(roundtable()),
        _runner(
            round2_B=[word(statement(quote=_NEW_WORDS), verdict="approve", overall=5)]
        ),
    )

    await drive(ledger, runner)

    (stance,) = ledger.detail().stances
    assert (stance.panelist_id, stance.finding_id, stance.round) == ("B", "A1", 2)
    assert stance.position is Position.DISAGREE
    assert stance.quotes[0].paragraph_id == "P2"
    assert stance.is_evidenced
    at = [isinstance(each.fact, StanceChanged) for each in ledger.log()].index(True)
    assert isinstance(ledger.log()[at + 1].fact, TurnCompleted)
    assert at + 1 not in ledger.boundaries()
    spoken = next(t for t in ledger.detail().turns if t.id == stance.turn_id)
    assert (spoken.verdict, spoken.overall) == (Verdict.APPROVE, 5)


async def test_challenge_with_new_words_refutes_a_blocker() -> None:
    """The decision weighs what was shown in the discussion."""
    silent, refuted = FakeLedger(roundtable()), FakeLedger(roundtable())

    await drive(silent, _runner())
    await drive(refuted, _runner(round2_B=[word(statement(quote=_NEW_WORDS))]))

    before, after = silent.detail().decision, refuted.detail().decision
    assert before is not None
    assert after is not None
    assert (before.outcome, before.blockers) == (Outcome.REWORK, ("A1",))
    assert after.blockers == ()


async def test_author_with_evidence_moves_its_own_finding() -> None:
    """The finding changes, and the cluster is as grave as its members are now."""
    ledger, runner = (
        FakeLedger(roundtable()),
        _runner(
            round2_A=[
                word(
                    statement(
                        move="concede",
                        stance="agree",
                        severity="minor",
                        quote=_NEW_WORDS,
                    )
                )
            ]
        ),
    )

    await drive(ledger, runner)

    detail = ledger.detail()
    moved = next(each for each in detail.findings if each.id == "A1")
    assert moved.severity is Severity.MINOR
    (cluster,) = detail.clusters
    assert cluster.severity is Severity.MINOR
    assert ledger.types().count("agenda.set") == 1


async def test_change_without_evidence_moves_nothing() -> None:
    """It is kept, labelled."""
    ledger, runner = (
        FakeLedger(roundtable()),
        _runner(
            round2_A=[word(statement(move="concede", stance="agree", severity="minor"))]
        ),
    )

    await drive(ledger, runner)

    (stance,) = ledger.detail().stances
    assert (stance.is_change, stance.is_evidenced) == (True, False)
    assert "finding.changed" not in ledger.types()


@pytest.mark.parametrize(
    "odd",
    [
        statement(move="shout"),
        statement(stance="maybe"),
        statement(severity="terrible"),
    ],
    ids=["move", "stance", "severity"],
)
async def test_word_off_the_schema_fails_the_seats_turn(odd: object) -> None:
    """The discussion says that a seat is missing; the run goes on without it."""
    ledger = FakeLedger(roundtable())
    runner = _runner(round2_B=[word(odd)])  # type: ignore[arg-type]  # a parameter has no better type

    await drive(ledger, runner)

    manifest = {each.stage: each for each in ledger.detail().run.manifest}
    assert manifest[Stage.DISCUSSION] == ManifestEntry(
        Stage.DISCUSSION, StageResult.FAILED, "SEATS_FAILED"
    )
    assert ledger.types()[-1] == "run.incomplete"
    assert ledger.detail().decision is not None
    assert ledger.detail().synthesis is not None


async def test_statements_nobody_asked_for_are_not_heard() -> None:
    """One an item counts, of findings that are on it; the rest is left out."""
    ledger, runner = (
        FakeLedger(roundtable()),
        _runner(
            round2_B=[
                word(
                    statement(item_id="I9"),
                    statement("Z9"),
                    statement("A1"),
                    statement("B1", stance="agree"),
                )
            ]
        ),
    )

    await drive(ledger, runner)

    assert [each.finding_id for each in ledger.detail().stances] == ["A1"]


async def test_panel_that_agrees_does_not_discuss() -> None:
    """An empty agenda costs nothing, and the manifest says why."""
    ledger = FakeLedger(roundtable())
    runner = FakeRunner(A=[answer(draft())], B=[answer(draft())])

    await drive(ledger, runner)

    manifest = {each.stage: each for each in ledger.detail().run.manifest}
    assert manifest[Stage.DISCUSSION] == ManifestEntry(
        Stage.DISCUSSION, StageResult.SKIPPED, "NOTHING_TO_DISCUSS"
    )
    assert _discussions(runner) == []
    assert ledger.types()[-1] == "run.succeeded"


async def test_panel_without_a_quorum_does_not_discuss() -> None:
    """Nothing that was said could move a decision that is not made."""
    ledger = FakeLedger(roundtable("ABCD"))
    runner = _runner(C=[failure("refused")], D=[failure("refused")])

    await drive(ledger, runner)

    detail = ledger.detail()
    manifest = {each.stage: each for each in detail.run.manifest}
    assert manifest[Stage.AGENDA].reason == manifest[Stage.DISCUSSION].reason
    assert manifest[Stage.DISCUSSION] == ManifestEntry(
        Stage.DISCUSSION, StageResult.SKIPPED, "QUORUM"
    )
    assert detail.decision is not None
    assert detail.decision.outcome is Outcome.NO_DECISION
    assert ledger.types()[-1] == "run.incomplete"


async def test_roundtable_without_rounds_keeps_its_agenda() -> None:
    """What the panel disagrees about is told also where nobody discusses it."""
    ledger, runner = FakeLedger(roundtable(rounds=0)), _runner()

    await drive(ledger, runner)

    assert len(ledger.detail().agenda) == 1
    assert _discussions(runner) == []
    manifest = {each.stage: each for each in ledger.detail().run.manifest}
    assert manifest[Stage.DISCUSSION].reason == "NO_ROUNDS"


async def test_turns_without_a_seat_take_the_seats_common_model() -> None:
    """Where the seats differ, the account's own model moderates."""
    runner = _runner()
    run = roundtable()
    seats = tuple(replace(each, model="opus") for each in run.panelists)

    await drive(FakeLedger(replace(run, panelists=seats)), runner)

    assert {order.model for order in runner.orders} == {"opus"}
    mixed = _runner()
    await drive(FakeLedger(replace(run, panelists=(seats[0], run.panelists[1]))), mixed)
    models = {order.task.kind: order.model for order in mixed.orders}
    assert models[TurnKind.SYNTHESIS] is None


async def test_all_turns_of_a_failed_panel_are_told() -> None:
    """No seat, nothing further: every later stage is skipped for that."""
    ledger = FakeLedger(roundtable())

    await drive(ledger, FakeRunner(A=[failure("refused")], B=[failure("refused")]))

    detail = ledger.detail()
    assert {turn.state for turn in detail.turns} == {TurnState.FAILED}
    assert {each.reason for each in detail.run.manifest[1:]} == {"NO_SEAT_FINISHED"}
    assert len(detail.run.manifest) == len(Stage)


async def test_seat_that_was_not_shown_the_passage_is_not_asked() -> None:
    """Of a document over the window each seat speaks of what it has read."""
    ledger = FakeLedger(roundtable("ABC"))
    ledger.text = _FAR_APART
    front = replace(draft(), quotes=(QuoteDraft("Our backups never fail.", None),))
    sweeps: dict[str, Script] = {
        f"{seat}_s{number}": [swept()] for seat in "ABC" for number in range(1, 9)
    }
    runner = _runner(
        A=[answer(replace(front, severity="blocker"))],
        B=[answer(replace(front, severity="note"))],
        C=[answer()],
        **sweeps,
    )
    tools = replace(run_tools(ledger, runner), window_tokens=18_000)

    await (await claim(ledger, tools)).drive()

    asked = {task.seat.panelist.id for task in _discussions(runner)}
    assert "C" not in asked
    assert "A" in asked
