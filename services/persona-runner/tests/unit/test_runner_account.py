"""Which account a runner has."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from roundtable_runner.claude.account import (
    AccountKind,
    AccountVariables,
    AccountWatch,
    find_access,
)


class _Clock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return 0.0


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("base_url", "api_key", "auth_token", "oauth_token"), AccountKind.ENDPOINT),
        (("api_key", "auth_token", "oauth_token"), AccountKind.API_KEY),
        (("auth_token", "oauth_token"), AccountKind.TOKEN),
        (("oauth_token",), AccountKind.TOKEN),
        ((), AccountKind.SUBSCRIPTION),
    ],
)
def test_accounts_are_looked_for_in_order(
    names: tuple[str, ...], kind: AccountKind, tmp_path: Path
) -> None:
    """Endpoint, key, auth token, OAuth token, login: the first one counts."""
    (tmp_path / ".credentials.json").write_text("{}")
    given = AccountVariables(tmp_path, **dict.fromkeys(names, "x"))

    access = find_access(given)

    assert access is not None
    assert access.kind is kind


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
    ("given", "has_price"),
    [
        ({"api_key": "k"}, True),
        ({"auth_token": "k"}, True),
        ({"oauth_token": "k"}, False),
        ({"base_url": "http://e"}, False),
    ],
)
def test_price_is_told_only_where_it_is_paid(
    given: dict[str, str], *, has_price: bool
) -> None:
    """Neither a subscription nor another endpoint charges the list price."""
    access = find_access(AccountVariables(Path("/nowhere"), **given))

    assert access is not None
    assert access.has_price is has_price
