"""How soon a turn speaks, and what its process costs: ``make bench``.

Each turn goes through the runner's engine and the real CLI to an endpoint on loopback
that answers at once. The floor is the same request sent to it directly, in the same
run. A row that misses its goal is marked, and the exit code says so.
"""

import asyncio
import logging
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import structlog

# The endpoint and the harness are those of the tests.
sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from roundtable_runner.claude.account import endpoint_access
from roundtable_runner.turn.parts import ReviewResult
from support.anthropic_endpoint import ScriptedEndpoint
from support.messages_script import Script
from support.pool_harness import PoolHarness, run_pool
from support.processes import cli_children

_REPEATS = 9
_PANEL = 9
# A turn of some 20 s, as a real model speaks.
_SLOW = Script(prose="word " * 220, tokens_per_second=12.5)

_WARM_GOAL_SECONDS = 0.15
_PANEL_GOAL = 1.15
_MEGABYTE = 1024**2


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, and the most that it may be."""

    what: str
    value: float
    unit: str
    goal: float | None = None

    @property
    def is_missed(self) -> bool:
        """Whether the goal is missed."""
        return self.goal is not None and self.value > self.goal


async def _first_token(harness: PoolHarness) -> float:
    """Run a turn and return the seconds to its first word."""
    words: list[float] = []
    begin = time.perf_counter()
    outcome = await harness.review(emit=lambda _part: words.append(time.perf_counter()))
    if not isinstance(outcome, ReviewResult):
        raise TypeError(f"the turn failed: {outcome}")
    return words[0] - begin


async def _direct(endpoint: ScriptedEndpoint) -> float:
    """Send the last turn's request by hand and return the seconds to its first word."""
    body = endpoint.requests[-1].raw_body
    head = (
        "POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\n"
        f"content-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    begin = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", endpoint.port)
    writer.write(head.encode() + body)
    await reader.readuntil(b"text_delta")
    seconds = time.perf_counter() - begin
    writer.close()
    return seconds


async def _median(measure: Callable[[], Awaitable[float]]) -> float:
    return statistics.median([await measure() for _ in range(_REPEATS)])


def _own_memory(pid: int) -> float:
    """Return a process's megabytes, of shared pages its share."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    line = next(line for line in lines if line.startswith("Pss:"))
    return int(line.split()[1]) * 1024 / _MEGABYTE


async def _first_tokens() -> list[Row]:
    async with ScriptedEndpoint() as endpoint:
        access = endpoint_access(endpoint.url, calls_tools=True)
        async with run_pool(access, size=0) as harness:
            await _first_token(harness)  # the program comes from the disk
            floor = await _median(lambda: _direct(endpoint))
            cold = await _median(lambda: _first_token(harness))
        async with run_pool(access, size=1) as harness:

            async def measure() -> float:
                await harness.parked(1)
                return await _first_token(harness)

            warm = await _median(measure)
    return [
        Row("first token, direct (floor)", floor * 1000, "ms"),
        Row("first token, cold", cold * 1000, "ms"),
        Row(
            "first token, warm",
            warm * 1000,
            "ms",
            goal=(floor + _WARM_GOAL_SECONDS) * 1000,
        ),
    ]


async def _panel() -> list[Row]:
    async with ScriptedEndpoint(default=_SLOW) as endpoint:
        access = endpoint_access(endpoint.url, calls_tools=True)
        async with run_pool(access, size=_PANEL) as harness:
            await harness.parked(_PANEL)
            memory = statistics.mean(_own_memory(pid) for pid in cli_children())
            begin = time.perf_counter()
            await _first_token(harness)
            alone = time.perf_counter() - begin
            await harness.parked(_PANEL)
            begin = time.perf_counter()
            await asyncio.gather(*(_first_token(harness) for _ in range(_PANEL)))
            together = time.perf_counter() - begin
    return [
        Row(f"memory of one of {_PANEL} that wait", memory, "MB"),
        Row("one turn alone", alone, "s"),
        Row(f"{_PANEL} turns at once", together, "s"),
        Row(f"{_PANEL} at once / alone", together / alone, "", goal=_PANEL_GOAL),
    ]


def _print(row: Row) -> None:
    goal = "" if row.goal is None else f"  goal {row.goal:.2f} {row.unit}"
    mark = "  MISSED" if row.is_missed else ""
    sys.stdout.write(f"{row.what:<30}{row.value:>10.2f} {row.unit:<3}{goal}{mark}\n")


def main() -> int:
    """Print the table; 1 when a row misses its goal."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
    )
    load = os.getloadavg()[0]
    sys.stdout.write(f"{os.cpu_count()} cores, load {load:.1f} before\n")
    rows = [*asyncio.run(_first_tokens()), *asyncio.run(_panel())]
    for row in rows:
        _print(row)
    return int(any(row.is_missed for row in rows))


if __name__ == "__main__":
    sys.exit(main())
