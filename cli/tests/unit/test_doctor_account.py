"""How the doctor judges the account."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from roundtable_cli.doctor.account import check_account
from roundtable_cli.doctor.result import Level, Result
from roundtable_cli.runner import AccountFailure, AccountTest, Runner

_RUNNER = Runner(
    engine="claude",
    account="subscription",
    since=datetime(2026, 5, 1, tzinfo=UTC),
    is_working=True,
    cli_version="2.1.0",
    models=(),
    default_model=None,
    slots=9,
    busy=0,
    warm=0,
    queued=0,
    limit_reset_time=None,
    last_error=None,
)


def _judged(runner: Runner, test: AccountTest | None = None) -> list[Result]:
    return list(check_account(runner, test, login="roundtable login"))


def test_account_that_works_is_fine() -> None:
    """Which it is, since when, and that it answered."""
    account, use = _judged(_RUNNER)

    assert (account.level, use.level) == (Level.FINE, Level.FINE)
    assert "subscription" in account.words


def test_account_that_nobody_has_used_is_neither_good_nor_bad() -> None:
    """A test would tell."""
    _, use = _judged(replace(_RUNNER, is_working=None))

    assert use.level is Level.NOT_CHECKED
    assert "--test" in (use.mend or "")


@pytest.mark.parametrize(
    ("account", "reason", "subject", "level", "mend"),
    [
        ("subscription", "auth_required", "account", Level.BROKEN, "roundtable login"),
        ("api_key", "auth_required", "account", Level.BROKEN, "key or token"),
        ("token", "rate_limited", "account", Level.DOUBTFUL, "by themselves"),
        ("token", "overloaded", "account", Level.DOUBTFUL, "by themselves"),
        ("endpoint", "unreachable", "endpoint", Level.BROKEN, "ANTHROPIC_BASE_URL"),
        ("endpoint", "timeout", "endpoint", Level.BROKEN, "endpoint answers"),
        ("endpoint", "model_not_found", "account", Level.BROKEN, "roundtable runner"),
        ("endpoint", "invalid_output", "account", Level.BROKEN, "too small"),
        ("api_key", "internal", "account", Level.BROKEN, "runner's log"),
    ],
)
def test_each_failure_has_its_mend(
    account: str, reason: str, subject: str, level: Level, mend: str
) -> None:
    """Whether it was the last use that failed or the test."""
    failure = AccountFailure(reason, "It said \x1b[31mno\x1b[0m.")
    runner = replace(_RUNNER, account=account)

    _, used = _judged(replace(runner, is_working=False, last_error=failure))
    _, tested = _judged(runner, AccountTest(failure, 0.5, None))

    assert used == tested
    assert (used.subject, used.level) == (subject, level)
    assert mend in (used.mend or "")
    assert "\x1b" not in used.words


def test_test_that_was_answered_counts_more_than_the_last_use() -> None:
    """It is the newest."""
    failure = AccountFailure("unreachable", "")
    runner = replace(_RUNNER, is_working=False, last_error=failure)

    _, tested = _judged(runner, AccountTest(None, 1.25, "claude-haiku"))

    assert tested.level is Level.FINE
    assert tested.words == "claude-haiku answered a tiny turn in 1.2 s"


@pytest.mark.parametrize(
    ("engine", "level"), [("rehearsal", Level.DOUBTFUL), ("claude", Level.BROKEN)]
)
def test_no_account_is_worse_where_there_was_one(engine: str, level: Level) -> None:
    """The rehearsal answers only where there never was any."""
    (result,) = _judged(replace(_RUNNER, engine=engine, account="none"))

    assert result.level is level
    assert "roundtable login" in (result.mend or "")


@pytest.mark.parametrize(("hours", "is_told"), [(1, True), (-1, False)])
def test_limit_is_told_while_it_lasts(hours: int, *, is_told: bool) -> None:
    """Runs go on by themselves when it opens."""
    reset_time = datetime.now(UTC) + timedelta(hours=hours)

    results = _judged(replace(_RUNNER, limit_reset_time=reset_time))

    assert ("limit" in {result.subject for result in results}) is is_told
