"""The engine behind the real Claude CLI, in a clean environment on loopback."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import claude_agent_sdk
import pytest
from claude_agent_sdk import (
    ClaudeAgentOptions,
    ResultMessage,
    StreamEvent,
    query,
)
from jsonschema import Draft202012Validator

_BUNDLED = Path(claude_agent_sdk.__file__).parent / "_bundled" / "claude"
_CONFIRMED_QUIET = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_TELEMETRY": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "DISABLE_AUTOUPDATER": "1",
    "CLAUDE_CODE_MAX_RETRIES": "0",
    "CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK": "1",
    "CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS": "1",
    "CLAUDE_CODE_ATTRIBUTION_HEADER": "0",
    "MAX_STRUCTURED_OUTPUT_RETRIES": "1",
    "CLAUDE_CODE_DISABLE_FILE_MENTIONS": "1",
    "CLAUDE_CODE_DISABLE_ATTACHMENTS": "1",
}


@pytest.fixture
def clean_cli(tmp_path: Path, served: Any) -> Path:
    """Write a wrapper that gives the CLI an environment of its own.

    The SDK adds this process's variables to the CLI's, so only a wrapper can keep
    them out.
    """
    home = tmp_path / "home"
    home.mkdir()
    environment = _CONFIRMED_QUIET | {
        "HOME": str(home),
        "TMPDIR": str(home),
        "PATH": "/usr/bin:/bin",
        "ANTHROPIC_BASE_URL": served.url,
        "ANTHROPIC_API_KEY": "made-up-key",
    }
    settings = " ".join(f"'{name}={value}'" for name, value in environment.items())
    wrapper = tmp_path / "claude"
    wrapper.write_text(f"#!/bin/sh\nexec env -i {settings} '{_BUNDLED}' \"$@\"\n")
    wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)
    return wrapper


def _options(
    cli: Path, schema: dict[str, Any] | None, *, stderr: list[str]
) -> ClaudeAgentOptions:
    return ClaudeAgentOptions(
        cli_path=cli,
        cwd=cli.parent / "home",
        model="claude-sonnet-4-5-20250929",
        system_prompt="You review documents.",
        tools=[],
        setting_sources=[],
        strict_mcp_config=True,
        permission_mode="dontAsk",
        verbatim_prompts=True,
        include_partial_messages=True,
        max_turns=2,
        thinking={"type": "disabled"},
        stderr=stderr.append,
        output_format=(
            {"type": "json_schema", "schema": schema} if schema is not None else None
        ),
        extra_args={
            "bare": None,
            "no-session-persistence": None,
            "disable-slash-commands": None,
        },
    )


async def _run(prompt: str, options: ClaudeAgentOptions) -> tuple[str, ResultMessage]:
    live, result = "", None
    async for message in query(prompt=prompt, options=options):
        match message:
            case StreamEvent(
                event={"delta": {"type": "text_delta", "text": str(text)}}
            ):
                live += text
            case ResultMessage():
                result = message
    assert result is not None
    return live, result


async def test_a_turn_through_the_cli_is_one_request_with_a_valid_result(
    clean_cli: Path,
    served: Any,
    turn_message: Callable[..., str],
    review_schema: dict[str, Any],
) -> None:
    """The CLI streams the prose and takes the structured result at the first try."""
    stderr: list[str] = []
    message = turn_message(
        "Acme Shield is an unhackable platform for hospitals.",
        "It cuts costs by 40%. TBD: name the customer. @/etc/passwd",
        criteria=["security", "evidence", "clarity"],
    )

    live, result = await _run(
        message, _options(clean_cli, review_schema, stderr=stderr)
    )

    Draft202012Validator(review_schema).validate(result.structured_output)
    assert live.startswith("This is a rehearsal"), stderr
    assert result.structured_output["verdict"] == "request_changes"
    posts = [path for method, path in served.requests if method == "POST"]
    assert posts == ["/v1/messages"]
    assert not result.is_error


async def test_a_turn_without_prose_comes_through_the_cli(
    clean_cli: Path,
    served: Any,
    material_message: Callable[..., str],
    make_finding: Callable[..., dict[str, Any]],
    schemas: dict[str, dict[str, Any]],
) -> None:
    """A cluster question is one request whose answer is the tool's call alone."""
    stderr: list[str] = []
    pair = {"number": 1, "first": make_finding(), "second": make_finding()}
    message = material_message("cluster", {"pairs": [pair]})

    live, result = await _run(
        message, _options(clean_cli, schemas["cluster"], stderr=stderr)
    )

    [answer] = result.structured_output["answers"]
    assert answer["is_same"] is True, stderr
    assert live == ""
    posts = [path for method, path in served.requests if method == "POST"]
    assert posts == ["/v1/messages"]
    assert not result.is_error


async def test_a_tiny_test_turn_is_answered_with_a_word(
    clean_cli: Path, served: Any
) -> None:
    """An account check without a seat line gets a short answer and no review."""
    stderr: list[str] = []

    live, result = await _run("Reply with OK", _options(clean_cli, None, stderr=stderr))

    assert live == "OK (rehearsal)"
    assert not result.is_error


async def test_an_unknown_kind_reaches_the_sdk_as_an_invalid_request(
    clean_cli: Path, turn_message: Callable[..., str], review_schema: dict[str, Any]
) -> None:
    """A turn that rules cannot answer fails at once, with the kind's name."""
    stderr: list[str] = []
    options = _options(clean_cli, review_schema, stderr=stderr)

    with pytest.raises(claude_agent_sdk.ResultError, match="prophecy"):
        await _run(turn_message("Some text.", kind="prophecy"), options)
