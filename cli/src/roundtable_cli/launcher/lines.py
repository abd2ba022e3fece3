"""Lines from children to the terminal, bounded at every point."""

import os
import queue
import threading

MAX_LINE_BYTES = 16 * 1024
_CAPACITY = 1000


class LineSplitter:
    """Cuts a stream of bytes into lines; one that is too long comes in pieces."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, chunk: bytes) -> list[str]:
        """Take the next bytes and return the lines that they complete."""
        *lines, rest = (self._rest + chunk).split(b"\n")
        while len(rest) > MAX_LINE_BYTES:
            lines.append(rest[:MAX_LINE_BYTES])
            rest = rest[MAX_LINE_BYTES:]
        self._rest = rest
        return [line.decode(errors="replace").rstrip("\r") for line in lines]

    def end(self) -> list[str]:
        """Return what stands behind the last line's end."""
        rest, self._rest = self._rest, b""
        return [rest.decode(errors="replace")] if rest else []


class LineWriter:
    """Writes lines to a file descriptor from a thread of its own.

    A terminal that was stopped with Ctrl-S, or a pipe that nobody reads, blocks that
    thread only: lines it cannot take are dropped and counted, nobody waits. It is no
    stream of Python's, as the interpreter's end would wait for that one's lock.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._lines: queue.Queue[str | None] = queue.Queue(_CAPACITY)
        self._dropped = 0
        self._thread = threading.Thread(target=self._write_all, daemon=True)
        self._thread.start()

    def write(self, line: str) -> None:
        """Hand over a line; returns at once."""
        try:
            self._lines.put_nowait(line)
        except queue.Full:
            self._dropped += 1

    def close(self, *, wait_seconds: float = 1.0) -> None:
        """Write what is left, as far as it is taken in the time."""
        try:
            self._lines.put(None, timeout=wait_seconds)
        except queue.Full:
            return
        self._thread.join(wait_seconds)

    def _write_all(self) -> None:
        told = 0
        try:
            while (line := self._lines.get()) is not None:
                told = self._tell_of_dropped(told)
                self._write(line)
            self._tell_of_dropped(told)
        except OSError:
            return  # the terminal or pipe is gone: there is nobody to tell

    def _tell_of_dropped(self, told: int) -> int:
        dropped = self._dropped
        if dropped > told:
            self._write(f"({dropped - told} lines were dropped)")
        return dropped

    def _write(self, line: str) -> None:
        rest = f"{line}\n".encode()
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]
