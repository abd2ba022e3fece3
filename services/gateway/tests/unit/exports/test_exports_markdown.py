"""The Markdown report: as committed, and inert whatever was written."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable_gateway.domain.decision import DecisionReason, Outcome
from roundtable_gateway.domain.finding import Disposition
from roundtable_gateway.domain.run import Engine, RunDetail, RunState, Usage
from roundtable_gateway.exports.markdown import render
from roundtable_gateway.exports.words import (
    REHEARSAL_NOTICE,
    decision_sentence,
    usage_sentence,
)
from services.gateway.tests.support.log_samples import ANSWERED_TURN, DECISION
from services.gateway.tests.support.reports import (
    HOSTILE,
    check_golden,
    hostile_everywhere,
    whole_roundtable,
    whole_run,
)

_GOLDEN = Path(__file__).parent / "golden"
# Anchors and links of the report's own; what stands between is checked all the same.
_OURS = re.compile(r'<a id="finding-\d+"></a>|\[(?=(?:\\.|[^\\\]])*\]\(#finding-\d+\))')


def _without_decision(detail: RunDetail) -> RunDetail:
    return replace(detail, decision=None)


@pytest.mark.parametrize(
    ("detail", "name"),
    [(whole_run(), "report.md"), (whole_roundtable(), "roundtable.md")],
    ids=["review", "roundtable"],
)
def test_report_is_as_committed(detail: RunDetail, name: str) -> None:
    """What a report tells, in its order and its words."""
    check_golden(render(detail), _GOLDEN / name)


def test_gravest_findings_come_first_and_unverified_ones_apart() -> None:
    """What can block stands on top; what code did not find never among it."""
    text = render(whole_run())

    places = [text.index(each) for each in ("A2, ", "A1, ", "## Not verified", "B1, ")]
    assert places == sorted(places)


@pytest.mark.parametrize("engine", list(Engine))
def test_rehearsal_is_named_and_nothing_else_is(engine: Engine) -> None:
    """A reader must never take rules for a panel, nor a panel for rules."""
    detail = whole_run()

    text = render(replace(detail, run=replace(detail.run, engine=engine)))

    assert (REHEARSAL_NOTICE in text) is (engine is Engine.REHEARSAL)
    assert f"engine {engine.value}" in text


def test_run_without_decision_says_why() -> None:
    """Neither a verdict nor an empty heading is made up."""
    detail = _without_decision(whole_run())
    run = replace(detail.run, state=RunState.FAILED, reason="NO_SEAT_FINISHED")

    failed = render(replace(detail, run=run, turns=(), findings=()))
    pending = render(replace(detail, run=replace(run, reason=None)))

    assert "**No decision yet (state failed: no seat finished).**" in failed
    assert "## Findings" not in failed
    assert "**No decision yet (state failed).**" in pending


def test_members_of_a_cluster_stand_below_the_finding_that_speaks_for_it() -> None:
    """Lead first, members named and whole: none is dropped, each says whose it is."""
    text = render(whole_roundtable())

    lead = text.index("A1, risk")
    assert "raised too in C1" in text[lead : lead + 200]
    members = [text.index(f"{each}, risk") for each in ("C1", "X1")]
    assert lead < min(members) < max(members) < text.index("X2, risk")
    assert text.count("Same point as [A1]") == 2
    assert "A1, risk, Evidence, by Chief information security officer" in text
    assert "X1, risk, Evidence, by Control" in text


def test_clusters_say_who_found_them() -> None:
    """What only the panel, only the control, and both found; without one, nothing."""
    text = render(whole_roundtable())

    assert "by the panel alone: 3; by the control alone: 1; by both: 1." in text
    assert text.count("Found by the panel alone.") == 3
    assert text.count("Found by the control alone.") == 1
    assert text.count("Found by the panel and the control; raised too") == 1
    assert "control" not in render(whole_run())


def test_discussion_tells_who_moved_and_on_what() -> None:
    """Round by round; a change without evidence is labelled, and so is one with it."""
    said = render(whole_roundtable()).partition("## Discussion")[2]

    challenge = said.index("challenges A1, disagrees, takes it for minor, was major")
    assert said.index("Moved on new evidence: The second") > challenge
    assert said.index("Changed its mind without new evidence") > challenge
    assert said.index("concedes A1") > challenge
    assert "supports the scores, agrees. It says" in said


def test_synthesis_cites_findings_by_links() -> None:
    """A sentence leads to what it rests on; what was left out is told."""
    text = render(whole_roundtable())

    links = re.search(r"before it ships\. \(\[A1\]\(#(.*?)\), \[X1\]", text)
    assert links
    assert f'<a id="{links[1]}"></a>Major: Absolute claim' in text
    assert "Left out: 1 sentence of the moderator's" in text


def test_answers_of_the_author_change_the_decision_beside_the_panels() -> None:
    """The panel's stands first, the one computed anew below it."""
    detail = whole_roundtable()
    rejected = tuple(
        replace(each, disposition=Disposition.REJECTED) for each in detail.findings
    )

    text = render(replace(detail, findings=rejected))

    unanswered = tuple(
        replace(each, disposition=Disposition.OPEN) for each in detail.findings
    )
    assert text.index("Fix, then ship") < text.index("After the author's answers: ")
    assert "After the" not in render(replace(detail, findings=unanswered))


