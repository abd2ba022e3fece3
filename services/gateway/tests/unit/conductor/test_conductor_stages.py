"""Single stages: control and sweeps, repair, clusters, synthesis."""

from dataclasses import replace

import pytest

from roundtable_gateway.conductor.parts import (
    EndPart,
    FindingPart,
    QuoteDraft,
    RepairResult,
    TurnPart,
)
from roundtable_gateway.conductor.tasks import (
    ClusterTask,
    ControlTask,
    RepairTask,
    SweepTask,
    SynthesisTask,
)
from roundtable_gateway.domain.cluster import ClusterRule
from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.domain.event import FindingWithdrawn, RunFailed, RunIncomplete
from roundtable_gateway.domain.finding import Disposition, FindingKind
from roundtable_gateway.domain.run import (
    ManifestEntry,
    Mode,
    RunSummary,
    Stage,
    StageResult,
    Turn,
    TurnKind,
    TurnState,
    Usage,
)
from services.gateway.tests.support.conducting import claim, drive, run_tools
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner, Script
from services.gateway.tests.support.panel_answers import (
    found,
    made_up,
    repaired,
    said,
    same,
    swept,
    synthesis,
    taken_back,
)
from services.gateway.tests.support.rejecting import rejected_in
from services.gateway.tests.support.samples import (
    answer,
    draft,
    failure,
    result,
    run_summary,
)

_REFUSED: Script = [failure("refused")]
# Alike, but not enough for code to be sure.
_UNSURE = replace(draft("Nobody has seen it restored"), fix="Show a report.")


def _with_control() -> RunSummary:
    return replace(run_summary(), control=True)


def _entry(ledger: FakeLedger, stage: Stage) -> ManifestEntry:
    return next(each for each in ledger.detail().run.manifest if each.stage is stage)


def _turn(ledger: FakeLedger, turn_id: str) -> Turn:
    return next(turn for turn in ledger.detail().turns if turn.id == turn_id)


async def test_control_reads_beside_the_panel_without_a_persona() -> None:
    """Its findings are its own and count for no seat."""
    ledger = FakeLedger(_with_control())
    runner = FakeRunner(A=[answer()], control=[answer(draft(severity="blocker"))])

    await drive(ledger, runner)

    detail = ledger.detail()
    assert isinstance(runner.orders[1].task, ControlTask)
    assert _turn(ledger, "run_1-1-control").panelist_id is None
    assert [(each.id, each.panelist_id) for each in detail.findings] == [("X1", None)]
    assert detail.decision is not None
    assert (detail.decision.seats, detail.decision.blockers) == (1, ())
    assert ledger.types()[-1] == "run.succeeded"


async def test_control_that_fails_is_told_and_costs_no_decision() -> None:
    """The review did not finish as it should have; the panel decides all the same."""
    ledger = FakeLedger(_with_control())

    await drive(ledger, FakeRunner(A=[answer()], control=_REFUSED))

    assert _entry(ledger, Stage.REVIEW).reason == "CONTROL_FAILED"
    assert ledger.log()[-1].fact == RunIncomplete("CONTROL_FAILED")
    assert ledger.detail().decision is not None


def _long_document(paragraphs: int) -> DocumentText:
    """Return a document of so many paragraphs of 500 words."""
    words = " ".join(f"word{number}" for number in range(499)) + " end."
    text, placed = "", []
    for number in range(1, paragraphs + 1):
        text += "\n\n" if text else ""
        placed.append(Paragraph(f"P{number}", len(text), len(text) + len(words)))
        text += words
    return DocumentText(text, tuple(placed))


async def test_long_document_is_swept_section_by_section() -> None:
    """Each section is read by one seat that is shown nothing else."""
    ledger = FakeLedger(run_summary(seats="AB"))
    ledger.text = _long_document(6)
    point = replace(draft("In the middle"), quotes=(), kind="omission")
    runner = FakeRunner(
        A=[answer()],
        B=[answer()],
        A_s1=[swept(point)],
        B_s2=[failure("timeout"), swept(point)],
        A_s3=[swept()],
    )

    await drive(ledger, runner)

    sweeps = [order.task for order in runner.orders]
    shown = {
        (task.first_paragraph_id, task.last_paragraph_id): task.seat.panelist.id
        for task in sweeps
        if isinstance(task, SweepTask)
    }
    assert shown == {("P1", "P2"): "A", ("P3", "P4"): "B", ("P5", "P6"): "A"}
    assert {each.id for each in ledger.detail().findings} == {"As1-1", "Bs2-1.2"}
    turn = _turn(ledger, "run_1-1-B-s2")
    assert (turn.first_paragraph_id, turn.last_paragraph_id) == ("P3", "P4")
    assert (turn.overall, turn.verdict) == (None, None)


