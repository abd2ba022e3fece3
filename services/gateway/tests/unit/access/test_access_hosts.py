"""Which names are this machine's, and what is an origin."""

import pytest

from roundtable_gateway.access.hosts import (
    is_loopback_host,
    normalize_origin,
    own_origin,
)


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("127.0.0.1", True),
        ("127.0.0.1:8000", True),
        ("localhost", True),
        ("LocalHost:1", True),
        (" localhost ", True),
        ("[::1]", True),
        ("[::1]:8000", True),
        ("localhost:", True),
        ("", False),
        ("::1", False),
        ("[::1", False),
        ("[::1].evil.example", False),
        ("[::1]evil", False),
        ("[::2]", False),
        ("localhost.", False),
        ("localhost.evil.example", False),
        ("evil.localhost", False),
        ("127.0.0.1.evil.example", False),
        ("127.0.0.2", False),
        ("127.1", False),
        ("2130706433", False),
        ("localhost:80@evil.example", False),
        ("localhost:80:80", False),
        ("localhost\u0131", False),
        ("localhost:\u0661", False),
        ("localhost\nevil", False),
    ],
)
def test_only_loopback_names_are_ours(host: str, is_loopback: bool) -> None:  # noqa: FBT001 - a row of the table
    """Three names, any port, nothing around them."""
    assert is_loopback_host(host) is is_loopback


@pytest.mark.parametrize(
    ("origin", "normal"),
    [
        ("https://Page.Example", "https://page.example"),
        ("https://page.example/", "https://page.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        (" http://[::1]:3000 ", "http://[::1]:3000"),
    ],
)
def test_origin_is_brought_into_one_form(origin: str, normal: str) -> None:
    """Case and a trailing slash make no other origin."""
    assert normalize_origin(origin) == normal


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "*",
        "null",
        "page.example",
        "ftp://page.example",
        "https://",
        "https://page.example/path",
        "https://page.example?query",
        "https://page.example#part",
        "https://user@page.example",
        "https://[",
    ],
)
def test_what_is_no_origin_is_refused(origin: str) -> None:
    """A path or a wildcard in a setting would never match: better to say so."""
    with pytest.raises(ValueError, match=r".+"):
        normalize_origin(origin)


def test_own_origin_is_where_the_request_went_to() -> None:
    """Scheme and Host, as a browser writes them."""
    assert own_origin("http", " LOCALHOST:8000") == "http://localhost:8000"
