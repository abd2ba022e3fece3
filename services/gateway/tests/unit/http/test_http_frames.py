"""Events as bytes of the stream, held against a golden file."""

import os
from pathlib import Path

import pytest

from roundtable_gateway.http.frames import CLOSING, HEARTBEAT, OPENING, encode
from services.gateway.tests.support.log_samples import SAMPLE_EVENTS

_GOLDEN = Path(__file__).parent / "golden" / "frames.txt"


def test_frames_are_as_committed() -> None:
    """Set UPDATE_GOLDEN=1 to write the file anew; review what has changed."""
    stream = OPENING + HEARTBEAT
    stream += b"".join(encode(event).data for event in SAMPLE_EVENTS) + CLOSING
    if os.environ.get("UPDATE_GOLDEN"):
        _GOLDEN.write_bytes(stream)

    assert stream == _GOLDEN.read_bytes()


@pytest.mark.parametrize("event", SAMPLE_EVENTS, ids=lambda event: event.fact.type)
def test_frame_is_three_lines_and_a_blank_one(event: object) -> None:
    """A line break in the data would end the frame; JSON has none."""
    frame = encode(event)  # type: ignore[arg-type]  # one of the sample's events

    lines = frame.data.decode().split("\n")
    assert [line.partition(": ")[0] for line in lines] == [
        "id",
        "event",
        "data",
        "",
        "",
    ]
    assert lines[0] == f"id: {frame.sequence}"
    assert "\r" not in frame.data.decode()
