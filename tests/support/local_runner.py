"""A runner whose account is llama.cpp's server."""

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from support.llama_server import run_llama_server
from support.runner_harness import RunnerHarness, run_runner


@contextlib.asynccontextmanager
async def run_runner_on(
    model: Path, data_dir: Path, *, context: int = 32_768
) -> AsyncIterator[RunnerHarness]:
    """Run a runner whose account is llama.cpp's server with this model."""
    async with (
        run_llama_server(model, context=context) as url,
        run_runner(data_dir, anthropic_base_url=url) as runner,
    ):
        yield runner
