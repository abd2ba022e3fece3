"""The printed result of a run."""

import io
from typing import Any

from rich.console import Console

from roundtable_cli.render.report import print_report
from roundtable_cli.render.terminal import console_on
from roundtable_cli.run import (
    AgendaItem,
    Decision,
    Dissent,
    FailedTurn,
    Finding,
    Panelist,
    Run,
    Sentence,
    Stance,
    Synthesis,
)


def _finding(**changes: Any) -> Finding:
    fields: dict[str, Any] = {
        "id": "f1",
        "panelist_id": "A",
        "kind": "risk",
        "title": "An absolute",
        "severity": "major",
        "paragraph_ids": ("P2",),
        "quotes": (),
        "searched_for": (),
        "impact": "",
        "fix": "",
        "rewrite": None,
        "is_verified": True,
    }
    return Finding(**{**fields, **changes})


def _run(*findings: Finding, **changes: Any) -> Run:
    fields: dict[str, Any] = {
        "id": "r",
        "state": "succeeded",
        "reason": None,
        "engine": "claude",
        "document_title": "Launch",
        "panelists": (Panelist("A", "CISO", None), Panelist("B", "CIO", None)),
        "findings": findings,
        "clusters": (),
        "agenda": (),
        "decision": None,
        "synthesis": None,
        "failed_turns": (),
        "cost_usd": None,
        "json": {},
    }
    return Run(**{**fields, **changes})


def _printed(run: Run) -> list[str]:
    stream = io.StringIO()
    print_report(run, console=console_on(stream), address=None)
    return stream.getvalue().splitlines()


def test_gravest_finding_comes_first() -> None:
    """Findings are ranked by severity, whatever order the run has them in."""
    severities = ("note", "blocker", "minor", "major")

    lines = _printed(_run(*(_finding(severity=s, title=s) for s in severities)))

    heads = [line for line in lines if line[:1].isdigit()]
    assert heads == [
        "1. BLOCKER risk: blocker",
        "2. MAJOR risk: major",
        "3. MINOR risk: minor",
        "4. NOTE risk: note",
    ]


def test_same_words_of_two_panelists_stand_as_one() -> None:
    """The count stays that of the findings, and both panelists are named."""
    twins = (_finding(), _finding(id="f2", panelist_id="B"))

    lines = _printed(_run(*twins, _finding(id="f3", fix="Another one")))

    assert "Findings (3 in 2 points)" in lines
    assert "   P2 · CISO, CIO" in lines
    assert sum(line.endswith("An absolute") for line in lines) == 2


def test_strengths_and_unverified_findings_have_lanes_of_their_own() -> None:
    """Neither praise nor what lacks evidence is counted among the findings."""
    run = _run(
        _finding(kind="strength", title="Clear"),
        _finding(is_verified=False, title="Unfounded", severity="blocker"),
    )

    lines = _printed(run)

    assert not any(line.startswith("Findings") for line in lines)
    unverified = next(i for i, line in enumerate(lines) if "Unverified (1)" in line)
    assert lines[unverified + 1] == "1. BLOCKER risk: Unfounded"
    strengths = lines.index("Strengths (1)")
    assert lines[strengths + 1].endswith("strength: Clear")


def test_run_that_did_not_finish_says_so_with_the_seats_that_failed() -> None:
    """An incomplete run names its reason and every failed turn."""
    run = _run(
        state="incomplete",
        reason="SEATS_FAILED",
        failed_turns=(FailedTurn("B", "review", "timeout"),),
    )

    lines = _printed(run)

    assert "The run is incomplete: SEATS_FAILED" in lines
    assert "  CIO: review failed (timeout)" in lines
    assert "Decision: none was reached" in lines


def test_members_of_a_cluster_stand_under_its_lead() -> None:
    """Its words once, who else says so, and how they word it."""
    control = _finding(id="X1", panelist_id=None, title="No proof", severity="minor")
    run = _run(
        _finding(id="f2", panelist_id="B", title="Nothing backs it"),
        _finding(id="f1", title="Unproved"),
        control,
        clusters=(("f1", "f2", "X1"),),
    )

    lines = _printed(run)

    assert "Findings (3 in 1 point)" in lines
    assert [line for line in lines if line[:1].isdigit()] == ["1. MAJOR risk: Unproved"]
    assert "   P2 · CISO, CIO, the control" in lines
    assert "   also said: Nothing backs it" in lines
    assert "   also said: No proof" in lines


def test_finding_outside_all_clusters_is_not_lost() -> None:
    """One that came after the clusters were set stands for itself."""
    run = _run(_finding(id="f1"), _finding(id="f2", title="Late"), clusters=(("f1",),))

    lines = _printed(run)

    assert "2. MAJOR risk: Late" in lines


def test_moderator_cites_and_disagreements_show_who_moved() -> None:
    """Each sentence with its findings; a change without evidence is labelled."""
    stance = Stance(
        panelist_id="B",
        round=2,
        move="concede",
        severity_before="blocker",
        severity_after="minor",
        argument="Everybody says so.",
        is_change=True,
        is_evidenced=False,
    )
    run = _run(
        agenda=(AgendaItem("I1", "How grave is it?", (stance,)),),
        synthesis=Synthesis(
            sentences=(Sentence("Prove it first.", ("f1", "f2")),),
            minority=(Sentence("It is fine.", ("f3",)),),
            not_examined=("The prices",),
        ),
    )

    lines = _printed(run)

    assert "- Prove it first. [f1, f2]" in lines
    assert "- It is fine. [f3]" in lines
    assert "- The prices" in lines
    assert "I1. How grave is it?" in lines
    assert (
        "   CIO gives way, from blocker to minor: Everybody says so."
        " (changed without new evidence: moves nothing)"
    ) in lines


def test_decision_has_its_score_and_dissent() -> None:
    """Outcome, reason, score, spread, seats and each dissenting position."""
    decision = Decision(
        outcome="fix_then_ship",
        reason="MAJORS",
        score=3.5,
        score_after_discussion=4.0,
        spread=1.0,
        seats=2,
        seats_finished=2,
        dissent=(Dissent("B", "Send it back."),),
    )

    lines = _printed(_run(decision=decision, cost_usd=0.4))

    assert "Decision: Fix, then ship (open major findings)" in lines
    assert (
        "Score 3.5 of 5, spread 1, 4 after the discussion; 2 of 2 panelists finished"
        in lines
    )
    assert "- CIO: Send it back." in lines
    assert "Cost: 0.40 USD" in lines


def test_long_lines_are_left_whole_for_a_pipe() -> None:
    """What is no terminal gets no line breaks of our own."""
    title = "word " * 60 + "end"

    lines = _printed(_run(_finding(title=title)))

    assert any(line.endswith("end") and len(line) > 300 for line in lines)


def test_wrapped_lines_keep_their_indent_on_a_terminal() -> None:
    """A long line of a finding goes on under its own beginning."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=40, color_system=None)

    print_report(_run(_finding(fix="word " * 20)), console=console, address=None)

    lines = stream.getvalue().splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("   Fix: word"))
    assert lines[first + 1].startswith("   word")
    assert max(map(len, lines)) <= 40
