"""What prompts show of a long run fits the model's window, and the author is told."""

from dataclasses import replace

import pytest

from roundtable_gateway.clients.task_converters import task_to_proto
from roundtable_gateway.conductor.parts import (
    CitedSentence,
    FindingDraft,
    QuoteDraft,
    SynthesisResult,
)
from roundtable_gateway.conductor.tasks import AnswerTask, SynthesisTask
from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.domain.finding import Severity
from roundtable_gateway.domain.run import Turn, TurnKind, TurnState
from roundtable_gateway.panel.overhead import MATERIAL_TOKENS, estimate_overhead
from roundtable_gateway.panel.sections import estimate_tokens
from services.gateway.tests.support.conducting import claim, run_tools
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner, Script
from services.gateway.tests.support.panel_answers import (
    replied,
    roundtable,
    said,
    statement,
    word,
)
from services.gateway.tests.support.samples import answer, draft, run_summary

_ROOM = 12_000
_WINDOW = estimate_overhead(run_summary()) + _ROOM
_WORDS = " ".join(f"reason{number}" for number in range(40))
_COUNT = 60


def _document() -> DocumentText:
    """Return a document of a short paragraph for each finding."""
    text, placed = "", []
    for number in range(1, _COUNT + 1):
        text += "\n\n" if text else ""
        line = f"Claim number {number} stands without any proof."
        placed.append(Paragraph(f"P{number}", len(text), len(text) + len(line)))
        text += line
    return DocumentText(text, tuple(placed))


def _point(number: int, severity: str) -> FindingDraft:
    """Return a finding of its own, of about 200 tokens."""
    return replace(
        draft(f"Claim {number} has no proof", severity=severity),
        paragraph_ids=(f"P{number}",),
        quotes=(QuoteDraft(f"Claim number {number} stands", f"P{number}"),),
        impact=f"{number} {_WORDS}",
        fix=f"Prove number {number}.",
    )


# The gravest come last in the document and in the answer.
_POINTS = [
    *(_point(number, "note") for number in range(1, 41)),
    *(_point(number, "minor") for number in range(41, 59)),
    _point(59, "major"),
    _point(60, "blocker"),
]


async def _drive(
    ledger: FakeLedger, runner: FakeRunner, *, window_tokens: int = _WINDOW
) -> None:
    tools = replace(run_tools(ledger, runner), window_tokens=window_tokens)
    await (await claim(ledger, tools)).drive()


def _ledger() -> FakeLedger:
    ledger = FakeLedger(run_summary())
    ledger.text = _document()
    return ledger


def _asked(runner: FakeRunner) -> SynthesisTask:
    task = runner.orders[-1].task
    assert isinstance(task, SynthesisTask)
    return task


def _titles(task: SynthesisTask, *, whole: bool) -> list[str]:
    return [
        spoken.finding.title
        for cluster in task.clusters
        for spoken in cluster.findings
        if bool(spoken.finding.impact) is whole
    ]


async def test_moderator_of_a_long_run_hears_the_gravest_in_full() -> None:
    """The rest by its titles, as far as the window goes; the author is told."""
    ledger, runner = _ledger(), FakeRunner(A=[answer(*_POINTS)])

    await _drive(ledger, runner)

    task = _asked(runner)
    whole, titles = _titles(task, whole=True), _titles(task, whole=False)
    left_out = _COUNT - len(whole) - len(titles)
    assert whole[:2] == ["Claim 60 has no proof", "Claim 59 has no proof"]
    assert min(len(whole), len(titles), left_out) > 5
    severities = [
        spoken.finding.severity for each in task.clusters for spoken in each.findings
    ]
    assert severities == sorted(severities, key=list(Severity).index)
    told = ledger.detail().synthesis
    assert told is not None
    assert told.not_examined[-2:] == (
        f"Of {len(titles)} findings (note at most) this text knows the titles alone.",
        f"{left_out} findings (note at most) are not in this text; they stand below.",
    )
    assert ledger.types()[-1] == "run.succeeded"


async def test_material_of_a_long_run_fits_the_window() -> None:
    """By the words that go out, whatever it was that had to be left out."""
    runner = FakeRunner(A=[answer(*_POINTS)])

    await _drive(_ledger(), runner)

    words = str(task_to_proto(_asked(runner)))
    assert _ROOM / 2 < estimate_tokens(words) < _ROOM


