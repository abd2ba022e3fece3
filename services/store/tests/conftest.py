"""What all tests of the store share."""

import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

# Test folders are no packages; their shared harness is found from the root.
sys.path.append(str(Path(__file__).parents[3]))

from services.store.tests.store_harness import (
    StoreHarness,
    run_store,
)


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep this machine's own settings out of every test."""
    for name in list(os.environ):
        if name.startswith("ROUNDTABLE_") or name == "DATABASE_URL":
            monkeypatch.delenv(name)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[StoreHarness]:
    """A store on a free port, with a clock that the test moves."""
    async with run_store(tmp_path) as harness:
        yield harness
