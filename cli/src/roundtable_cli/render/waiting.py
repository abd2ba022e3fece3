"""Waiting in words: why a run is paused, when it goes on, and what a person can do."""

from datetime import datetime

from roundtable_cli.events import Event

_WHY = {
    "rate_limited": "the account has reached its limit",
    "auth_required": "there is no account, or it is not accepted",
}
_WHAT_TO_DO = {
    "auth_required": "An admin can mend that: roundtable login, or a valid key or "
    "token for the runner."
}
_MINUTE = 60
_HOUR = 60 * _MINUTE
_SHORT_SECONDS = 90


def pause_in_words(event: Event, now: datetime) -> str:
    """Return the line for a run's pause."""
    reason = str(event.content.get("reason", "unknown"))
    until = event.content.get("resume_time")
    goes_on = "goes on by itself" if until is None else f"goes on {when(until, now)}"
    line = f"The run is paused because {_WHY.get(reason, reason)}; it {goes_on}."
    return f"{line} {_WHAT_TO_DO[reason]}" if reason in _WHAT_TO_DO else line


def when(moment: str, now: datetime) -> str:
    """Return a moment on this machine's clock, and how far off it is."""
    try:
        time = datetime.fromisoformat(moment)
    except ValueError:
        return f"at {moment}"
    local, today = time.astimezone(), now.astimezone()
    clock = f"{local:%H:%M}" if local.date() == today.date() else f"{local:%a %H:%M}"
    return f"at {clock} (in {_span((time - now).total_seconds())})"


def _span(seconds: float) -> str:
    seconds = max(0, round(seconds))
    if seconds < _SHORT_SECONDS:
        return f"{seconds} s"
    if seconds < _SHORT_SECONDS * _MINUTE:
        return f"{round(seconds / _MINUTE)} min"
    hours, rest = divmod(round(seconds / _MINUTE), _MINUTE)
    return f"{hours} h {rest} min" if rest else f"{hours} h"