def test_coverage_and_all_turns_are_told() -> None:
    """Who read what, and which turns there were besides the reviews."""
    text = render(whole_roundtable())

    assert "- P1: read by C; section by section by A" in text
    assert "- P2: read by nobody" in text
    for line in (
        "Control: succeeded.",
        "Sweep by A of P1: succeeded.",
        "Repair by A: failed: timeout, attempt 2.",
        "Synthesis of P1 to P2: succeeded.",
    ):
        assert f"- {line}" in text


def test_decision_without_scores_has_no_score_line() -> None:
    """No score is not zero."""
    detail = replace(whole_run(), decision=replace(DECISION, score=None, dissent=()))
    one_seat = replace(whole_run(), decision=replace(DECISION, spread=None))

    assert "Median score" not in render(detail)
    assert "Minority report" not in render(detail)
    assert "Median score 3.5 of 5; 2 of 2" in render(one_seat)


def test_turn_without_verdict_or_score_says_so() -> None:
    """An answer may abstain from both."""
    turn = replace(ANSWERED_TURN, verdict=None, overall=None)

    text = render(replace(whole_run(), turns=(turn,)))

    assert "No verdict, no score. Nearly there" in text


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("reason", list(DecisionReason))
def test_every_decision_has_its_sentence(
    outcome: Outcome, reason: DecisionReason
) -> None:
    """No outcome and no row of the policy is left without words."""
    words = decision_sentence(replace(DECISION, outcome=outcome, reason=reason))

    assert re.fullmatch(r"[A-Z][a-z, ]+: [a-z ]+\.", words)


def _shape(text: str) -> list[str]:
    """Return how each line of a report begins: its structure without its words."""
    marks = re.compile(r"(#+ |> |- |\*\*|\d+[.)] |)")
    return [(marks.match(line) or [""])[0] for line in text.split("\n")]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_inert(hostile: str) -> None:
    """No line, link, image, heading, code or HTML comes of what somebody wrote."""
    text = render(hostile_everywhere(hostile)[0])

    assert _shape(text) == _shape(render(hostile_everywhere("plain words")[0]))
    assert not re.search(r"(?<!\\)[<`\[|]", _OURS.sub("", text))
    assert "\u2028" not in text


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.sampled_from("ab \n\r\t\\`*_{}[]()<>#+-!|~&\u2028\x0b\x85"), min_size=1)
)
def test_markup_is_escaped_wherever_it_stands(written: str) -> None:
    """Behind a backslash of its own, each mark has one of ours."""
    text = render(hostile_everywhere(f"x{written}x")[0])

    title = text.split("\n")[0].removeprefix("# ")
    assert re.fullmatch(r"(?:\\[\\`*_{}\[\]()<>#+!|~&-]|[ab x\t])*", title)
    assert _shape(text) == _shape(render(hostile_everywhere("plain words")[0]))


@pytest.mark.parametrize(
    ("cost_usd", "words"),
    [
        (None, "no cost shown"),
        (0.0, "$0.00"),
        (0.004, "less than $0.01"),
        (1234.5, "$1,234.50"),
    ],
)
def test_cost_is_told_to_the_cent(cost_usd: float | None, words: str) -> None:
    """Unknown is not nothing, and little is not nothing either."""
    assert usage_sentence(Usage(cost_usd=cost_usd)).endswith(f"output tokens, {words}.")


def test_seat_that_was_never_asked_is_told() -> None:
    """A run that was cancelled early does not hide who is missing."""
    text = render(replace(whole_run(), turns=()))

    assert text.count("Was not asked.") == 3
