"""The main job on an account: the real CLI against a scripted endpoint."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.anthropic_endpoint import ScriptedEndpoint
from support.messages_script import Script
from support.processes import cli_children
from support.review_answer import seat_of, user_text
from support.stack import GATEWAY, RUNNER, STORE, Stack, wait_until_gone
from support.visitor import SeenEvent, Visitor, check_history, is_pause, of_type

_SLOW = Script(prose="word " * 60, tokens_per_second=25, characters_per_delta=30)


@pytest.fixture
async def endpoint() -> AsyncIterator[ScriptedEndpoint]:
    """Return an endpoint that answers every turn with a valid review."""
    async with ScriptedEndpoint() as endpoint:
        yield endpoint


@pytest.fixture
async def stack(endpoint: ScriptedEndpoint, tmp_path: Path) -> AsyncIterator[Stack]:
    """Return a stack whose account is the endpoint."""
    account = {"ANTHROPIC_BASE_URL": endpoint.url, "ANTHROPIC_API_KEY": "made-up"}
    async with Stack(tmp_path, account=account) as stack:
        yield stack


@pytest.fixture
async def visitor(stack: Stack) -> AsyncIterator[Visitor]:
    """Return a visitor to the stack."""
    async with Visitor(stack.url) as visitor:
        yield visitor


def _count_reviews(endpoint: ScriptedEndpoint) -> int:
    kinds = [seat_of(request.body)["kind"] for request in endpoint.requests]
    return kinds.count("review")


async def test_nine_seats_cost_a_request_a_turn(
    endpoint: ScriptedEndpoint, visitor: Visitor, sample: Path
) -> None:
    """Nine reviews, a question on what is alike, the moderator: all on the endpoint."""
    document_id = await visitor.upload(sample)
    created = await visitor.start(document_id, panel_id="security_buyers")

    events = await visitor.follow(created["id"])

    check_history(events)
    run = await visitor.run(created["id"])
    assert (run["state"], run["engine"]) == ("succeeded", "endpoint")
    assert (len(endpoint.requests), endpoint.others) == (11, [])
    assert run["decision"]["outcome"] == "fix_then_ship"
    assert run["decision"]["reason"] == "LOW_SCORE"
    assert run["usage"]["turns"] == 11
    assert run["usage"]["output_tokens"] == 11 * 321
    assert run["usage"]["cost_usd"] is None


async def test_a_long_document_reaches_the_model_whole(
    endpoint: ScriptedEndpoint, visitor: Visitor
) -> None:
    """Over 128 KB of text, every paragraph arrives, `@` and `/` as plain words."""
    # Few words, and long ones: 2,500 would be swept section by section, too.
    paragraphs = [
        f"Paragraph {number} says @/etc/passwd, /model opus and {'much' * 140}."
        for number in range(280)
    ]
    text = "\n\n".join(paragraphs)
    assert len(text) > 160_000
    run = await visitor.start(await visitor.paste(text), persona_ids=["ciso"])

    await visitor.follow(run["id"])

    sent = user_text(endpoint.requests[0].body)
    for number, paragraph in enumerate(paragraphs, start=1):
        assert f"[P{number}] {paragraph.strip()}" in sent
    assert "root:" not in sent
    assert (await visitor.run(run["id"]))["state"] == "succeeded"


async def test_a_failed_seat_leaves_the_run_incomplete(
    endpoint: ScriptedEndpoint, visitor: Visitor, sample: Path
) -> None:
    """A seat that can't answer is shown as failed, moves no score, and is said."""
    endpoint.script(Script(calls_tool=False, stop_reason="refusal"))
    document_id = await visitor.upload(sample)
    run = await visitor.start(document_id, panel_id="security_buyers")

    events = await visitor.follow(run["id"])

    check_history(events)
    run = await visitor.run(run["id"])
    assert (run["state"], run["reason"]) == ("incomplete", "SEATS_FAILED")
    failed = [turn for turn in run["turns"] if turn["state"] == "failed"]
    assert [turn["reason"] for turn in failed] == ["refused"]
    assert failed[0]["overall"] is failed[0]["verdict"] is None
    assert run["decision"]["seats_finished"] == 8
    assert run["decision"]["score"] == 3
    review = next(e for e in run["manifest"] if e["stage"] == "review")
    assert (review["result"], review["reason"]) == ("failed", "SEATS_FAILED")


async def test_no_finished_seat_is_a_failed_run_without_a_decision(
    endpoint: ScriptedEndpoint, visitor: Visitor
) -> None:
    """An answer that stays invalid fails the turn, once; no score comes of it."""
    endpoint.script(Script(output={"verdict": "splendid"}), marker="A canary sings.")
    document_id = await visitor.paste("A canary sings. It never stops.")
    run = await visitor.start(document_id, persona_ids=["ciso"])

    events = await visitor.follow(run["id"])

    check_history(events)
    assert [e.data["reason"] for e in of_type(events, "turn.failed")] == [
        "invalid_output"
    ]
    run = await visitor.run(run["id"])
    assert (run["state"], run["reason"]) == ("failed", "NO_SEAT_FINISHED")
    assert run["decision"] is None
    assert run["findings"] == []


