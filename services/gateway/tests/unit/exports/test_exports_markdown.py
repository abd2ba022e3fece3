"""The Markdown report: as committed, and inert whatever was written."""

import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable_gateway.domain.decision import DecisionReason, Outcome
from roundtable_gateway.domain.finding import (
    Disposition,
    Finding,
    FindingKind,
    Severity,
    Verdict,
)
from roundtable_gateway.domain.run import (
    Engine,
    ManifestEntry,
    RunDetail,
    RunState,
    Stage,
    StageResult,
    TurnState,
)
from roundtable_gateway.exports.markdown import REHEARSAL_NOTICE, report, sentence
from services.gateway.tests.support.log_samples import (
    ANSWERED_TURN,
    DECISION,
    FINDING,
)
from services.gateway.tests.support.samples import run_summary

_GOLDEN = Path(__file__).parent / "golden" / "report.md"
_HOSTILE = [
    "<script>alert(1)</script>",
    "![x](https://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "```\ncode",
    "# Decision: Ship\n\n**Ship**",
    "| a | b |",
    "> quoted",
    "- item\r\n- item",
    "a\u2028# b",
    "&lt;b&gt;",
    "***~~bold~~***",
    "\\*escaped\\*",
    "<https://evil.example>",
    "1. Decision: ship",
    "line\x0b## b\x0c## c\x85## d",
]


def _detail() -> RunDetail:
    unverified = replace(
        FINDING,
        id="B1",
        panelist_id="B",
        severity=Severity.BLOCKER,
        verified=False,
        quotes=FINDING.quotes[1:],
        rewrite=None,
    )
    omission = replace(
        FINDING,
        id="A2",
        kind=FindingKind.OMISSION,
        severity=Severity.BLOCKER,
        quotes=(),
        disposition=Disposition.REJECTED,
    )
    failed = replace(
        ANSWERED_TURN,
        id="run_1-1-B",
        panelist_id="B",
        state=TurnState.FAILED,
        reason="rate_limited",
    )
    run = replace(
        run_summary(seats="AB"),
        state=RunState.INCOMPLETE,
        manifest=(
            ManifestEntry(Stage.INTAKE, StageResult.RAN),
            ManifestEntry(Stage.REVIEW, StageResult.FAILED, "SEATS_FAILED"),
        ),
    )
    return RunDetail(
        run, (ANSWERED_TURN, failed), (FINDING, unverified, omission), DECISION
    )


def _without_decision(detail: RunDetail) -> RunDetail:
    return replace(detail, decision=None)


def test_report_is_as_committed() -> None:
    """Set UPDATE_GOLDEN=1 to write the file anew; review what has changed."""
    rendered = report(_detail())
    if os.environ.get("UPDATE_GOLDEN"):
        _GOLDEN.write_text(rendered, encoding="utf-8")

    assert rendered == _GOLDEN.read_text(encoding="utf-8")


def test_gravest_findings_come_first_and_unverified_ones_apart() -> None:
    """What can block stands on top; what code did not find never among it."""
    text = report(_detail())

    places = [text.index(each) for each in ("A2, ", "A1, ", "## Not verified", "B1, ")]
    assert places == sorted(places)


@pytest.mark.parametrize("engine", list(Engine))
def test_rehearsal_is_named_and_nothing_else_is(engine: Engine) -> None:
    """A reader must never take rules for a panel, nor a panel for rules."""
    detail = _detail()

    text = report(replace(detail, run=replace(detail.run, engine=engine)))

    assert (REHEARSAL_NOTICE in text) is (engine is Engine.REHEARSAL)
    assert f"engine {engine.value}" in text


def test_run_without_decision_says_why() -> None:
    """Neither a verdict nor an empty heading is made up."""
    detail = _without_decision(_detail())
    run = replace(detail.run, state=RunState.FAILED, reason="NO_SEAT_FINISHED")

    failed = report(replace(detail, run=run, turns=(), findings=()))
    pending = report(replace(detail, run=replace(run, reason=None)))

    assert "**No decision yet** (state failed: NO\\_SEAT\\_FINISHED)." in failed
    assert "## Findings" not in failed
    assert "**No decision yet** (state failed)." in pending


def test_decision_without_scores_has_no_score_line() -> None:
    """No score is not zero."""
    detail = replace(_detail(), decision=replace(DECISION, score=None, dissent=()))
    one_seat = replace(_detail(), decision=replace(DECISION, spread=None))

    assert "Median score" not in report(detail)
    assert "Minority report" not in report(detail)
    assert "Median score 3.5 of 5; 2 of 2" in report(one_seat)


def test_turn_without_verdict_or_score_says_so() -> None:
    """An answer may abstain from both."""
    turn = replace(ANSWERED_TURN, verdict=None, overall=None, panelist_id=None)

    text = report(replace(_detail(), turns=(turn,)))

    assert "no verdict, no score. Nearly there" in text
    assert "Reader" in text


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("reason", list(DecisionReason))
def test_every_decision_has_its_sentence(
    outcome: Outcome, reason: DecisionReason
) -> None:
    """No outcome and no row of the policy is left without words."""
    words = sentence(replace(DECISION, outcome=outcome, reason=reason))

    assert re.fullmatch(r"[A-Z][a-z, ]+: [a-z ]+\.", words)


def _hostile_everywhere(text: str) -> RunDetail:
    """Return a run in which everybody wrote the same."""
    detail = _detail()
    finding = _written_by(text)
    turn = replace(
        ANSWERED_TURN,
        text=text,
        verdict_reason=text,
        verdict=Verdict.ABSTAIN,
        scores=(replace(ANSWERED_TURN.scores[0], rationale=text, criterion=text),),
    )
    (dissent,) = DECISION.dissent
    decision = replace(
        DECISION,
        dissent=(replace(dissent, position=text, finding_ids=(text,)),),
    )
    run = replace(detail.run, document=replace(detail.run.document, title=text))
    return RunDetail(run, (turn,), (finding,), decision)


def _written_by(text: str) -> Finding:
    quote = replace(FINDING.quotes[0], text=text)
    return replace(
        FINDING,
        kind=FindingKind.OMISSION,
        title=text,
        criterion=text,
        quotes=(quote, replace(FINDING.quotes[1], given=text)),
        searched_for=(text,),
        impact=text,
        fix=text,
        rewrite=text,
    )


def _shape(text: str) -> list[str]:
    """Return how each line of a report begins: its structure without its words."""
    marks = re.compile(r"(#+ |> |- |\*\*|\d+[.)] |)")
    return [(marks.match(line) or [""])[0] for line in text.split("\n")]


@pytest.mark.parametrize("hostile", _HOSTILE)
def test_hostile_text_is_inert(hostile: str) -> None:
    """No line, link, image, heading, code or HTML comes of what somebody wrote."""
    text = report(_hostile_everywhere(hostile))

    assert _shape(text) == _shape(report(_hostile_everywhere("plain words")))
    assert not re.search(r"(?<!\\)[<`\[|]", text)
    assert "\u2028" not in text


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.sampled_from("ab \n\r\t\\`*_{}[]()<>#+-!|~&\u2028\x0b\x85"), min_size=1)
)
def test_markup_is_escaped_wherever_it_stands(written: str) -> None:
    """Behind a backslash of its own, each mark has one of ours."""
    text = report(_hostile_everywhere(f"x{written}x"))

    title = text.split("\n")[0].removeprefix("# ")
    assert re.fullmatch(r"(?:\\[\\`*_{}\[\]()<>#+!|~&-]|[ab x\t])*", title)
    assert _shape(text) == _shape(report(_hostile_everywhere("plain words")))
