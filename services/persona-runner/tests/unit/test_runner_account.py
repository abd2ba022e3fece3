"""Which account a runner has."""

from pathlib import Path

import pytest

from roundtable_runner.claude.account import (
    AccountKind,
    AccountVariables,
    find_access,
    find_rivals,
)


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


@pytest.mark.parametrize(
    ("names", "rivals"),
    [
        ((), ("login",)),
        (("api_key",), ("ANTHROPIC_API_KEY", "login")),
        (
            ("api_key", "auth_token"),
            ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "login"),
        ),
        (("base_url", "api_key", "auth_token"), ("ANTHROPIC_BASE_URL", "login")),
        (
            ("base_url", "oauth_token"),
            ("ANTHROPIC_BASE_URL", "CLAUDE_CODE_OAUTH_TOKEN", "login"),
        ),
    ],
)
def test_credentials_that_lie_idle_are_named(
    names: tuple[str, ...], rivals: tuple[str, ...], tmp_path: Path
) -> None:
    """By their variables and never by their values; an endpoint's own are none."""
    (tmp_path / ".credentials.json").write_text("{}")

    found = find_rivals(AccountVariables(tmp_path, **dict.fromkeys(names, "secret")))

    assert found == rivals
