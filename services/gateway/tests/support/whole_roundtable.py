"""A roundtable with everything in it, and how one is cut and gone on with."""

import asyncio
from collections import Counter
from dataclasses import replace

from roundtable_gateway.domain.event import StanceChanged
from roundtable_gateway.domain.run import RunDetail, RunSummary, Turn
from services.gateway.tests.support.conducting import PassingClock, claim, run_tools
from services.gateway.tests.support.fake_ledger import FakeLedger
from services.gateway.tests.support.fake_runner import FakeRunner, Script
from services.gateway.tests.support.log_projection import TERMINAL_TYPES
from services.gateway.tests.support.panel_answers import (
    found,
    made_up,
    repaired,
    roundtable,
    same,
    statement,
    synthesis,
    taken_back,
    word,
)
from services.gateway.tests.support.samples import answer, draft, failure

_NEW_WORDS = "Ship it by Friday."
_SETS = ("agenda.set", "decision.set", "synthesis.set")

# Two seats dispute a finding; a third agrees with neither; one lost its words, the
# control made some up; a pair is unsure; the moderator cites nothing at first.
SCRIPTS: dict[str, Script] = {
    "A": [
        failure("timeout", draft("Old")),
        answer(draft(severity="blocker"), made_up("Haste")),
    ],
    "B": [answer(draft(severity="note"))],
    "C": [answer(replace(draft("Nobody has seen it restored"), fix="Show a report."))],
    "control": [answer(made_up("Invented"))],
    "repair_A": [repaired(found())],
    "repair_control": [failure("timeout"), repaired(taken_back())],
    "cluster": [same(1)],
    "round2_A": [
        word(
            statement(
                "A1.2",
                move="concede",
                stance="agree",
                severity="major",
                quote=_NEW_WORDS,
            )
        )
    ],
    "round2_B": [word(statement("A1.2", quote=_NEW_WORDS), overall=5)],
    "round2_C": [failure("overloaded"), word()],
    "round3_A": [word(statement("A1.2", move="support", stance="agree"))],
    "round3_B": [word(statement("A1.2"))],
    "round3_C": [word(statement("A1.2", quote=_NEW_WORDS))],
    "synthesis": [synthesis("Z9"), synthesis("A1.2", "B1")],
}


def whole_roundtable() -> RunSummary:
    """Return a run of three seats, a control and two rounds."""
    return replace(roundtable("ABC", rounds=2), control=True)


async def drive_until(ledger: FakeLedger, runner: FakeRunner, *, appends: int) -> bool:
    """Drive a run until some appends are durable, then drop it as a crash does.

    Return whether it ended before.
    """
    driver = await claim(ledger, run_tools(ledger, runner, clock=PassingClock()))
    driving = asyncio.create_task(driver.drive())
    left = appends

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            driving.cancel()

    ledger.before_append = count
    await asyncio.gather(driving, return_exceptions=True)
    ledger.before_append = lambda: None
    ledger.lapse()
    return ledger.detail().run.state.is_ended


def outcome(detail: RunDetail) -> dict[str, object]:
    """Return what a run has come to, without its times and the order of seats."""
    return {
        "run": (detail.run.state, detail.run.reason, detail.run.manifest),
        "turns": {turn.id: _timeless(turn) for turn in detail.turns},
        "findings": {each.id: each for each in detail.findings},
        "clusters": detail.clusters,
        "agenda": detail.agenda,
        "stances": {(each.turn_id, each.item_id): each for each in detail.stances},
        "decision": detail.decision,
        "synthesis": detail.synthesis,
    }


def check_log(ledger: FakeLedger) -> None:
    """Hold the log of a run that was opened once against what is promised of it."""
    types = Counter(ledger.types())
    assert {name: types[name] for name in _SETS} == dict.fromkeys(_SETS, 1)
    stances = Counter(
        (each.fact.stance.turn_id, each.fact.stance.item_id)
        for each in ledger.log()
        if isinstance(each.fact, StanceChanged)
    )
    assert set(stances.values()) == {1}
    ends = [each for each in ledger.types() if each in TERMINAL_TYPES]
    assert ends == [ledger.types()[-1]]


def _timeless(turn: Turn) -> Turn:
    return replace(turn, start_time=None, end_time=None, retry_time=None)
