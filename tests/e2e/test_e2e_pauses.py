"""Accounts that refuse: runs wait, and go on by themselves."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support.anthropic_endpoint import ScriptedEndpoint
from support.messages_script import Script
from support.stack import GATEWAY, RUNNER, Stack
from support.visitor import SeenEvent, Visitor, check_history, is_pause, of_type

_SEATS = ["ciso", "cio", "plain_reader"]
_LIMIT = Script(status=429, error_type="rate_limit_error", headers={"retry-after": "4"})
_FAR_LIMIT = Script(
    status=429, error_type="rate_limit_error", headers={"retry-after": "55"}
)
_REFUSED = Script(status=401, error_type="authentication_error")


@pytest.fixture
async def endpoint() -> AsyncIterator[ScriptedEndpoint]:
    """Return an endpoint that answers every turn with a valid review."""
    async with ScriptedEndpoint() as endpoint:
        yield endpoint


@pytest.fixture
def account(endpoint: ScriptedEndpoint) -> dict[str, str]:
    """Return the variables that make the endpoint the account."""
    return {"ANTHROPIC_BASE_URL": endpoint.url, "ANTHROPIC_API_KEY": "made-up"}


@pytest.fixture
async def stack(account: dict[str, str], tmp_path: Path) -> AsyncIterator[Stack]:
    """Return a stack whose account is the endpoint."""
    async with Stack(tmp_path, account=account) as stack:
        yield stack


@pytest.fixture
async def visitor(stack: Stack) -> AsyncIterator[Visitor]:
    """Return a visitor to the stack."""
    async with Visitor(stack.url) as visitor:
        yield visitor


async def _check_whole(
    visitor: Visitor, run_id: str, events: list[SeenEvent], *, seats: int
) -> None:
    """Assert that a run which was paused has lost nothing."""
    check_history(events)
    run = await visitor.run(run_id)
    assert (run["state"], run["pause"]) == ("succeeded", None)
    assert {turn["state"] for turn in run["turns"]} == {"succeeded"}
    assert run["decision"]["seats_finished"] == seats
    assert len([turn for turn in run["turns"] if turn["overall"] is not None]) == seats
    kinds = [turn["kind"] for turn in run["turns"]]
    # Seats that say much the same make pairs that a model is asked about.
    assert kinds == ["review"] * seats + ["cluster"] * (seats > 1) + ["synthesis"]
    assert run["usage"]["turns"] == len(kinds)
    assert len(of_type(events, "run.resumed")) == 1


async def test_a_limit_pauses_the_run_and_it_goes_on_by_itself(
    endpoint: ScriptedEndpoint, visitor: Visitor, sample: Path
) -> None:
    """All seats at the limit: one pause with its end, then every seat is answered."""
    for _ in _SEATS:
        endpoint.script(_LIMIT)
    run = await visitor.start(await visitor.upload(sample), persona_ids=_SEATS)

    before = await visitor.follow(run["id"], until=is_pause)
    paused = await visitor.run(run["id"])
    events = before + await visitor.follow(run["id"], after=before[-1].sequence)

    assert (paused["state"], paused["pause"]["reason"]) == ("running", "rate_limited")
    resume_time = datetime.fromisoformat(before[-1].data["resume_time"])
    assert resume_time > datetime.fromisoformat(before[-1].data["time"])
    assert len(of_type(events, "run.paused")) == 1
    failed = of_type(events, "turn.failed")
    assert {event.data["reason"] for event in failed} == {"rate_limited"}
    assert all(event.data["will_retry"] for event in failed)
    resumed = of_type(events, "run.resumed")[0]
    assert datetime.fromisoformat(resumed.data["time"]) >= resume_time
    await _check_whole(visitor, run["id"], events, seats=len(_SEATS))


async def test_a_mended_account_goes_on_once_it_is_proved(
    endpoint: ScriptedEndpoint, visitor: Visitor, sample: Path
) -> None:
    """A refused key pauses; the admin's test shows that it works again."""
    for _ in _SEATS:
        endpoint.script(_REFUSED)
    run = await visitor.start(await visitor.upload(sample), persona_ids=_SEATS)

    before = await visitor.follow(run["id"], until=is_pause)
    proof = await visitor.http.post("/admin/claude/test")
    events = before + await visitor.follow(run["id"], after=before[-1].sequence)

    assert (before[-1].data["reason"], before[-1].data["resume_time"]) == (
        "auth_required",
        None,
    )
    assert proof.json()["working"] is True
    await _check_whole(visitor, run["id"], events, seats=len(_SEATS))