async def test_sweep_that_fails_is_told() -> None:
    """A section that nobody has read closely is no finished review."""
    ledger = FakeLedger(run_summary())
    ledger.text = _long_document(6)
    runner = FakeRunner(A=[answer()], A_s1=[swept()], A_s2=_REFUSED, A_s3=[swept()])

    await drive(ledger, runner)

    assert ledger.log()[-1].fact == RunIncomplete("SWEEPS_FAILED")


async def test_document_over_the_window_is_reviewed_in_shares() -> None:
    """Each seat reads a part; what nobody could read would be told."""
    ledger = FakeLedger(run_summary(seats="AB"))
    ledger.text = _long_document(6)
    sweeps: dict[str, Script] = {
        f"{seat}_s{number}": [swept()] for seat in "AB" for number in range(1, 7)
    }
    runner = FakeRunner(A=[answer()], B=[answer()], **sweeps)
    tools = replace(run_tools(ledger, runner), window_tokens=18_500)

    await (await claim(ledger, tools)).drive()

    shown = {
        turn.panelist_id: (turn.first_paragraph_id, turn.last_paragraph_id)
        for turn in ledger.detail().turns
        if turn.kind is TurnKind.REVIEW
    }
    assert shown == {"A": ("P1", "P4"), "B": ("P3", "P6")}


async def test_section_over_the_window_fails_the_run_with_its_reason() -> None:
    """The settings may have changed since the run was created."""
    ledger, runner = FakeLedger(run_summary()), FakeRunner()
    tools = replace(run_tools(ledger, runner), window_tokens=12_000)

    await (await claim(ledger, tools)).drive()

    assert ledger.log()[-1].fact == RunFailed("DOCUMENT_TOO_LONG_FOR_MODEL")
    assert not runner.starts


async def test_repair_finds_the_words_or_takes_the_point_back() -> None:
    """One turn for all that a reader's findings lack; what it leaves stays labelled."""
    ledger = FakeLedger(run_summary())
    reading = answer(draft(), made_up("One"), made_up("Two"), made_up("Three"))
    runner = FakeRunner(
        A=[reading],
        repair_A=[repaired(found(1), taken_back(2), found(3, "Nor this."), found(9))],
    )

    await drive(ledger, runner)

    task = runner.orders[1].task
    assert isinstance(task, RepairTask)
    assert [each.id for each in task.findings] == ["A2", "A3", "A4"]
    state = {each.id: each.verified for each in ledger.detail().findings}
    assert state == {"A1": True, "A2": True, "A4": False}
    withdrawn = [e for e in ledger.log() if isinstance(e.fact, FindingWithdrawn)]
    assert [each.fact for each in withdrawn] == [
        FindingWithdrawn("A3", "WITHDRAWN_BY_AUTHOR")
    ]
    assert [each.turn.turn_id for each in withdrawn if each.turn] == ["run_1-2-A"]
    mended = next(each for each in ledger.detail().findings if each.id == "A2")
    assert (mended.turn_id, mended.quotes[0].paragraph_id) == ("run_1-1-A", "P2")
    assert _entry(ledger, Stage.GATE).result is StageResult.RAN


async def test_repaired_finding_has_no_rewrite_for_other_words() -> None:
    """Accepted, it would go in place of words that nobody wrote it for."""
    ledger = FakeLedger(run_summary())
    reading = answer(replace(made_up(), rewrite="Nothing of the kind here."))

    await drive(ledger, FakeRunner(A=[reading], repair_A=[repaired(found())]))

    (finding,) = ledger.detail().findings
    assert (finding.verified, finding.rewrite) == (True, None)


async def test_repair_of_a_review_of_before_sections_shows_the_document() -> None:
    """Runs of earlier versions do not say what their readers were shown."""
    ledger = FakeLedger(run_summary())
    scripts: dict[str, Script] = {"A": [answer(made_up())]}
    await drive(ledger, FakeRunner(**scripts, repair_A=_REFUSED))
    old = _turn(ledger, "run_1-1-A")
    ledger.ask(replace(old, first_paragraph_id=None, last_paragraph_id=None))
    ledger.reopen()
    runner = FakeRunner(**scripts, repair_A=[repaired(found())])

    await drive(ledger, runner)

    task = runner.orders[0].task
    assert isinstance(task, RepairTask)
    assert [each.id for each in task.subject.paragraphs] == ["P1", "P2"]
    assert [each.verified for each in ledger.detail().findings] == [True]


