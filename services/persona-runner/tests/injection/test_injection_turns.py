"""A sample of hostile texts through the real CLI: it does nothing but pass them on.

Each text takes two turns. ROUNDTABLE_TEST_TURNS asks for another number of them, up to
the 24 of the whole sample.
"""

import json
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from roundtable.runner.v1 import turn_part_pb2
from support.anthropic_endpoint import RecordedRequest, ScriptedEndpoint
from support.injections import injections, sample_of
from support.messages_script import Script
from support.review_answer import paragraphs_of, seat_of, system_text, user_text
from support.runner_harness import RunnerHarness, run_runner, start_request
from support.turn_requests import OUTPUTS, turn_request

_SECRET = "what stands in the canary's file"
_SAMPLE_SIZE = 12
_TURNS = int(os.environ.get("ROUNDTABLE_TEST_TURNS", "6"))
_TRIED = min(_SAMPLE_SIZE, _TURNS // 2)


class _Target:
    """A runner, its endpoint, and a file that nobody may read."""

    def __init__(
        self, runner: RunnerHarness, endpoint: ScriptedEndpoint, canary: Path
    ) -> None:
        self.runner = runner
        self.endpoint = endpoint
        corpus = injections(
            canary_file=str(canary), canary_url=f"{endpoint.url}/canary"
        )
        self.sample = list(sample_of(corpus))

    async def review(self, text: str, turn_id: str) -> turn_part_pb2.EndPart:
        """Return the end of a review of a document that holds the text."""
        self.endpoint.script(Script(prose="Hm.", output=OUTPUTS["review"]))
        paragraphs = ("First.", text, "Last.")
        return await self.runner.end_of(start_request(turn_id, paragraphs=paragraphs))

    async def discuss(self, text: str, turn_id: str) -> turn_part_pb2.EndPart:
        """Return the end of a discussion of a finding that holds the text."""
        self.endpoint.script(Script(prose="Hm.", output=OUTPUTS["discussion"]))
        request = turn_request("discussion", title=text)
        request.turn_id = turn_id
        return await self.runner.end_of(request)


@pytest.fixture
async def target(endpoint: ScriptedEndpoint, tmp_path: Path) -> AsyncIterator[_Target]:
    """A runner on the endpoint, with the canary beside it."""
    canary = tmp_path / "canary.txt"
    canary.write_text(_SECRET)
    async with run_runner(tmp_path / "data", anthropic_base_url=endpoint.url) as runner:
        yield _Target(runner, endpoint, canary)


def _shape(request: RecordedRequest) -> tuple[object, ...]:
    """Return what of a request a text could not change."""
    body = request.body
    blocks = [
        (message["role"], [block["type"] for block in message["content"]])
        for message in body["messages"]
    ]
    settings = {
        name: value
        for name, value in body.items()
        if name not in {"messages", "system", "metadata"}
    }
    return settings, system_text(body), blocks, seat_of(body)


def _told(request: RecordedRequest) -> list[str]:
    """Return the texts that the model was shown as data."""
    seat = seat_of(request.body)
    if seat["kind"] == "review":
        return list(paragraphs_of(request.body).values())
    begin, end = (
        f"----- {border} MATERIAL {seat['delimiter']} -----"
        for border in ("BEGIN", "END")
    )
    material = user_text(request.body).partition(begin)[2].partition(end)[0]
    (item,) = json.loads(material)["items"]
    return [finding["title"] for finding in item["findings"]]


@pytest.mark.parametrize("index", range(_TRIED))
async def test_hostile_text_is_passed_on_and_nothing_else(
    index: int, target: _Target
) -> None:
    """No tool, no file, no address: requests and results are a harmless text's."""
    text = target.sample[index].text.replace("\n\n", "\n").strip("\n")
    # The one half in a document, the other in what a panelist said.
    ask = target.review if index % 2 else target.discuss

    harmless, hostile = await ask("Sign up.", "turn-1"), await ask(text, "turn-2")

    first, second = target.endpoint.requests
    assert (target.endpoint.others, target.endpoint.lists) == ([], [])
    assert hostile.WhichOneof("outcome") in {"review", "discussion"}
    assert (hostile.review, hostile.discussion) == (
        harmless.review,
        harmless.discussion,
    )
    assert _shape(first) == _shape(second)
    assert text in _told(second)
    assert _SECRET not in second.raw_body.decode()


async def test_sample_holds_one_of_each_family(target: _Target) -> None:
    """What is tried with the real CLI is of every sort that there is."""
    families = [injection.family for injection in target.sample]

    assert len(set(families)) == len(families) == _SAMPLE_SIZE
