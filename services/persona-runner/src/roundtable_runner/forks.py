"""Guards the start of processes beside a gRPC server.

gRPC's handlers around fork, and loops other than asyncio's own, were seen to lose
children between fork and exec: the process is gone and its output ends empty.
"""

import asyncio

from grpc._cython import cygrpc  # type: ignore[attr-defined]  # compiled, has no stub


class UnsafeForks(Exception):  # noqa: N818 - reads as what happened
    """Children could be lost here; the message says why."""


def require_safe_forks() -> None:
    """Return where starting processes is safe. Raises UnsafeForks elsewhere."""
    if cygrpc.is_fork_support_enabled():
        raise UnsafeForks("gRPC's fork support is on: set GRPC_ENABLE_FORK_SUPPORT=0")
    loop = type(asyncio.get_running_loop())
    if loop.__module__.partition(".")[0] != "asyncio":
        raise UnsafeForks(f"the event loop is {loop.__module__}'s, not asyncio's own")
