"""Lines from children to the terminal."""

import os
import threading

from hypothesis import given
from hypothesis import strategies as st

from roundtable_cli.launcher.lines import MAX_LINE_BYTES, LineSplitter, LineWriter


@given(st.lists(st.binary(max_size=20)))
def test_lines_do_not_depend_on_how_bytes_arrive(chunks: list[bytes]) -> None:
    """Whatever the chunks, the lines are those of the whole."""
    splitter = LineSplitter()

    lines = [line for chunk in chunks for line in splitter.feed(chunk)]
    lines += splitter.end()

    whole = b"".join(chunks).split(b"\n")
    expected = [line.decode(errors="replace").rstrip("\r") for line in whole[:-1]]
    expected += [whole[-1].decode(errors="replace")] if whole[-1] else []
    assert lines == expected


def test_endless_line_comes_in_pieces() -> None:
    """No more than one piece of a line without an end is ever kept."""
    splitter = LineSplitter()

    pieces = splitter.feed(b"x" * (MAX_LINE_BYTES * 3 + 1))

    assert [len(piece) for piece in pieces] == [MAX_LINE_BYTES] * 3
    assert splitter.end() == ["x"]


def test_writer_drops_what_nobody_reads() -> None:
    """A full pipe holds nobody up; the reader is told how much it missed."""
    reader, writing = os.pipe()
    writer = LineWriter(writing)

    for number in range(20_000):
        writer.write(f"{number:05} and some more words to fill the pipe with")

    def finish() -> None:
        writer.close(wait_seconds=20)
        os.close(writing)

    finishing = threading.Thread(target=finish)
    finishing.start()
    with os.fdopen(reader) as lines:
        shown = list(lines)
    finishing.join()
    notes = [line for line in shown if line.endswith("lines were dropped)\n")]
    dropped = sum(int(note[1:].split()[0]) for note in notes)
    assert dropped > 0
    assert dropped + len(shown) - len(notes) == 20_000
