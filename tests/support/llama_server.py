"""llama.cpp's server, as a process of its own.

It is started as::

    python -m support.llama_server MODEL.gguf CONTEXT

It says its port on standard output and serves until its standard input ends.
"""

import argparse
import asyncio
import contextlib
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path


@contextlib.asynccontextmanager
async def run_llama_server(model: Path, *, context: int) -> AsyncIterator[str]:
    """Serve a model on a free port; yield what ANTHROPIC_BASE_URL takes.

    Args:
        model: A file that llama.cpp reads.
        context: Tokens that one conversation may have, of two at once.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "support.llama_server", str(model), str(context)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=Path(__file__).parents[1],
    )
    if process.stdout is None:
        raise RuntimeError("its output is a pipe")
    try:
        # The library writes to standard output as well.
        async for line in process.stdout:
            if line.startswith(b'{"url"'):
                yield json.loads(line)["url"]
                return
        raise RuntimeError("llama.cpp's server did not start")
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _serve(model: str, context: int) -> None:
    import xllamacpp  # noqa: PLC0415 - the test that starts this has no need of it

    params = xllamacpp.CommonParams()
    params.model.path = model
    params.model_alias = {Path(model).stem}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_parallel = 2
    params.n_ctx = 2 * context
    params.cache_ram_mib = 64
    params.ui = False
    params.warmup = False
    server = xllamacpp.Server(params)
    sys.stdout.write("\n" + json.dumps({"url": server.listening_address}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("context", type=int)
    arguments = parser.parse_args()
    _serve(arguments.model, arguments.context)
