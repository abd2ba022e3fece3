"""How many processes may wait."""

import pytest

from roundtable_runner.claude import pool_size
from roundtable_runner.claude.pool_size import find_memory, find_pool_size, fit_pool

_GB = 1024**3


@pytest.mark.parametrize(
    ("slots", "memory", "cores", "size"),
    [
        (9, 12 * _GB, 2, 9),
        (9, 4 * _GB, 1, 9),
        (9, 2 * _GB, 2, 7),
        (9, _GB, 2, 2),
        (9, _GB // 2, 2, 0),
        (9, _GB // 4, 2, 0),
        (4, 12 * _GB, 2, 4),
        (64, 64 * _GB, 1, 12),
        (9, None, 2, 9),
    ],
)
def test_pool_fits_slots_memory_and_cores(
    slots: int, memory: int | None, cores: int, size: int
) -> None:
    """Half of the memory is left to turns, and idle ones cost little of a core."""
    assert fit_pool(slots=slots, memory=memory, cores=cores) == size


def test_memory_of_this_machine_is_found() -> None:
    """Linux tells it one way or another; a container's limit counts if it is lower."""
    memory = find_memory()

    assert memory is not None
    assert 0 < memory < 2**50
    assert 0 <= find_pool_size(slots=9) <= 9


def test_limit_of_a_container_counts(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """What the machine has beyond it is not ours."""
    folder = tmp_path_factory.mktemp("cgroup")
    (folder / "memory.max").write_text("1073741824\n")
    (folder / "unlimited").write_text("max\n")
    (folder / "meminfo").write_text("MemTotal: 9 kB\nMemAvailable: 8388608 kB\n")
    limits = (folder / "memory.max", folder / "unlimited", folder / "missing")
    monkeypatch.setattr(pool_size, "_CGROUP_LIMITS", limits)
    monkeypatch.setattr(pool_size, "_MEMORY_INFO", folder / "meminfo")

    assert find_memory() == _GB
