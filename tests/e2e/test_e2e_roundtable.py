"""The whole panel process over real services: discussion, author, retry, take-over."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from support.anthropic_endpoint import ScriptedEndpoint
from support.messages_script import Script
from support.review_answer import seat_of
from support.stack import GATEWAY, Stack
from support.visitor import SeenEvent, Visitor, check_history, of_type

# Some twenty turns each, on a machine that may be busy.
pytestmark = pytest.mark.timeout(240)

# The rules of one of them alone find a blocker in the sample, so that they disagree.
_DISAGREEING = ["ciso", "security_director", "cio"]


@pytest.fixture
async def stack(tmp_path: Path) -> AsyncIterator[Stack]:
    """Return a stack without an account."""
    async with Stack(tmp_path) as stack:
        yield stack


@pytest.fixture
async def visitor(stack: Stack) -> AsyncIterator[Visitor]:
    """Return a visitor to it."""
    async with Visitor(stack.url) as visitor:
        yield visitor


async def _start(visitor: Visitor, sample: Path, **options: Any) -> dict[str, Any]:
    asked = {"mode": "roundtable", "persona_ids": _DISAGREEING, **options}
    return await visitor.start(await visitor.upload(sample), **asked)


def _check_whole(run: dict[str, Any]) -> None:
    """Assert what holds of every finished roundtable."""
    found = [finding["id"] for finding in run["findings"]]
    clustered = [each for cluster in run["clusters"] for each in cluster["finding_ids"]]
    assert sorted(clustered) == sorted(found)
    assert [entry["result"] for entry in run["manifest"]] == ["ran"] * 8
    assert 1 <= len(run["agenda"]) <= 6
    items = {item["id"] for item in run["agenda"]}
    stances = [(each["item_id"], each["panelist_id"]) for each in run["stances"]]
    assert len(set(stances)) == len(stances) == len(items) * 3
    cited = [
        each for part in run["synthesis"]["sentences"] for each in part["finding_ids"]
    ]
    assert cited
    assert set(cited) <= set(found)
    control = {f["id"] for f in run["findings"] if f["panelist_id"] is None}
    assert control
    decision = run["decision"]
    assert not control & {*decision["blockers"], *decision["majors"]}
    assert all(turn["attempt"] == 1 for turn in run["turns"])


async def test_every_stage_runs_and_the_decision_comes_out_again(
    stack: Stack, visitor: Visitor, sample: Path
) -> None:
    """Nothing is dropped, the control counts for nothing, recompute agrees."""
    run = await _start(visitor, sample)

    events = await visitor.follow(run["id"], seconds=200)

    check_history(events)
    run = await visitor.run(run["id"])
    _check_whole(run)
    assert of_type(events, "clusters.set")[-1].sequence < (
        of_type(events, "agenda.set")[-1].sequence
    )
    assert run["coverage"][0]["read_by"][:3] == ["A", "B", "C"]
    again = await asyncio.to_thread(_recompute, stack.url, run["id"])
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout) == run["decision"]


def _recompute(url: str, run_id: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own command
        (sys.executable, "-P", "-m", "roundtable_cli", "recompute", run_id),
        env={**os.environ, "ROUNDTABLE_URL": url},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("moment", ["clusters.set", "agenda.set", "decision.set"])
async def test_a_gateway_killed_between_stages_goes_on_there(
    stack: Stack, visitor: Visitor, sample: Path, moment: str
) -> None:
    """No turn is asked twice, no stage set twice, the log has no gap."""
    run = await _start(visitor, sample)
    before = await visitor.follow(
        run["id"], until=lambda event: event.type == moment, seconds=200
    )

    await stack.restart(GATEWAY)

    events = before + await visitor.follow(
        run["id"], after=before[-1].sequence, seconds=200
    )
    check_history(events)
    assert events[-1].type == "run.succeeded"
    for kind in ("clusters.set", "agenda.set", "decision.set", "synthesis.set"):
        assert len(of_type(events, kind)) == 1
    _check_whole(await visitor.run(run["id"]))


async def test_the_author_answers_asks_and_sees_another_decision(
    visitor: Visitor, sample: Path
) -> None:
    """A rejected blocker blocks no more; the panel's own decision stands."""
    run = await _start(visitor, sample)
    events = await visitor.follow(run["id"], seconds=200)
    run = await visitor.run(run["id"])
    blockers = run["decision"]["blockers"]
    assert blockers

    for blocker in blockers:
        path = f"/runs/{run['id']}/findings/{blocker}/disposition"
        answer = {"disposition": "rejected", "reason": "It is a quotation."}
        response = await visitor.http.put(path, json=answer)
        assert response.status_code == 200, response.text
    asked = await visitor.http.post(
        f"/runs/{run['id']}/questions",
        json={"panelist_id": "B", "text": "What would convince you?"},
    )
    more = [event async for event in visitor.events(run["id"], after=len(events))]

    assert asked.status_code == 202
    assert [event.data["finding_id"] for event in of_type(more, "disposition.set")] == (
        blockers
    )
    (answered,) = of_type(more, "turn.completed")
    assert answered.data["turn"]["question"] == "What would convince you?"
    assert "rehearsal" in answered.data["turn"]["text"]
    after = await visitor.run(run["id"])
    assert after["decision"] == run["decision"]
    assert after["current_decision"]["blockers"] == []
    assert after["state"] == "succeeded"


async def test_a_retry_asks_only_what_failed_and_what_follows_from_it(
    tmp_path: Path, sample: Path
) -> None:
    """The seat that answered is not paid for again."""
    async with ScriptedEndpoint() as endpoint:
        endpoint.script(Script(calls_tool=False, stop_reason="refusal"))
        account = {"ANTHROPIC_BASE_URL": endpoint.url, "ANTHROPIC_API_KEY": "made-up"}
        async with Stack(tmp_path, account=account) as stack, Visitor(stack.url) as v:
            run = await v.start(await v.upload(sample), persona_ids=["ciso", "cio"])
            first = await v.follow(run["id"])
            assert first[-1].type == "run.incomplete"

            response = await v.http.post(f"/runs/{run['id']}/retry")
            second = await v.follow(run["id"], after=first[-1].sequence)

            assert response.status_code == 202, response.text
            assert _types(second)[0] == "run.reopened"
            assert second[-1].type == "run.succeeded"
            seats = [seat_of(request.body) for request in endpoint.requests]
            reviews = [seat["seat"] for seat in seats if seat["kind"] == "review"]
            assert sorted(reviews) in (["A", "A", "B"], ["A", "B", "B"])
            run = await v.run(run["id"])
            assert run["decision"]["seats_finished"] == 2


def _types(events: list[SeenEvent]) -> list[str]:
    return [event.type for event in events]