async def test_a_limit_that_is_lifted_early_is_not_waited_for(
    endpoint: ScriptedEndpoint, visitor: Visitor, sample: Path
) -> None:
    """The reset is far away; the admin's test is answered, and the run goes on."""
    for _ in _SEATS:
        endpoint.script(_FAR_LIMIT)
    run = await visitor.start(await visitor.upload(sample), persona_ids=_SEATS)

    before = await visitor.follow(run["id"], until=is_pause)
    proof = await visitor.http.post("/admin/claude/test")
    events = before + await visitor.follow(run["id"], after=before[-1].sequence)

    assert before[-1].data["reason"] == "rate_limited"
    assert proof.json()["working"] is True
    resume_time = datetime.fromisoformat(before[-1].data["resume_time"])
    resumed = of_type(events, "run.resumed")[0]
    assert datetime.fromisoformat(resumed.data["time"]) < resume_time
    await _check_whole(visitor, run["id"], events, seats=len(_SEATS))


async def test_another_account_ends_the_limit_of_the_first(
    endpoint: ScriptedEndpoint,
    account: dict[str, str],
    stack: Stack,
    visitor: Visitor,
    sample: Path,
) -> None:
    """The owner sets another key; nobody waits for the first one's reset."""
    endpoint.script(_FAR_LIMIT)
    run = await visitor.start(await visitor.upload(sample), persona_ids=["ciso"])
    before = await visitor.follow(run["id"], until=is_pause)

    stack.set_account(account | {"ANTHROPIC_API_KEY": "another"})
    await stack.restart(RUNNER)

    events = before + await visitor.follow(run["id"], after=before[-1].sequence)
    resume_time = datetime.fromisoformat(before[-1].data["resume_time"])
    resumed = of_type(events, "run.resumed")[0]
    assert datetime.fromisoformat(resumed.data["time"]) < resume_time
    await _check_whole(visitor, run["id"], events, seats=1)


async def test_an_account_that_comes_back_goes_on(
    endpoint: ScriptedEndpoint,
    account: dict[str, str],
    stack: Stack,
    visitor: Visitor,
    sample: Path,
) -> None:
    """A runner that has no account asks nobody; with its next account the run ends."""
    endpoint.script(_REFUSED)
    run = await visitor.start(await visitor.upload(sample), persona_ids=["ciso"])
    before = await visitor.follow(run["id"], until=is_pause)
    stack.set_account({})
    await stack.restart(RUNNER)
    runner = (await visitor.http.get("/runner")).json()
    paused = await visitor.run(run["id"])

    stack.set_account(account)
    await stack.restart(RUNNER)

    events = before + await visitor.follow(run["id"], after=before[-1].sequence)
    assert (runner["account"], paused["pause"]["reason"]) == ("none", "auth_required")
    # The refused review, the review, the moderator.
    assert len(endpoint.requests) == 3
    await _check_whole(visitor, run["id"], events, seats=1)


async def test_a_gateway_killed_in_the_pause_goes_on_with_it(
    endpoint: ScriptedEndpoint, stack: Stack, visitor: Visitor, sample: Path
) -> None:
    """The restarted gateway waits for the time that was told, and tells it once."""
    for _ in _SEATS:
        endpoint.script(_LIMIT)
    run = await visitor.start(await visitor.upload(sample), persona_ids=_SEATS)
    before = await visitor.follow(run["id"], until=is_pause)

    await stack.restart(GATEWAY)

    events = before + await visitor.follow(run["id"], after=before[-1].sequence)
    assert len(of_type(events, "run.paused")) == 1
    # Each seat twice, the question on what is alike, the moderator.
    assert len(endpoint.requests) == 2 * len(_SEATS) + 2
    assert datetime.now(UTC) >= datetime.fromisoformat(before[-1].data["resume_time"])
    await _check_whole(visitor, run["id"], events, seats=len(_SEATS))


async def test_a_spent_day_stops_new_turns_and_keeps_what_is_there(
    endpoint: ScriptedEndpoint, account: dict[str, str], tmp_path: Path, sample: Path
) -> None:
    """Turns beyond the day's fail as budget_exhausted; the seats that are there count.

    Neither the question on what is alike nor the moderator is asked any more.
    """
    async with (
        Stack(
            tmp_path / "own",
            account=account,
            settings={"ROUNDTABLE_GATEWAY_DAILY_TURNS": "2"},
        ) as stack,
        Visitor(stack.url) as visitor,
    ):
        document_id = await visitor.upload(sample)
        run = await visitor.start(document_id, persona_ids=_SEATS, effort="low")
        await visitor.follow(run["id"])
        again = await visitor.start(document_id, persona_ids=["ciso"])
        await visitor.follow(again["id"])
        first, second = await visitor.run(run["id"]), await visitor.run(again["id"])

    assert (first["state"], first["effort"]) == ("incomplete", "low")
    assert first["decision"]["seats_finished"] == 2
    failed = [turn for turn in first["turns"] if turn["state"] == "failed"]
    assert [turn["kind"] for turn in failed] == ["review", "cluster", "synthesis"]
    assert {turn["reason"] for turn in failed} == {"budget_exhausted"}
    assert (second["state"], second["usage"]["turns"]) == ("failed", 0)
    assert len(endpoint.requests) == 2
