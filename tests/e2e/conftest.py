"""What all end-to-end tests share."""

from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the repository's root."""
    return _ROOT


@pytest.fixture(scope="session")
def sample(root: Path) -> Path:
    """Return the bundled sample with planted flaws."""
    return root / "samples" / "cloud-backup-launch.md"