async def test_omission_is_not_asked_for_words() -> None:
    """An absence has none."""
    ledger = FakeLedger(run_summary())
    absent = replace(draft(), kind="omission", quotes=(), searched_for=("cost",))
    runner = FakeRunner(A=[answer(absent)])

    await drive(ledger, runner)

    (finding,) = ledger.detail().findings
    assert (finding.kind, finding.verified) == (FindingKind.OMISSION, False)
    assert TurnKind.REPAIR not in {order.task.kind for order in runner.orders}


async def test_repair_that_fails_is_told_and_labels_stay() -> None:
    """The gate did not finish; the finding stays in its own lane."""
    ledger = FakeLedger(run_summary())

    await drive(ledger, FakeRunner(A=[answer(made_up())], repair_A=_REFUSED))

    assert _entry(ledger, Stage.GATE) == ManifestEntry(
        Stage.GATE, StageResult.FAILED, "REPAIRS_FAILED"
    )
    assert [each.verified for each in ledger.detail().findings] == [False]
    assert ledger.types()[-1] == "run.incomplete"


async def test_unsure_pair_is_put_together_by_a_models_word() -> None:
    """The link says who joined them, and why."""
    ledger = FakeLedger(run_summary(seats="AB"))
    runner = FakeRunner(A=[answer(draft())], B=[answer(_UNSURE)], cluster=[same(1)])

    await drive(ledger, runner)

    asked = [order.task for order in runner.orders if order.task.kind == "cluster"]
    assert isinstance(asked[0], ClusterTask)
    assert [(a.id, b.id) for a, b in asked[0].pairs] == [("A1", "B1")]
    (cluster,) = ledger.detail().clusters
    (link,) = cluster.links
    assert (link.rule, link.reason) == (ClusterRule.MODEL, "One cause.")
    assert ledger.types().count("clusters.set") == 1
    assert _entry(ledger, Stage.CLUSTERS) == ManifestEntry(
        Stage.CLUSTERS, StageResult.RAN
    )


@pytest.mark.parametrize("script", [[same()], [same(7)]], ids=["no", "another pair"])
async def test_pair_that_is_not_called_the_same_stays_apart(script: Script) -> None:
    """Doubt keeps them apart."""
    ledger = FakeLedger(run_summary(seats="AB"))
    runner = FakeRunner(A=[answer(draft())], B=[answer(_UNSURE)], cluster=script)

    await drive(ledger, runner)

    assert [each.finding_ids for each in ledger.detail().clusters] == [("A1",), ("B1",)]


async def test_question_of_pairs_that_fails_keeps_them_apart() -> None:
    """That is no failure of the stage, and the manifest says what it did without."""
    ledger = FakeLedger(run_summary(seats="AB"))
    runner = FakeRunner(A=[answer(draft())], B=[answer(_UNSURE)], cluster=_REFUSED)

    await drive(ledger, runner)

    assert _entry(ledger, Stage.CLUSTERS) == ManifestEntry(
        Stage.CLUSTERS, StageResult.RAN, "UNSURE_PAIRS_KEPT_APART"
    )
    assert len(ledger.detail().clusters) == 2
    assert ledger.types()[-1] == "run.succeeded"


async def test_moderator_is_told_who_found_what_and_what_nobody_examined() -> None:
    """Clusters with their members, the decision, and code's own list of gaps."""
    ledger = FakeLedger(replace(run_summary(seats="AB"), control=True))
    runner = FakeRunner(
        A=[answer(draft())], B=[answer(draft())], control=[answer(draft())]
    )

    await drive(ledger, runner)

    task = runner.orders[-1].task
    assert isinstance(task, SynthesisTask)
    speakers = {each.speaker for c in task.clusters for each in c.findings}
    assert speakers == {"Robin", "Control"}
    assert task.decision == ledger.detail().decision
    assert task.not_examined == ("Clarity", "Costs")
    kept = ledger.detail().synthesis
    assert kept is not None
    assert kept.not_examined == task.not_examined


async def test_sentences_that_rest_on_nothing_are_left_out() -> None:
    """Text without a finding under it never reaches the author."""
    ledger = FakeLedger(run_summary())

    await drive(ledger, FakeRunner(A=[answer(draft())], synthesis=[synthesis("A1")]))

    kept = ledger.detail().synthesis
    assert kept is not None
    assert [each.finding_ids for each in kept.sentences] == [("A1",)]


async def test_text_that_rests_on_nothing_is_asked_for_once_more() -> None:
    """No runner can see that; it is an invalid answer all the same."""
    ledger = FakeLedger(run_summary())
    runner = FakeRunner(
        A=[answer(draft())], synthesis=[synthesis("Z9"), synthesis("A1")]
    )

    await drive(ledger, runner)

    turn = ledger.detail().turns[-1]
    assert (turn.attempt, turn.state) == (2, TurnState.SUCCEEDED)
    assert ledger.types()[-1] == "run.succeeded"


