"""What the reading child takes from itself before it looks at a document.

Python, so that it needs no ``preexec_fn``: forking a threaded server to run Python
before exec is how children get lost.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
import sys

from roundtable_gateway.documents.limits import Limits

_OPEN_FILES = 64
_NICENESS = 10  # the service answers others meanwhile
_ALARM_MARGIN = 1.0  # seconds, so that the gateway's own clock strikes first

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

# seccomp_data: the number at offset 0, the architecture at 4.
_LOAD_NUMBER = (0x20, 0, 0, 0)
_LOAD_ARCHITECTURE = (0x20, 0, 0, 4)
_JUMP_IF_EQUAL = 0x15
_JUMP_IF_AT_LEAST = 0x35
_RETURN = 0x06
_ALLOW = 0x7FFF0000
_REFUSE = 0x00050000 | 1  # errno EPERM
_X32_CALLS = 0x40000000  # a second numbering of the same calls on x86_64

# socket, execve, execveat, ptrace, process_vm_readv and _writev, io_uring_setup
_CALLS = {
    "x86_64": (0xC000003E, (41, 59, 322, 101, 310, 311, 425)),
    "aarch64": (0xC00000B7, (198, 221, 281, 117, 270, 271, 425)),
}


def confine(limits: Limits) -> bool:
    """Give up resources for good; tell whether network and exec are cut off too.

    They are on Linux on x86_64 and aarch64, by a seccomp filter: that needs no
    privilege and works in a container, where new namespaces are refused by default.
    """
    cpu = limits.cpu_seconds
    _limit(resource.RLIMIT_CPU, cpu, hard=cpu + 1)
    _limit(resource.RLIMIT_FSIZE, 0)
    _limit(resource.RLIMIT_NOFILE, _OPEN_FILES)
    _limit(resource.RLIMIT_NPROC, 0)
    _limit(resource.RLIMIT_CORE, 0)
    if sys.platform == "linux":  # macOS knows the limit but refuses to set it
        _limit(resource.RLIMIT_AS, limits.memory_bytes)
    # A gateway that is killed can't end its children; the kernel does.
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds + _ALARM_MARGIN)
    os.nice(_NICENESS)
    return _refuse_calls()


def _limit(kind: int, soft: int, *, hard: int | None = None) -> None:
    ceiling = resource.getrlimit(kind)[1]
    wanted = [soft, soft if hard is None else hard]
    if ceiling != resource.RLIM_INFINITY:
        wanted = [min(value, ceiling) for value in wanted]
    resource.setrlimit(kind, (wanted[0], wanted[1]))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _refuse_calls() -> bool:
    if sys.platform != "linux" or platform.machine() not in _CALLS:
        return False
    code = _filter(*_CALLS[platform.machine()])
    program = _Program(len(code) // 8, code)
    prctl = ctypes.CDLL(None).prctl
    prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
    if prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    address = ctypes.addressof(program)
    return bool(prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, address, 0, 0) == 0)


def _filter(architecture: int, refused: tuple[int, ...]) -> bytes:
    """Assemble: refuse a foreign architecture and the listed calls, allow the rest."""
    count = len(refused)
    program = [
        _LOAD_ARCHITECTURE,
        (_JUMP_IF_EQUAL, 0, count + 3, architecture),
        _LOAD_NUMBER,
        (_JUMP_IF_AT_LEAST, count + 1, 0, _X32_CALLS),
        *(
            (_JUMP_IF_EQUAL, count - index, 0, number)
            for index, number in enumerate(refused)
        ),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in program)
