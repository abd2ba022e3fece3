"""How many processes this machine can keep waiting."""

import os
from pathlib import Path

# Measured: a waiting process takes some 90 MB of its own and 0.4 % of a core.
_PROCESS_BYTES = 100 * 1024**2
_PROCESSES_PER_CORE = 12
# For this service and the pages of the program, which all processes share.
_RESERVE_BYTES = 512 * 1024**2

_CGROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)
_MEMORY_INFO = Path("/proc/meminfo")


def find_pool_size(*, slots: int) -> int:
    """Return how many processes to keep waiting on this machine, none at worst."""
    return fit_pool(slots=slots, memory=find_memory(), cores=os.cpu_count() or 1)


def fit_pool(*, slots: int, memory: int | None, cores: int) -> int:
    """Return the most processes that slots, cores and half of the memory allow.

    The other half is for the turns that go on meanwhile.
    """
    most = min(slots, cores * _PROCESSES_PER_CORE)
    if memory is None:
        return most
    return max(0, min(most, (memory - _RESERVE_BYTES) // 2 // _PROCESS_BYTES))


def find_memory() -> int | None:
    """Return the bytes there are: the container's, or what the machine has free."""
    known = [_read_limit(path) for path in _CGROUP_LIMITS] + [_read_available()]
    return min((size for size in known if size is not None), default=None)


def _read_limit(path: Path) -> int | None:
    try:
        text = path.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isdigit() else None


def _read_available() -> int | None:
    try:
        lines = _MEMORY_INFO.read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        name, _, amount = line.partition(":")
        if name == "MemAvailable":
            return int(amount.split()[0]) * 1024
    return None
