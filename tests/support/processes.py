"""What the kernel tells of processes (Linux)."""

import asyncio
import os
from pathlib import Path


def cli_children(parent: int | None = None) -> list[int]:
    """Return the ids of a process's children that run the Claude CLI; ours if none."""
    return children_with("/_bundled/claude", parent)


def children_with(argument: str, parent: int | None = None) -> list[int]:
    """Return the ids of a process's children whose arguments hold a text."""
    children: list[int] = []
    for task in Path(f"/proc/{parent or os.getpid()}/task").iterdir():
        children += [int(pid) for pid in (task / "children").read_text().split()]
    return [pid for pid in children if argument in command_line(pid)]


def processes_with(argument: str) -> list[int]:
    """Return the ids of all processes whose arguments hold a text, orphans too."""
    pids = [
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()
    ]
    return [pid for pid in pids if argument in command_line(pid)]


def command_line(pid: int) -> str:
    """Return a process's arguments; nothing for one that is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def environment(pid: int) -> dict[str, str]:
    """Return a process's environment."""
    entries = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    pairs = (entry.decode().partition("=") for entry in entries if entry)
    return {name: value for name, _, value in pairs}


def status(pid: int) -> dict[str, str]:
    """Return a process's status lines by their names."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    pairs = (line.partition(":") for line in lines)
    return {name: value.strip() for name, _, value in pairs}


def core_limit(pid: int) -> tuple[str, str]:
    """Return how large a core file it may write, softly and hard."""
    lines = Path(f"/proc/{pid}/limits").read_text().splitlines()
    line = next(line for line in lines if line.startswith("Max core file size"))
    soft, hard = line.split()[4:6]
    return soft, hard


def is_alive(pid: int) -> bool:
    """Tell whether a process exists, a zombie included."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def wait_for_exit(pid: int) -> None:
    """Return once a process has ended, whoever its parent is."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, ended.set)
    try:
        await ended.wait()
    finally:
        loop.remove_reader(descriptor)
        os.close(descriptor)
