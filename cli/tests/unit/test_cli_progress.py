"""What a review in progress looks like."""

import io
from contextlib import suppress
from typing import Any

import pytest
from rich.console import Console

from roundtable_cli.events import Event
from roundtable_cli.render.progress import LiveProgress, PlainProgress
from roundtable_cli.run import Panelist
from roundtable_cli.table import SeatState, Table

_PANEL = (Panelist("A", "CISO", None), Panelist("B", "CIO", "opus"))


def _event(kind: str, *, turn_id: str | None = "t1", **content: Any) -> Event:
    attempt = content.pop("attempt", 1)
    return Event(
        sequence=1, type=kind, turn_id=turn_id, attempt=attempt, content=content
    )


def _started(*, attempt: int = 1) -> Event:
    return _event("turn.started", attempt=attempt, turn={"panelist_id": "A"})


def _table_after(*events: Event) -> Table:
    table = Table(_PANEL)
    for event in events:
        table.apply(event)
    return table


def test_words_of_a_turn_add_up() -> None:
    """Deltas of one draft are one text, and only that panelist speaks."""
    table = _table_after(
        _started(),
        _event("turn.delta", draft=1, text="I read "),
        _event("turn.delta", draft=1, text="it."),
    )

    assert table.seats["A"].words == "I read it."
    assert table.seats["A"].state is SeatState.SPEAKING
    assert table.seats["B"].state is SeatState.WAITING


def test_higher_draft_replaces_the_words() -> None:
    """A new draft starts from nothing."""
    table = _table_after(
        _started(),
        _event("turn.delta", draft=1, text="First thought"),
        _event("turn.delta", draft=2, text="Second"),
    )

    assert table.seats["A"].words == "Second"


def test_new_attempt_starts_from_nothing() -> None:
    """What a failed attempt said does not stand before the next one's words."""
    table = _table_after(
        _started(),
        _event("turn.delta", draft=3, text="Lost"),
        _event("turn.superseded"),
        _started(attempt=2),
        _event("turn.delta", attempt=2, draft=1, text="Anew"),
    )

    assert table.seats["A"].words == "Anew"


@pytest.mark.parametrize(
    ("content", "state"),
    [
        ({"will_retry": False, "retry_time": None}, SeatState.FAILED),
        ({"will_retry": True, "retry_time": None}, SeatState.WAITING),
        ({"will_retry": True, "retry_time": "2026-11-23T07:00:00Z"}, SeatState.WAITING),
        ({"retry_time": None}, SeatState.FAILED),
        ({"retry_time": "2026-11-23T07:00:00Z"}, SeatState.WAITING),
    ],
)
def test_failed_turn_waits_only_if_it_is_tried_again(
    content: dict[str, Any], state: SeatState
) -> None:
    """A failure that is retried does not look like the end."""
    failure = _event("turn.failed", reason="timeout", **content)

    table = _table_after(_started(), failure)

    assert table.seats["A"].state is state


def test_plain_progress_has_a_line_for_each_thing() -> None:
    """Start, failure, pause, end of a turn and decision, in words."""
    stream = io.StringIO()
    progress = PlainProgress(stream)

    progress.seat(_PANEL)
    for event in (
        _started(),
        _event("turn.delta", draft=1, text="not shown line by line"),
        _event("turn.failed", reason="timeout", retry_time="soon"),
        _event("run.paused", turn_id=None, reason="moon_phase", resume_time=None),
        _event("run.resumed", turn_id=None),
        _started(attempt=2),
        _event("turn.completed", attempt=2),
        _event("decision.set", decision={"outcome": "ship", "reason": "CLEAR"}),
        _event("turn.failed", attempt=2, reason="cancelled", will_retry=False),
    ):
        progress.observe(event)

    assert stream.getvalue().splitlines() == [
        "2 panelists read the document.",
        "CISO starts.",
        "CISO failed: timeout, tried again at soon",
        "The run is paused because moon_phase; it goes on by itself.",
        "The run goes on.",
        "CISO starts again, attempt 2.",
        "CISO is done.",
        "Decision: Ship it (nothing stands in the way)",
    ]


def test_live_progress_shows_each_seat_with_its_last_words() -> None:
    """On a terminal: a line a seat, cut to its width at the front of the words."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=60, color_system=None)
    progress = LiveProgress(console)

    progress.seat(_PANEL)
    progress.observe(_started())
    progress.observe(_event("turn.delta", draft=1, text="so \x1b[2J" + "word " * 30))
    console.print(progress._render())

    lines = stream.getvalue().splitlines()
    assert lines[0].startswith("… CISO  …")
    assert lines[0].endswith("word word")
    assert len(lines[0]) <= 60
    assert lines[1].rstrip() == "· CIO (opus)"
    assert "\x1b" not in lines[0]


def test_terminal_gets_its_cursor_back_when_the_review_fails() -> None:
    """An error on the way does not leave the terminal without a cursor."""
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=True, width=60)

    with suppress(LookupError), LiveProgress(console) as progress:
        progress.say("Uploading …")
        raise LookupError

    hidden, shown = "\x1b[?25l", "\x1b[?25h"
    assert "Uploading …" in stream.getvalue()
    assert stream.getvalue().rfind(shown) > stream.getvalue().rfind(hidden) >= 0
