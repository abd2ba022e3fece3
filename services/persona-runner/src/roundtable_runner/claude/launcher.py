"""Started as a script: binds itself to its parent's life, then becomes the program.

    launcher.py PARENT_PID PROGRAM [ARGUMENT ...]

It runs between fork and exec, where Python code of the service must not: the service
has threads. What it sets outlives the exec. It imports nothing of ours.
"""

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38


def _bind_to_parent(parent_pid: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    for option, value in (
        (_PR_SET_NO_NEW_PRIVS, 1),
        (_PR_SET_PDEATHSIG, signal.SIGKILL),
    ):
        if libc.prctl(option, value, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    # The parent may have died before the signal was asked for.
    if os.getppid() != parent_pid:
        sys.exit(1)


def _main(parent_pid: str, program: str, *arguments: str) -> None:
    if sys.platform == "linux":
        _bind_to_parent(int(parent_pid))
    # A core file would hold the document; other users have no business in ours.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    os.execv(program, [program, *arguments])  # noqa: S606 - becoming it is the point


if __name__ == "__main__":
    _main(*sys.argv[1:])
