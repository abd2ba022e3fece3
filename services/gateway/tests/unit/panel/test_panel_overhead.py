"""What prompts take of a model's window beside the document."""

from dataclasses import replace

from roundtable_gateway.domain.persona import Rubric
from roundtable_gateway.domain.run import Brief, RunSummary
from roundtable_gateway.panel.overhead import estimate_overhead
from services.gateway.tests.support.samples import RUBRIC, run_summary

_LONG = "x" * 3_000
_LEAST = 12_000


def _with_persona(run: RunSummary, **changes: object) -> RunSummary:
    panelist = run.panelists[-1]
    changed = replace(panelist, persona=replace(panelist.persona, **changes))  # type: ignore[arg-type]  # a test's fields by name
    return replace(run, panelists=(*run.panelists[:-1], changed))


def test_rules_and_answer_are_always_there() -> None:
    """They need room whatever the document is."""
    assert estimate_overhead(run_summary()) > _LEAST


def test_what_the_author_asks_needs_room() -> None:
    """At three bytes a token."""
    run = run_summary()
    asked = replace(run, brief=Brief(goal=_LONG))

    assert estimate_overhead(asked) - estimate_overhead(run) == 1_000


def test_longest_persona_counts() -> None:
    """One prompt holds one persona, so that the others add nothing."""
    short = run_summary(seats="A")
    one = _with_persona(run_summary(seats="AB"), background=_LONG)
    both = replace(one, panelists=(one.panelists[1], one.panelists[1]))

    assert estimate_overhead(one) > estimate_overhead(short)
    assert estimate_overhead(one) == estimate_overhead(both)


def test_rubric_needs_room() -> None:
    """Terms and anchors stand in the prompt, too."""
    run = run_summary()
    criterion = replace(RUBRIC.criteria[0], expects=(_LONG,))
    longer = replace(run, rubric=Rubric("other", (criterion,)))

    assert estimate_overhead(longer) > estimate_overhead(run) + 900