async def test_an_overloaded_endpoint_is_asked_again(
    endpoint: ScriptedEndpoint, visitor: Visitor, sample: Path
) -> None:
    """The next attempt supersedes the failed one and the run succeeds."""
    endpoint.script(Script(status=529, error_type="overloaded_error"))
    endpoint.script(Script(drop_after=6))
    document_id = await visitor.upload(sample)
    run = await visitor.start(document_id, persona_ids=["ciso"])

    events = await visitor.follow(run["id"])

    check_history(events)
    reasons = [event.data["reason"] for event in of_type(events, "turn.failed")]
    assert reasons == ["overloaded", "unreachable"]
    assert len(of_type(events, "turn.superseded")) == 2
    run = await visitor.run(run["id"])
    assert (run["state"], run["turns"][0]["attempt"]) == ("succeeded", 3)
    assert {finding["id"][-2:] for finding in run["findings"]} == {".3"}


async def test_every_viewer_sees_the_same_events(
    endpoint: ScriptedEndpoint, visitor: Visitor, sample: Path
) -> None:
    """Viewers that join late, or come back after a cut, miss and repeat nothing."""
    endpoint.script(_SLOW)
    run = await visitor.start(await visitor.upload(sample), persona_ids=["ciso"])
    early = asyncio.create_task(visitor.follow(run["id"]))
    first = await visitor.follow(
        run["id"], until=lambda event: event.type == "turn.delta"
    )
    resumed = await visitor.follow(run["id"], after=first[-1].sequence)
    whole = await early
    late = await visitor.follow(run["id"])

    check_history(whole)
    assert first + resumed == whole == late
    last = whole[-1].sequence
    at_end = await visitor.http.get(f"/runs/{run['id']}/events?after={last}")
    assert at_end.status_code == 204


async def test_a_snapshot_and_the_events_behind_it_lose_nothing(
    endpoint: ScriptedEndpoint, visitor: Visitor, sample: Path
) -> None:
    """A page that opens in the middle has every word: so far, then the rest."""
    endpoint.script(_SLOW)
    run = await visitor.start(await visitor.upload(sample), persona_ids=["ciso"])
    seen = 0

    def is_fifth_delta(event: SeenEvent) -> bool:
        nonlocal seen
        seen += event.type == "turn.delta"
        return seen == 5

    await visitor.follow(run["id"], until=is_fifth_delta)
    snapshot = await visitor.run(run["id"])

    rest = await visitor.follow(run["id"], after=snapshot["last_sequence"])

    spoken = snapshot["turns"][0]["text"]
    later = "".join(event.data["text"] for event in of_type(rest, "turn.delta"))
    assert spoken.split()[:3] == ["word"] * 3
    assert (spoken + later).split() == ["word"] * 60


async def test_a_gateway_killed_in_the_middle_costs_no_request(
    endpoint: ScriptedEndpoint, stack: Stack, visitor: Visitor, sample: Path
) -> None:
    """The restarted gateway attaches to the turns that still run."""
    for _ in range(3):
        endpoint.script(_SLOW)
    document_id = await visitor.upload(sample)
    run = await visitor.start(document_id, persona_ids=["ciso", "cio", "plain_reader"])
    before = await visitor.follow(
        run["id"], until=lambda event: event.type == "turn.delta"
    )
    await endpoint.wait_for_requests(3)

    await stack.restart(GATEWAY)

    after = await visitor.follow(run["id"], after=before[-1].sequence)
    check_history(before + after)
    assert after[-1].type == "run.succeeded"
    assert _count_reviews(endpoint) == 3
    assert of_type(before + after, "turn.superseded") == []
    spoken = "".join(
        event.data["text"]
        for event in of_type(before + after, "turn.delta")
        if event.data["turn_id"].endswith("-1-A")
    )
    assert spoken.split() == ["word"] * 60


async def test_a_runner_killed_in_the_middle_is_tried_again(
    endpoint: ScriptedEndpoint, stack: Stack, visitor: Visitor, sample: Path
) -> None:
    """Its turns are lost, fail as such, and run again; the killed CLIs are gone."""
    endpoint.script(_SLOW)
    run = await visitor.start(await visitor.upload(sample), persona_ids=["ciso"])
    before = await visitor.follow(
        run["id"], until=lambda event: event.type == "turn.delta"
    )
    children = cli_children(stack.pid(RUNNER))
    assert children

    await stack.restart(RUNNER)
    await wait_until_gone(children)

    after = await visitor.follow(run["id"], after=before[-1].sequence)
    check_history(before + after)
    assert [event.data["reason"] for event in of_type(after, "turn.failed")] == [
        "runner_lost"
    ]
    assert after[-1].type == "run.succeeded"


