"""Pauses in words."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from roundtable_cli.events import Event
from roundtable_cli.render.waiting import pause_in_words, when

_NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Read clocks an hour ahead of UTC."""
    monkeypatch.setenv("TZ", "CET-1")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def _pause(reason: str, resume_time: str | None) -> Event:
    content = {"reason": reason, "resume_time": resume_time}
    return Event(
        sequence=1, type="run.paused", turn_id=None, attempt=0, content=content
    )


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-23T11:00:40Z", "at 12:00 (in 40 s)"),
        ("2026-11-23T11:12:00Z", "at 12:12 (in 12 min)"),
        ("2026-11-23T13:05:00Z", "at 14:05 (in 2 h 5 min)"),
        ("2026-11-24T11:00:00Z", "at Tue 12:00 (in 24 h)"),
        ("2026-11-23T10:59:00Z", "at 11:59 (in 0 s)"),
        ("soon", "at soon"),
    ],
)
def test_moment_is_told_on_this_machines_clock(moment: str, words: str) -> None:
    """With how far off it is, and the day where it is another."""
    assert when(moment, _NOW) == words


def test_limit_says_when_the_run_goes_on() -> None:
    """Nobody has to do anything."""
    assert pause_in_words(_pause("rate_limited", "2026-11-23T13:05:00Z"), _NOW) == (
        "The run is paused because the account has reached its limit; it goes on at "
        "14:05 (in 2 h 5 min)."
    )


def test_lost_account_says_what_to_do() -> None:
    """The command that mends it, and who may use it."""
    line = pause_in_words(_pause("auth_required", None), _NOW)

    assert line == (
        "The run is paused because there is no account, or it is not accepted; it goes "
        "on by itself. An admin can mend that: roundtable login, or a valid key or "
        "token for the runner."
    )


def test_unknown_reason_is_told_as_it_is() -> None:
    """A newer gateway's word is better than none."""
    assert "because moon_phase;" in pause_in_words(_pause("moon_phase", None), _NOW)
