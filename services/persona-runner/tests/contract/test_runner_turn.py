"""A review turn over a real server, the real CLI and a scripted endpoint."""

import asyncio

import pytest

from support.anthropic_endpoint import ScriptedEndpoint
from support.messages_script import Script
from support.review_answer import paragraphs_of, system_text, user_text
from support.runner_harness import RunnerHarness, start_request


async def test_review_turn_tells_prose_then_findings_then_its_end(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """A turn is prose, findings as they close and one end, out of one request."""
    await runner.start(start_request())

    parts = await runner.all_parts()

    kinds = [part.WhichOneof("piece") for part in parts]
    assert [part.index for part in parts] == list(range(len(parts)))
    assert kinds == ["text"] * kinds.count("text") + ["finding", "finding", "end"]
    result = parts[-1].end.review
    assert "".join(part.text.text for part in parts if part.HasField("text")) == (
        result.text
    )
    assert [part.finding for part in parts if part.HasField("finding")] == list(
        result.findings
    )
    assert result.verdict == "approve_with_changes"
    assert len(endpoint.requests) == 1
    assert endpoint.others == []


async def test_parts_are_told_before_the_answer_is_complete(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """Words and the first finding arrive while the endpoint still holds the rest."""
    release = asyncio.Event()
    # 22 words, then the first finding's 9 pieces of JSON.
    endpoint.script(Script(prose="Two words.", hold_after=18, release=release))
    await runner.start(start_request())

    seen: list[str | None] = []
    async for part in runner.parts():
        seen.append(part.WhichOneof("piece"))
        if seen[-1] == "finding":
            release.set()

    assert seen[0] == "text"
    assert seen[-3:] == ["finding", "finding", "end"]


async def test_usage_is_told_without_a_price_for_an_endpoint(
    runner: RunnerHarness,
) -> None:
    """Tokens are those of the request; an endpoint's price is unknown."""
    end = await runner.end_of(start_request())

    assert end.usage.input_tokens == 1020
    assert end.usage.output_tokens == 321
    assert end.usage.cache_read_tokens == 300
    assert not end.usage.HasField("cost_usd")


async def test_four_seats_run_at_once_with_the_same_system_prompt(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """Four turns are all on the wire before the first of them may end."""
    release = asyncio.Event()
    for _ in range(4):
        endpoint.script(Script(hold_after=2, release=release))
    for seat in "ABCD":
        await runner.start(start_request(f"turn-{seat}", seat=seat))

    await endpoint.wait_for_requests(4)
    release.set()
    ends = [await runner.all_parts(f"turn-{seat}") for seat in "ABCD"]

    assert all(parts[-1].end.HasField("review") for parts in ends)
    assert len({system_text(request.body) for request in endpoint.requests}) == 1
    schemas = [
        request.body["tools"][0]["input_schema"] for request in endpoint.requests
    ]
    assert all(schema == schemas[0] for schema in schemas)


@pytest.mark.parametrize("count", [75, 480])
async def test_large_document_arrives_whole(
    count: int, runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """300 KB, and the 2 MB that are allowed, arrive without a letter lost."""
    paragraphs = tuple(f"Paragraph {number}: " + "é" * 2_000 for number in range(count))

    end = await runner.end_of(start_request(paragraphs=paragraphs))

    assert end.HasField("review")
    assert tuple(paragraphs_of(endpoint.requests[0].body).values()) == paragraphs


async def test_second_start_of_a_message_raises_the_draft(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """An answer that begins anew replaces the words told so far."""
    endpoint.script(Script(prose="Hello.", repeats_message_start=True))
    await runner.start(start_request())

    parts = await runner.all_parts()

    texts = [(part.text.draft, part.text.text) for part in parts if part.text.text]
    assert texts == [(0, "Hello."), (1, "Hello.")]
    assert parts[-1].end.review.text == "Hello."


async def test_answer_of_two_megabytes_passes(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """A line of 2 MB on the CLI's output is read like any other."""
    finding_text = "x" * 3_900
    output = {
        "findings": [
            {
                "kind": "risk",
                "criterion": "clarity",
                "paragraph_ids": ["P1"],
                "quotes": [{"text": finding_text, "paragraph_id": "P1"}] * 15,
                "searched_for": [],
                "impact": finding_text,
                "affected_reader": "r",
                "fix": "f",
                "rewrite": None,
                "fix_kind": "choice",
                "severity": "note",
                "confidence": 1,
                "title": "t",
                "would_change_mind_if": "w",
            }
        ]
        * 30,
        "scores": [],
        "overall": None,
        "verdict": "abstain",
        "verdict_reason": "r",
        "not_assessed": [],
    }
    endpoint.script(Script(output=output, characters_per_delta=50_000))

    end = await runner.end_of(start_request())

    assert len(end.review.findings) == 30


async def test_prompt_reaches_the_endpoint_as_it_was_composed(
    runner: RunnerHarness, endpoint: ScriptedEndpoint
) -> None:
    """The endpoint gets our system prompt, our message and one tool, our schema."""
    await runner.end_of(start_request())

    body = endpoint.requests[0].body
    assert "An empty list is a correct answer" in system_text(body)
    assert user_text(body).startswith("Document under review, between the two lines")
    assert [tool["name"] for tool in body["tools"]] == ["StructuredOutput"]
    assert body["model"] == "claude-sonnet-4-5"
    assert body["thinking"] == {"type": "disabled"}