async def test_a_store_killed_in_the_middle_loses_nothing(
    endpoint: ScriptedEndpoint, stack: Stack, visitor: Visitor, sample: Path
) -> None:
    """What was seen is in the log after the restart, and the run goes on."""
    endpoint.script(_SLOW)
    run = await visitor.start(await visitor.upload(sample), persona_ids=["ciso"])
    before = await visitor.follow(
        run["id"], until=lambda event: event.type == "turn.delta"
    )

    await stack.kill(STORE)
    health = await visitor.http.get("../../health")
    await stack.start(STORE)

    after = await visitor.follow(run["id"], after=before[-1].sequence)
    assert (health.status_code, health.json()["status"]) == (503, "down")
    check_history(before + after)
    assert after[-1].type == "run.succeeded"
    assert await visitor.follow(run["id"]) == before + after
    assert _count_reviews(endpoint) == 1


async def test_cancelling_ends_every_process_of_the_run(
    endpoint: ScriptedEndpoint, stack: Stack, visitor: Visitor, sample: Path
) -> None:
    """A cancelled run ends at once, turns and CLIs with it; what it used counts."""
    for _ in range(2):
        endpoint.script(Script(stall_after=4))
    run = await visitor.start(await visitor.upload(sample), persona_ids=["ciso", "cio"])
    await endpoint.wait_for_requests(2)
    await visitor.follow(run["id"], until=lambda event: event.type == "turn.delta")
    children = cli_children(stack.pid(RUNNER))

    answer = await visitor.http.post(f"/runs/{run['id']}/cancel")

    events = await visitor.follow(run["id"])
    await wait_until_gone(children)
    again = await visitor.http.post(f"/runs/{run['id']}/cancel")
    assert (answer.status_code, again.status_code) == (202, 409)
    assert events[-1].type == "run.cancelled"
    cancelled = await visitor.run(run["id"])
    assert [turn["state"] for turn in cancelled["turns"]] == ["cancelled", "cancelled"]
    assert cancelled["usage"]["input_tokens"] > 0
    assert cancelled["usage"]["turns"] == 2
    assert cli_children(stack.pid(RUNNER)) == []


async def test_a_lost_account_is_not_replaced_by_the_rehearsal(
    stack: Stack, visitor: Visitor, sample: Path
) -> None:
    """Once an account was there, only a run that asks for the rehearsal gets it."""
    document_id = await visitor.upload(sample)
    first = await visitor.start(document_id, persona_ids=["ciso"])
    await visitor.follow(first["id"])
    stack.set_account({})
    await stack.restart(RUNNER)

    second = await visitor.start(document_id, persona_ids=["ciso"])
    third = await visitor.start(document_id, persona_ids=["ciso"], engine="rehearsal")

    before = await visitor.follow(second["id"], until=is_pause)
    await visitor.follow(third["id"])
    paused = await visitor.run(second["id"])
    answer = await visitor.http.post(f"/runs/{second['id']}/cancel")
    after = await visitor.follow(second["id"], after=before[-1].sequence)
    assert (second["engine"], paused["engine"]) == ("claude", "claude")
    assert paused["pause"] == {"reason": "auth_required", "resume_time": None}
    assert (paused["state"], paused["findings"]) == ("running", [])
    assert of_type(before + after, "turn.delta") == []
    assert (answer.status_code, after[-1].type) == (202, "run.cancelled")
    assert (await visitor.run(third["id"]))["engine"] == "rehearsal"
    assert (await visitor.run(third["id"]))["state"] == "succeeded"


async def test_a_stop_ends_every_process(
    endpoint: ScriptedEndpoint, tmp_path: Path, sample: Path
) -> None:
    """After a graceful stop in the middle of turns, no child is left behind."""
    endpoint.script(Script(stall_after=4))
    account = {"ANTHROPIC_BASE_URL": endpoint.url, "ANTHROPIC_API_KEY": "made-up"}
    async with Stack(
        tmp_path / "own",
        account=account,
        settings={"ROUNDTABLE_RUNNER_STOP_GRACE_SECONDS": "0.2"},
    ) as stack:
        async with Visitor(stack.url) as visitor:
            run = await visitor.start(
                await visitor.upload(sample), persona_ids=["ciso"]
            )
            await visitor.follow(
                run["id"], until=lambda event: event.type == "turn.delta"
            )
        children = cli_children(stack.pid(RUNNER))

    assert children
    await wait_until_gone(children)


async def test_secrets_and_text_stay_out_of_the_logs(
    endpoint: ScriptedEndpoint, stack: Stack, visitor: Visitor
) -> None:
    """Neither key, document, prompt nor answer is in what the services log."""
    endpoint.script(Script(prose="canary-answer speaks. "))
    document = "The canary-document promises something.\n\nIt has two paragraphs."
    run = await visitor.start(
        await visitor.paste(document, title="canary-title"),
        persona_ids=["ciso"],
        brief={"audience": "canary-brief"},
    )

    await visitor.follow(run["id"])

    logs = "".join(stack.log(name) for name in (STORE, RUNNER, GATEWAY))
    assert "turn.finished" in logs
    assert "made-up" not in logs
    assert "canary" not in logs
