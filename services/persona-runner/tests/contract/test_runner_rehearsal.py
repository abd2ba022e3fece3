"""The rehearsal engine's life as a child."""

import asyncio
import sys

import pytest

from roundtable_runner import rehearsal
from roundtable_runner.rehearsal import RehearsalChild, RehearsalUnavailable

_STUBBORN = """
import json, sys, time
print(json.dumps({"port": 7}), flush=True)
sys.stdin.read()
time.sleep(600)
"""


def _child(code: str) -> RehearsalChild:
    return RehearsalChild(words_per_second=1, command=(sys.executable, "-c", code))


async def test_address_is_the_same_while_it_runs() -> None:
    """One engine serves all; its key is made up anew with each start."""
    child = RehearsalChild(words_per_second=10)
    try:
        first, second = await asyncio.gather(child.address(), child.address())
        await child.stop()
        third = await child.address()
    finally:
        await child.stop()

    assert first is second
    assert third.key != first.key
    assert first.key not in repr(first)


@pytest.mark.parametrize(
    "code", ["", "print('nonsense')", "print('[]')", "print('{}')", "print('1')"]
)
async def test_engine_that_does_not_start_is_unavailable(code: str) -> None:
    """Whatever it says instead of its port, the error is one and the same."""
    child = _child(code)

    with pytest.raises(RehearsalUnavailable):
        await child.address()

    assert child._process is None


async def test_engine_that_does_not_end_is_killed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The stop is bounded, whatever the child does."""
    monkeypatch.setattr(rehearsal, "_END_SECONDS", 0.2)
    child = _child(_STUBBORN)
    address = await child.address()
    process = child._process

    await child.stop()

    assert address.url == "http://127.0.0.1:7"
    assert process is not None
    assert process.returncode == -9
