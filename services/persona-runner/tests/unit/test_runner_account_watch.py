"""What the uses of an account show, and of which credential."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from roundtable_runner.claude.account import AccountKind, AccountVariables, find_access
from roundtable_runner.claude.account_watch import AccountWatch
from roundtable_runner.claude.fingerprint import Fingerprint, take_fingerprint
from roundtable_runner.turn.parts import FailureReason, TurnFailure

_REFUSED = TurnFailure(FailureReason.AUTH_REQUIRED, "No.")
_LIMITED = TurnFailure(
    FailureReason.RATE_LIMITED, "Later.", retry_delay=timedelta(hours=1)
)


class _Clock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture
def clock() -> _Clock:
    """Time that stands still."""
    return _Clock()


@pytest.fixture
def credentials(tmp_path: Path) -> Path:
    """A login on disk."""
    path = tmp_path / ".credentials.json"
    _write(path, "token")
    return path


@pytest.fixture
def watch(clock: _Clock, credentials: Path) -> AccountWatch:
    """A watch over that login."""
    return AccountWatch(AccountVariables(credentials.parent), clock)


def _used(credentials: Path) -> Fingerprint:
    access = find_access(AccountVariables(credentials.parent))
    assert access is not None
    return take_fingerprint(access)


def _write(credentials: Path, token: str) -> None:
    login = {"claudeAiOauth": {"accessToken": token}}
    credentials.write_text(json.dumps(login))


def test_login_is_seen_when_it_comes_and_when_it_goes(tmp_path: Path) -> None:
    """An account is what there is now, since the moment that was first seen."""
    clock = _Clock()
    credentials = tmp_path / ".credentials.json"
    watch = AccountWatch(AccountVariables(tmp_path), clock)
    begin = clock.moment
    before = watch.look()

    credentials.write_text("{}")
    clock.moment += timedelta(hours=1)
    after = watch.look()
    clock.moment += timedelta(hours=1)
    later = watch.look()
    credentials.unlink()
    gone = watch.look()

    assert (before.kind, before.since, before.access) == (AccountKind.NONE, begin, None)
    assert (after.kind, after.since) == (
        AccountKind.SUBSCRIPTION,
        begin + timedelta(hours=1),
    )
    assert later.since == after.since
    assert (gone.kind, gone.since) == (AccountKind.NONE, clock.moment)


@pytest.mark.parametrize(
    ("failure", "is_working"),
    [
        (None, True),
        (TurnFailure(FailureReason.INVALID_OUTPUT, "Prose."), True),
        (TurnFailure(FailureReason.REFUSED, "I won't."), True),
        (TurnFailure(FailureReason.OUTPUT_TOO_LONG, "So long."), True),
        (_REFUSED, False),
        (_LIMITED, None),
        (TurnFailure(FailureReason.UNREACHABLE, "Away."), None),
        (TurnFailure(FailureReason.TIMEOUT, "Silence."), None),
    ],
)
def test_an_answer_of_any_kind_shows_that_the_account_works(
    failure: TurnFailure | None,
    *,
    is_working: bool | None,
    watch: AccountWatch,
    credentials: Path,
) -> None:
    """A refusal shows that it does not; trouble on the way shows neither."""
    watch.note(_used(credentials), failure)

    state = watch.look()
    assert state.is_working is is_working
    assert (state.last_error is None) is (is_working is True)


def test_an_earlier_credentials_failure_does_not_mark_a_new_one(
    watch: AccountWatch, credentials: Path
) -> None:
    """A turn that began before the login fails after it."""
    earlier = _used(credentials)
    _write(credentials, "another token")

    watch.note(earlier, _REFUSED)

    assert watch.look().is_working is None


def test_a_login_that_was_renewed_in_a_turn_works(
    watch: AccountWatch, credentials: Path
) -> None:
    """The CLI writes new tokens while the turn goes on."""
    earlier = _used(credentials)
    _write(credentials, "another token")

    watch.note(earlier, None)

    assert watch.look().is_working is True


def test_a_login_that_can_not_be_renewed_is_refused(
    watch: AccountWatch, credentials: Path
) -> None:
    """The CLI empties it in the very turn that fails; nobody has to try it again."""
    earlier = _used(credentials)
    _write(credentials, "")

    watch.note(earlier, _REFUSED)

    state = watch.look()
    assert state.is_working is False
    assert state.last_error is not None
    assert "log in again" in state.last_error.detail


def test_a_login_that_is_refused_renewed_as_well_does_not_work(
    watch: AccountWatch, credentials: Path
) -> None:
    """Each turn that fails leaves another file, and still it is no new login."""
    known = []
    for number in range(3):
        used = _used(credentials)
        _write(credentials, "renewed" * (number + 2))
        watch.note(used, _REFUSED)
        watch.note(used, _REFUSED)
        known.append(watch.look().is_working)

    assert known == [None, False, False]


def test_what_is_known_goes_with_the_credential(
    watch: AccountWatch, credentials: Path
) -> None:
    """Another file, or none, begins anew."""
    watch.note(_used(credentials), _REFUSED)
    watch.note(_used(credentials), _LIMITED)
    before = watch.look()

    _write(credentials, "another token")
    after = watch.look()

    assert (before.is_working, before.limit_reset_time is None) == (False, False)
    assert (after.is_working, after.last_error, after.limit_reset_time) == (None,) * 3


def test_another_login_is_an_account_since_now(
    watch: AccountWatch, credentials: Path, clock: _Clock
) -> None:
    """Who waits for the account sees that it is another, though of the same kind."""
    watch.look()

    clock.moment += timedelta(hours=1)
    _write(credentials, "another token")

    assert watch.look().since == clock.moment


def test_a_login_that_was_renewed_in_a_turn_is_the_same_since_then(
    watch: AccountWatch, credentials: Path, clock: _Clock
) -> None:
    """The CLI renews a login every few hours; its owner did nothing."""
    begin = watch.look().since
    used = _used(credentials)

    clock.moment += timedelta(hours=8)
    _write(credentials, "renewed token")
    during = watch.look().since
    watch.note(used, None)

    assert (during, watch.look().since) == (clock.moment, begin)


def test_an_answer_with_the_login_of_now_moves_no_time(
    watch: AccountWatch, credentials: Path, clock: _Clock
) -> None:
    """A login that replaced another is the newer one, also once it has answered."""
    watch.look()
    clock.moment += timedelta(hours=1)
    _write(credentials, "another token")

    watch.note(_used(credentials), None)

    assert watch.look().since == clock.moment


def test_a_file_that_only_looks_the_same_can_be_forgotten(
    watch: AccountWatch, credentials: Path, clock: _Clock
) -> None:
    """After a login all is unknown and new, whatever the disk's clock says."""
    watch.note(_used(credentials), _REFUSED)
    clock.moment += timedelta(hours=1)

    watch.forget()

    state = watch.look()
    assert (state.is_working, state.since) == (None, clock.moment)


def test_a_limit_is_over_when_its_time_has_come(
    watch: AccountWatch, credentials: Path, clock: _Clock
) -> None:
    """Nobody has to try first."""
    watch.note(_used(credentials), _LIMITED)
    during = watch.look()
    clock.moment += timedelta(hours=1)

    assert during.limit_reset_time == clock.moment
    assert watch.look().limit_reset_time is None


def test_a_limit_stays_known_through_other_trouble(
    watch: AccountWatch, credentials: Path, clock: _Clock
) -> None:
    """Only an answer opens it early."""
    watch.note(_used(credentials), _LIMITED)
    watch.note(_used(credentials), TurnFailure(FailureReason.UNREACHABLE, "Away."))
    troubled = watch.look()
    watch.note(_used(credentials), None)

    assert troubled.limit_reset_time == clock.moment + timedelta(hours=1)
    assert watch.look().limit_reset_time is None


def test_a_login_written_anew_is_another_one(credentials: Path) -> None:
    """Also when its length is the same."""
    before = _used(credentials)
    os.utime(credentials, ns=(1, 1))

    assert _used(credentials) != before
