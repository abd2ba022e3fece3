"""A review by a model of the owner's choice: ROUNDTABLE_LOCAL_MODEL names its file.

conftest.py leaves this module out where none is named.
"""

import asyncio
import os
from pathlib import Path

import pytest

from support.local_runner import run_runner_on
from support.processes import cli_children
from support.runner_harness import start_request

_SECONDS = 600
_CONTEXT = 8_192


@pytest.mark.timeout(_SECONDS + 60)
async def test_given_model_ends_its_turn(tmp_path: Path) -> None:
    """Any model gives a review or is told to be too small, and leaves nothing."""
    model = Path(os.environ["ROUNDTABLE_LOCAL_MODEL"])
    async with (
        asyncio.timeout(_SECONDS),
        run_runner_on(model, tmp_path / "data", context=_CONTEXT) as runner,
    ):
        end = await runner.end_of(start_request())

        reasons = {"invalid_output", "context_too_long"}
        assert end.HasField("result") or end.failure.reason in reasons
        assert cli_children() == []