async def test_moderator_of_a_short_run_hears_all() -> None:
    """Nothing is said of room where there is enough."""
    ledger, runner = _ledger(), FakeRunner(A=[answer(*_POINTS)])

    await _drive(ledger, runner, window_tokens=200_000)

    assert len(_titles(_asked(runner), whole=True)) == _COUNT
    assert "text" not in " ".join(_asked(runner).not_examined)


async def test_text_cites_only_what_the_moderator_was_shown() -> None:
    """An id that it can't know is a guess."""
    ledger = _ledger()
    sentences = CitedSentence("Mend it.", ("A60",)), CitedSentence("This.", ("A40",))
    guessing = said(SynthesisResult(sentences, ()))
    runner = FakeRunner(A=[answer(*_POINTS)], synthesis=[guessing])

    await _drive(ledger, runner)

    told = ledger.detail().synthesis
    assert told is not None
    assert [each.finding_ids for each in told.sentences] == [("A60",)]
    assert told.dropped_sentences == 1


async def test_same_turn_is_asked_by_every_conductor() -> None:
    """What is left out goes by the run alone, not by who comes upon it."""
    first, second = FakeRunner(A=[answer(*_POINTS)]), FakeRunner(A=[answer(*_POINTS)])

    await _drive(_ledger(), first)
    await _drive(_ledger(), second)

    assert first.orders[-1].turn_id == second.orders[-1].turn_id
    assert _asked(first) == _asked(second)


async def test_cluster_is_led_by_a_whole_finding_where_not_all_are() -> None:
    """Of those that say the same the first is told, of the others their titles."""
    ledger = FakeLedger(run_summary(seats="ABC"))
    ledger.text = _document()
    script: Script = [answer(*_POINTS)]
    runner = FakeRunner(A=script, B=script, C=script)

    await _drive(ledger, runner)

    led = [
        [bool(spoken.finding.impact) for spoken in each.findings]
        for each in _asked(runner).clusters
    ]
    assert [True, True, True] in led
    assert [True, False, False] in led
    assert [False, False, False] in led


@pytest.mark.parametrize(("length", "is_told"), [(100, True), (40_000, False)])
async def test_discussion_gives_way_where_it_is_too_long(
    length: int, *, is_told: bool
) -> None:
    """Its findings are told with their clusters, by their titles here."""
    ledger = FakeLedger(roundtable())
    ledger.text = _document()
    argued = replace(statement("A1"), argument="x" * length)
    runner = FakeRunner(
        A=[answer(_point(1, "blocker"), *_POINTS[1:-1])],
        B=[answer(_point(1, "note"))],
        round2_A=[word()],
        round2_B=[word(argued)],
    )

    await _drive(ledger, runner)

    task = _asked(runner)
    lost = "What was said of 1 of 1 items on the agenda is not in this text."
    assert (lost not in task.not_examined) is is_told
    assert [each.item.id for each in task.items] == (["I1"] if is_told else [])
    assert _titles(task, whole=True)[0] == "Claim 1 has no proof"
    told = {s.finding.id for c in task.clusters for s in c.findings}
    for item in task.items:
        assert {spoken.finding.id for spoken in item.findings} <= told
        assert not any(spoken.finding.impact for spoken in item.findings)


async def test_panelist_answers_with_its_gravest_findings_at_hand() -> None:
    """As many as the window holds beside the document and the question."""
    ledger = _ledger()
    await _drive(ledger, FakeRunner(A=[answer(*_POINTS)]))
    document_tokens = estimate_tokens(ledger.text.text) + 4 * _COUNT
    tight = estimate_overhead(run_summary()) + document_tokens
    at_hand = {}
    for number, window_tokens in enumerate((tight, 200_000), start=1):
        ledger.ask(_question(number))
        runner = FakeRunner(answer_A=[replied()])
        await _drive(ledger, runner, window_tokens=window_tokens)
        task = runner.orders[-1].task
        assert isinstance(task, AnswerTask)
        at_hand[window_tokens] = task.findings

    assert len(at_hand[200_000]) == _COUNT
    assert 10 < len(at_hand[tight]) < 50
    assert {"A59", "A60"} <= {each.id for each in at_hand[tight]}
    assert estimate_tokens(str(at_hand[tight])) > MATERIAL_TOKENS / 2


def _question(number: int) -> Turn:
    return Turn(
        id=f"run_1-8-{number}-A",
        kind=TurnKind.ANSWER,
        panelist_id="A",
        round=1,
        attempt=0,
        state=TurnState.QUEUED,
        question="Who says so?",
    )
