"""The runner's account: which, whether it works, and what it reaches."""

from collections.abc import Iterator
from datetime import UTC, datetime

from roundtable_cli.doctor.result import Result, broken, doubtful, fine, not_checked
from roundtable_cli.printable import one_line
from roundtable_cli.render.account_words import (
    account_in_words,
    how_to_log_in,
    mend_of,
)
from roundtable_cli.run import REHEARSAL
from roundtable_cli.runner import NO_ACCOUNT, AccountFailure, AccountTest, Runner

_ACCOUNT = "account"
_ENDPOINT = "endpoint"
# What is no fault of the account.
_ON_THE_WAY = frozenset({"unreachable", "timeout"})
# What passes by itself.
_PASSING = frozenset({"rate_limited", "overloaded"})


def check_account(
    runner: Runner, test: AccountTest | None, *, login: str
) -> Iterator[Result]:
    """Judge the account by what the runner saw of it, and by a test if there was one.

    Args:
        runner: How the runner is.
        test: What came of a tiny turn; None when none was asked for.
        login: The command that logs in.
    """
    if runner.account == NO_ACCOUNT:
        yield _without(runner, login)
        return
    since = runner.since.astimezone()
    yield fine(
        _ACCOUNT, f"{account_in_words(runner.account)}, since {since:%Y-%m-%d %H:%M}"
    )
    if test is not None:
        yield _judge_test(test, runner, login)
    else:
        yield _judge_last_use(runner, login)
    reset_time = runner.limit_reset_time
    if reset_time is not None and reset_time > datetime.now(UTC):
        yield doubtful(
            "limit",
            f"reached; it opens again at {reset_time.astimezone():%Y-%m-%d %H:%M}",
            mend="nothing: runs go on by themselves then",
        )


def _without(runner: Runner, login: str) -> Result:
    if runner.engine == REHEARSAL:
        return doubtful(
            _ACCOUNT,
            "none: the rehearsal answers, which is rules and not AI",
            mend=how_to_log_in(login),
        )
    return broken(
        _ACCOUNT,
        "none any more: runs wait until there is one again",
        mend=how_to_log_in(login),
    )


def _judge_test(test: AccountTest, runner: Runner, login: str) -> Result:
    if test.failure is None:
        model = one_line(test.model or "it")
        return fine(_ENDPOINT, f"{model} answered a tiny turn in {test.seconds:.1f} s")
    return _judge(test.failure, runner, login)


def _judge_last_use(runner: Runner, login: str) -> Result:
    if runner.is_working:
        return fine(_ENDPOINT, "it answered when it was last used")
    if runner.is_working is None and runner.last_error is None:
        return not_checked(
            _ENDPOINT,
            "nobody has used the account yet",
            mend="roundtable doctor --test tries it with one tiny turn",
        )
    failure = runner.last_error or AccountFailure("auth_required", "")
    return _judge(failure, runner, login)


def _judge(failure: AccountFailure, runner: Runner, login: str) -> Result:
    subject = _ENDPOINT if failure.reason in _ON_THE_WAY else _ACCOUNT
    judge = doubtful if failure.reason in _PASSING else broken
    return judge(
        subject,
        one_line(failure.in_words),
        mend=mend_of(failure, account=runner.account, login=login),
    )