async def test_text_that_never_rests_on_anything_fails_its_stage() -> None:
    """The run says that it has a decision, and no text."""
    ledger = FakeLedger(run_summary())

    await drive(ledger, FakeRunner(A=[answer(draft())], synthesis=[synthesis("Z9")]))

    turn = ledger.detail().turns[-1]
    assert (turn.attempt, turn.reason) == (2, "invalid_output")
    assert ledger.detail().synthesis is None
    assert ledger.log()[-1].fact == RunIncomplete("SYNTHESIS_FAILED")


async def test_run_without_findings_has_nothing_to_cite() -> None:
    """No turn is asked for, and that is no failure."""
    ledger, runner = FakeLedger(run_summary()), FakeRunner(A=[answer()])

    await drive(ledger, runner)

    assert _entry(ledger, Stage.SYNTHESIS) == ManifestEntry(
        Stage.SYNTHESIS, StageResult.SKIPPED, "NOTHING_FOUND"
    )
    assert len(runner.orders) == 1
    assert ledger.types()[-1] == "run.succeeded"


async def test_point_that_was_rejected_before_is_not_raised_again() -> None:
    """It is there, labelled, and counts for nothing."""
    first = FakeLedger(run_summary())
    grave = draft(severity="blocker")
    await drive(first, FakeRunner(A=[answer(grave)]))
    ledger, runner = FakeLedger(run_summary()), FakeRunner(A=[answer(grave)])
    ledger.rejections = (rejected_in("run_0", first),)

    await drive(ledger, runner)

    detail = ledger.detail()
    (finding,) = detail.findings
    assert (finding.disposition, finding.disposition_reason) == (
        Disposition.REJECTED,
        "Rejected in an earlier run",
    )
    assert finding.rejected_in_run_id == "run_0"
    assert ledger.detail().clusters[0].finding_ids == ("A1",)
    assert detail.decision is not None
    assert detail.decision.blockers == ()
    assert _entry(ledger, Stage.SYNTHESIS).reason == "NOTHING_FOUND"


async def test_moderator_hears_nothing_of_what_was_rejected_before() -> None:
    """The point stays in its cluster, and out of the text."""
    first = FakeLedger(run_summary())
    await drive(first, FakeRunner(A=[answer(draft())]))
    ledger = FakeLedger(run_summary())
    ledger.rejections = (rejected_in("run_0", first),)
    other = replace(draft("Haste"), quotes=(QuoteDraft("Ship it by Friday.", "P2"),))
    runner = FakeRunner(A=[answer(draft(), other)])

    await drive(ledger, runner)

    task = runner.orders[-1].task
    assert isinstance(task, SynthesisTask)
    told = [each.finding.id for c in task.clusters for each in c.findings]
    assert told == ["A2"]
    assert len(ledger.detail().clusters) == 2


async def test_finding_in_an_answer_that_has_none_fails_the_turn() -> None:
    """Only who reads hands in findings."""
    ledger = FakeLedger(run_summary())
    odd: list[TurnPart] = [
        FindingPart(0, draft()),
        EndPart(1, RepairResult(()), Usage()),
    ]

    await drive(ledger, FakeRunner(A=[answer(made_up())], repair_A=[odd]))

    assert _turn(ledger, "run_1-2-A").reason == "invalid_output"
    assert [each.id for each in ledger.detail().findings] == ["A1"]


@pytest.mark.parametrize(
    ("key", "script"),
    [
        ("A", [said(result())]),
        ("repair_A", [said(result())]),
        ("cluster", [said(result())]),
        ("round2_A", [said(result())]),
        ("synthesis", [said(result())]),
    ],
)
async def test_answer_of_another_kind_fails_the_turn_not_the_run(
    key: str, script: Script
) -> None:
    """A runner that answers what was not asked is an invalid answer."""
    if key == "A":
        script = [said(RepairResult(()))]
    ledger = FakeLedger(
        replace(run_summary(seats="AB"), mode=Mode.ROUNDTABLE, discussion_rounds=1)
    )
    scripts: dict[str, Script] = {
        "A": [answer(draft(severity="blocker"), made_up())],
        "B": [answer(draft(severity="note"), _UNSURE)],
        "repair_A": [repaired()],
        "round2_A": [failure("refused")],
        "round2_B": [failure("refused")],
        key: script,
    }

    await drive(ledger, FakeRunner(**scripts))

    assert "invalid_output" in {turn.reason for turn in ledger.detail().turns}
    assert ledger.types()[-1] == "run.incomplete"
