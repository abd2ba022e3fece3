"""What the kernel tells of processes (Linux)."""

import os
from pathlib import Path


def cli_children() -> list[int]:
    """Return the ids of this process's children that run the Claude CLI."""
    children: list[int] = []
    for task in Path("/proc/self/task").iterdir():
        children += [int(pid) for pid in (task / "children").read_text().split()]
    return [pid for pid in children if "/_bundled/claude" in command_line(pid)]


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


def is_alive(pid: int) -> bool:
    """Tell whether a process exists, a zombie included."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
