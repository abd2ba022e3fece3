"""A roundtable in the real store: the conductor's fakes keep the rules it has."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import grpc
import pytest
from structlog.testing import capture_logs

from roundtable_gateway.clients.store_ledger import StoreLedger
from roundtable_gateway.conductor import naps, retries
from roundtable_gateway.conductor.ports import Progress
from roundtable_gateway.conductor.run_driver import RunDriver
from roundtable_gateway.conductor.run_tools import RunTools
from roundtable_gateway.domain.document import Document
from roundtable_gateway.domain.event import NewEvent
from roundtable_gateway.domain.finding import Disposition, Severity
from roundtable_gateway.domain.run import (
    RunDetail,
    RunState,
    RunSummary,
    TurnKind,
    TurnState,
)
from roundtable_gateway.panel.standing import current_decision, recompute_decision
from services.gateway.tests.support.conducting import PassingClock, run_tools
from services.gateway.tests.support.fake_runner import FakeRunner, Script
from services.gateway.tests.support.panel_answers import (
    found,
    made_up,
    repaired,
    replied,
    statement,
    synthesis,
    word,
)
from services.gateway.tests.support.real_store import (
    OWNER,
    Store,
    new_key,
    planned_run,
    run_store,
)
from services.gateway.tests.support.samples import answer, draft, failure, refusal
from services.gateway.tests.support.whole_roundtable import (
    SCRIPTS,
    whole_roundtable,
)


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let no retry wait, and keep what is logged to itself."""
    monkeypatch.setattr(retries, "_FIRST_DELAY", timedelta(0))
    monkeypatch.setattr(naps, "LONGEST_NAP", timedelta(0))
    with capture_logs():
        yield


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Run a store."""
    async with run_store(tmp_path) as running:
        yield running


class _CountedLedger(StoreLedger):
    """Tells when so many appends are durable."""

    def __init__(self, channel: grpc.aio.Channel, appends: int) -> None:
        super().__init__(channel)
        self._left = appends
        self.enough = asyncio.Event()

    async def append(
        self,
        run_id: str,
        *,
        fencing_token: int,
        first_index: int,
        events: Sequence[NewEvent],
        progress: Progress | None,
    ) -> None:
        """Append, and count."""
        await super().append(
            run_id,
            fencing_token=fencing_token,
            first_index=first_index,
            events=events,
            progress=progress,
        )
        self._left -= 1
        if self._left <= 0:
            self.enough.set()


async def _create(store: Store) -> RunSummary:
    document = await store.create_document()
    run = replace(whole_roundtable(), id="", document=document)
    return await store.runs.create(run, owner=OWNER, key=new_key())


def _tools(store: Store, runner: FakeRunner) -> RunTools:
    return run_tools(store.ledger, runner, clock=PassingClock())


async def _driver(store: Store, tools: RunTools, *, life: int) -> RunDriver:
    """Claim the only run, as another life of the same gateway does."""
    claim = await store.ledger.claim(
        holder="here", incarnation=str(life), lease=tools.lease
    )
    assert claim is not None
    return RunDriver(claim, tools)


async def _whole(store: Store, runner: FakeRunner) -> RunDetail:
    run = await _create(store)
    await (await _driver(store, _tools(store, runner), life=1)).drive()
    return await store.runs.get(run.id, owner=OWNER)


async def test_roundtable_in_the_real_store_keeps_all_it_comes_to(
    store: Store,
) -> None:
    """Clusters, agenda, stances, decision and synthesis come back as they were."""
    detail = await _whole(store, FakeRunner(**SCRIPTS))

    assert detail.run.state is RunState.SUCCEEDED
    assert any(each.links for each in detail.clusters)
    assert len(detail.agenda) == 1
    assert {each.round for each in detail.stances} == {2, 3}
    assert detail.decision is not None
    assert detail.synthesis is not None
    control = [turn for turn in detail.turns if turn.kind is TurnKind.CONTROL]
    assert [turn.panelist_id for turn in control] == [None]


@pytest.mark.parametrize("every", [1, 4])
async def test_roundtable_that_is_cut_again_and_again_asks_nothing_twice(
    store: Store, every: int
) -> None:
    """What the store gives back names the same turns as what was never stored."""
    whole = await _whole(store, FakeRunner(**SCRIPTS))
    run, runner = await _create(store), FakeRunner(**SCRIPTS)

    life = 1
    while (await store.runs.get(run.id, owner=OWNER)).run.state in (
        RunState.PENDING,
        RunState.RUNNING,
    ):
        await _drive_until(store, runner, appends=every, life=life)
        life += 1

    detail = await store.runs.get(run.id, owner=OWNER)
    assert life > 20 / every
    assert set(runner.starts.values()) == {1}
    assert {turn.id.removeprefix(run.id) for turn in detail.turns} == {
        turn.id.removeprefix(whole.run.id) for turn in whole.turns
    }
    assert detail.decision == whole.decision
    assert detail.clusters == whole.clusters
    assert detail.synthesis == whole.synthesis


async def _drive_until(
    store: Store, runner: FakeRunner, *, appends: int, life: int
) -> None:
    """Drive until some appends are durable, then drop the run as a crash does."""
    ledger = _CountedLedger(store.channel, appends)
    tools = replace(_tools(store, runner), ledger=ledger)
    driving = asyncio.create_task((await _driver(store, tools, life=life)).drive())
    dropping = asyncio.create_task(ledger.enough.wait())
    await asyncio.wait({driving, dropping}, return_when=asyncio.FIRST_COMPLETED)
    driving.cancel()
    dropping.cancel()
    await asyncio.gather(driving, dropping, return_exceptions=True)


async def test_retry_and_question_in_the_real_store(store: Store) -> None:
    """A seat that failed is asked again, and then the author asks it."""
    run = await _create(store)
    lost = FakeRunner(**{**SCRIPTS, "B": [failure("refused")]})
    await (await _driver(store, _tools(store, lost), life=1)).drive()
    before = await store.runs.get(run.id, owner=OWNER)

    await store.runs.retry(run.id, owner=OWNER)
    runner = FakeRunner(**SCRIPTS)
    await (await _driver(store, _tools(store, runner), life=2)).drive()
    after = await store.runs.get(run.id, owner=OWNER)
    await store.runs.ask(
        run.id, owner=OWNER, panelist_ids=["B"], text="Who says so?", key=new_key()
    )
    answering = FakeRunner(answer_B=[replied()])
    await (await _driver(store, _tools(store, answering), life=3)).drive()

    assert (before.run.state, before.run.reason) == (
        RunState.INCOMPLETE,
        "SEATS_FAILED",
    )
    assert after.run.state is RunState.SUCCEEDED
    attempts = {t.id.removeprefix(run.id): t.attempt for t in after.turns}
    assert (attempts["-1-A"], attempts["-1-B"]) == (2, 2)
    detail = await store.runs.get(run.id, owner=OWNER)
    (turn,) = [turn for turn in detail.turns if turn.kind is TurnKind.ANSWER]
    assert (turn.state, turn.text) == (TurnState.SUCCEEDED, "Because nobody tried.")
    assert detail.run.state is RunState.SUCCEEDED


async def test_void_discussion_moves_nothing_in_the_real_store(store: Store) -> None:
    """The store takes a finding back to its review, whose turn was answered before."""
    conceded = statement(
        move="concede", stance="agree", severity="minor", quote="Ship it by Friday."
    )
    scripts: dict[str, Script] = {
        "A": [answer(draft(severity="blocker"))],
        "B": [answer(draft(severity="note"))],
        "C": [answer(draft(severity="minor"))],
        "control": [answer()],
        **{f"round{number}_{seat}": [word()] for number in (2, 3) for seat in "ABC"},
    }
    run = await _create(store)
    lost = {**scripts, "C": [failure("refused")], "round2_A": [word(conceded)]}
    await (await _driver(store, _tools(store, FakeRunner(**lost)), life=1)).drive()
    before = await store.runs.get(run.id, owner=OWNER)

    await store.runs.retry(run.id, owner=OWNER)
    await (await _driver(store, _tools(store, FakeRunner(**scripts)), life=2)).drive()

    after = await store.runs.get(run.id, owner=OWNER)
    assert after.run.state is RunState.SUCCEEDED
    assert [
        (each.findings[0].severity, each.clusters[0].severity, len(each.stances))
        for each in (before, after)
    ] == [
        (Severity.MINOR, Severity.MINOR, 1),
        (Severity.BLOCKER, Severity.BLOCKER, 0),
    ]


async def _reviewed(store: Store, document: Document, runner: FakeRunner) -> RunDetail:
    """Drive a run of one seat on a document to its end."""
    planned = planned_run(document)
    run = await store.runs.create(planned, owner=OWNER, key=new_key())
    await (await _driver(store, _tools(store, runner), life=1)).drive()
    return await store.runs.get(run.id, owner=OWNER)


async def test_repaired_point_that_was_rejected_before_stays_rejected(
    store: Store,
) -> None:
    """In what is stored as in what was told live, until the author says otherwise."""
    document = await store.create_document()
    runner = FakeRunner(
        A=[answer(made_up())],
        repair_A=[repaired(found())],
        synthesis=[synthesis("A1")],
    )
    first = await _reviewed(store, document, runner)
    await store.runs.set_disposition(
        first.run.id,
        "A1",
        owner=OWNER,
        disposition=Disposition.REJECTED,
        reason="It is so.",
    )

    second = await _reviewed(store, document, runner)
    await store.runs.set_disposition(
        second.run.id,
        "A1",
        owner=OWNER,
        disposition=Disposition.ACCEPTED,
        reason=None,
    )
    third = await _reviewed(store, document, runner)

    (finding,) = second.findings
    assert (finding.disposition, finding.rejected_in_run_id) == (
        Disposition.REJECTED,
        first.run.id,
    )
    assert recompute_decision(second) == second.decision
    assert current_decision(second) is None
    (again,) = third.findings
    assert (again.disposition, again.rejected_in_run_id) == (Disposition.OPEN, None)


async def test_questions_that_are_ended_let_the_run_be_deleted(store: Store) -> None:
    """An account that refuses keeps nobody from throwing a document away."""
    document = await store.create_document()
    runner = FakeRunner(A=[answer()], answer_A=[refusal("auth_required")])
    run_id = (await _reviewed(store, document, runner)).run.id
    await store.runs.ask(
        run_id, owner=OWNER, panelist_ids=["A"], text="Why?", key=new_key()
    )

    await store.runs.cancel(run_id, owner=OWNER)
    await (await _driver(store, _tools(store, runner), life=1)).drive()

    detail = await store.runs.get(run_id, owner=OWNER)
    assert detail.turns[-1].state is TurnState.CANCELLED
    assert detail.run.usage.turns == 1
    await store.documents.delete(document.id, owner=OWNER)
