"""Reviews by the real CLI on llama.cpp's own server, whose models call no tools.

The models are written by the tests, so that it is known what they will say.
"""

import json
from pathlib import Path

from roundtable.runner.v1 import runner_service_pb2
from support.chain_model import write_loop, write_rambler, write_speech
from support.local_runner import run_runner_on
from support.processes import cli_children
from support.runner_harness import start_request

_PROSE = (
    "I would not sign ",
    "this today. ",
    "The saving ",
    "of 40 percent ",
    "wants proof.",
)
_REVIEW = {
    "findings": [
        {
            "kind": "risk",
            "criterion": "evidence",
            "paragraph_ids": ["P1"],
            "quotes": [{"text": "saves every team 40 percent", "paragraph_id": "P1"}],
            "searched_for": [],
            "impact": "A buyer asks where the figure comes from.",
            "affected_reader": "A buyer.",
            "fix": "Name the study.",
            "rewrite": None,
            "fix_kind": "meaning",
            "severity": "major",
            "confidence": 80,
            "title": "A figure without a source",
            "would_change_mind_if": "A study were named.",
        }
    ],
    "scores": [],
    "overall": 2,
    "verdict": "request_changes",
    "verdict_reason": "Not before the figure is proved.",
    "not_assessed": [],
}
_WORDS = tuple(f"word{number} " for number in range(50))


def _fenced(review: object) -> tuple[str, ...]:
    text = f"\n\n```json\n{json.dumps(review, indent=1)}\n```"
    return (*_PROSE, *(text[begin : begin + 40] for begin in range(0, len(text), 40)))


async def test_model_that_knows_the_answer_gives_a_review(tmp_path: Path) -> None:
    """Prose is shown without fence or JSON, the finding is told, the account works."""
    model = tmp_path / "speech.gguf"
    write_speech(model, _fenced(_REVIEW))
    async with run_runner_on(model, tmp_path / "data") as runner:
        await runner.start(start_request())

        parts = await runner.all_parts()
        described = await runner.runner.GetRunner(runner_service_pb2.GetRunnerRequest())

    shown = "".join(part.text.text for part in parts)
    assert shown == "".join(_PROSE)
    result = parts[-1].end.review
    assert [finding.title for finding in result.findings] == [
        "A figure without a source"
    ]
    assert result.verdict == "request_changes"
    assert parts[-1].end.usage.output_tokens > 0
    assert described.account == runner_service_pb2.ACCOUNT_ENDPOINT
    assert described.is_working


async def test_two_seats_at_once_are_both_answered(tmp_path: Path) -> None:
    """They share what was found out of the model, and the server's two places."""
    model = tmp_path / "speech.gguf"
    write_speech(model, _fenced(_REVIEW))
    async with run_runner_on(model, tmp_path / "data") as runner:
        for seat in "AB":
            await runner.start(start_request(f"turn-{seat}", seat=seat))

        ends = [(await runner.all_parts(f"turn-{seat}"))[-1].end for seat in "AB"]

    assert all(end.HasField("review") for end in ends)


async def test_model_that_rambles_is_stopped(tmp_path: Path) -> None:
    """It would go on to the end of its context; it is told that it is too small."""
    model = tmp_path / "rambler.gguf"
    write_rambler(model, _WORDS)
    async with run_runner_on(model, tmp_path / "data") as runner:
        end = await runner.end_of(start_request())

        assert end.failure.reason == "invalid_output"
        assert "wrote on and on" in end.failure.detail
        assert cli_children() == []


async def test_model_that_repeats_itself_is_stopped(tmp_path: Path) -> None:
    """Long before the longest answer that would be taken."""
    model = tmp_path / "loop.gguf"
    write_loop(model, _PROSE)
    async with run_runner_on(model, tmp_path / "data") as runner:
        end = await runner.end_of(start_request())

        assert end.failure.reason == "invalid_output"
        assert "repeat itself" in end.failure.detail
        assert cli_children() == []


async def test_model_that_can_t_mend_its_block_ends_in_plain_words(
    tmp_path: Path,
) -> None:
    """Asked once more it says the same, and that is the end of it."""
    model = tmp_path / "stubborn.gguf"
    write_speech(model, _fenced({**_REVIEW, "verdict": "splendid"}))
    async with run_runner_on(model, tmp_path / "data") as runner:
        end = await runner.end_of(start_request())

        assert end.failure.reason == "invalid_output"
        assert "a larger model may manage" in end.failure.detail
        assert cli_children() == []


async def test_document_beyond_the_server_s_context_is_too_long(
    tmp_path: Path,
) -> None:
    """The server's refusal is told as what it is."""
    model = tmp_path / "speech.gguf"
    write_speech(model, _fenced(_REVIEW))
    async with run_runner_on(model, tmp_path / "data", context=2_048) as runner:
        end = await runner.end_of(start_request())

    assert end.failure.reason == "context_too_long"
