"""The gateway's settings: usable defaults, and what refuses to start."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from roundtable_gateway.access.identity import AuthMode, Role
from roundtable_gateway.settings import GatewaySettings

_COMMON_NAMES = ("PORT", "CORS_ORIGINS", "ADMIN_USERS")


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin with nothing set."""
    for name in list(os.environ):
        if name.startswith("ROUNDTABLE_") or name in _COMMON_NAMES:
            monkeypatch.delenv(name)


def test_everything_works_with_nothing_set() -> None:
    """Loopback, the fixed port, the repository's own packs."""
    settings = GatewaySettings()

    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.auth is AuthMode.LOCAL
    assert settings.cors_origins == ()
    assert settings.public_url is None
    assert (settings.personas_dir / "panels.yaml").is_file()
    assert settings.runs_at_once * settings.turns_at_once >= 4
    assert settings.lease >= timedelta(seconds=3)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_local_mode_starts_on_loopback(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """Any loopback address will do."""
    monkeypatch.setenv("ROUNDTABLE_GATEWAY_HOST", host)

    assert GatewaySettings().host == host


@pytest.mark.parametrize(
    "host",
    ["0.0.0.0", "::", "192.168.1.5", "gateway", "localhost.example"],  # noqa: S104 - is refused
)
def test_local_mode_refuses_to_start_off_loopback(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """Whoever reaches the port would be the owner; the message names the setting."""
    monkeypatch.setenv("ROUNDTABLE_GATEWAY_HOST", host)

    with pytest.raises(ValidationError, match="ROUNDTABLE_GATEWAY_HOST"):
        GatewaySettings()


def test_protected_port_may_lie_off_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose publishes the port on loopback and says so."""
    monkeypatch.setenv("ROUNDTABLE_GATEWAY_HOST", "0.0.0.0")  # noqa: S104 - a container's
    monkeypatch.setenv("ROUNDTABLE_GATEWAY_LOCAL_PORT_IS_PROTECTED", "yes")

    assert GatewaySettings().local_port_is_protected


def test_names_that_services_share_have_no_prefix(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PORT and CORS_ORIGINS are fixed; empty ones count as not set."""
    monkeypatch.setenv("PORT", "9000")
    monkeypatch.setenv("CORS_ORIGINS", "https://A.example/, http://b.example:1,")
    monkeypatch.setenv("ROUNDTABLE_GATEWAY_PUBLIC_URL", "")

    settings = GatewaySettings()

    assert settings.port == 9000
    assert settings.cors_origins == ("https://a.example", "http://b.example:1")
    assert settings.public_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://a.example/path"),
        ("ROUNDTABLE_GATEWAY_PUBLIC_URL", "round.example"),
        ("ROUNDTABLE_GATEWAY_AUTH", "none"),
        ("ROUNDTABLE_GATEWAY_RUNS_AT_ONCE", "0"),
        ("PORT", "70000"),
    ],
)
def test_bad_setting_refuses_to_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """Better no service than one that does not do what it was told."""
    monkeypatch.setenv(name, value)

    with pytest.raises(ValidationError):
        GatewaySettings()


def test_public_url_is_brought_into_one_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is compared with what browsers send."""
    monkeypatch.setenv("ROUNDTABLE_GATEWAY_PUBLIC_URL", "https://Round.Example/")

    assert GatewaySettings().public_url == "https://round.example"


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("ROUNDTABLE_GATEWAY_TLS_CERT_FILE", "ROUNDTABLE_GATEWAY_TLS_KEY_FILE"),
        ("ROUNDTABLE_GATEWAY_TLS_KEY_FILE", "ROUNDTABLE_GATEWAY_TLS_CERT_FILE"),
    ],
)
def test_certificate_and_key_come_together(
    monkeypatch: pytest.MonkeyPatch, given: str, missing: str
) -> None:
    """One without the other is a slip; the message begins with what is missing."""
    monkeypatch.setenv(given, "service.pem")

    with pytest.raises(ValidationError, match=f"{missing}: "):
        GatewaySettings()


@pytest.mark.parametrize(
    ("url", "expected"),
    [("https://round.example", True), ("http://round.example", False), ("", False)],
)
def test_public_url_tells_whether_people_come_by_https(
    monkeypatch: pytest.MonkeyPatch, url: str, *, expected: bool
) -> None:
    """Whoever speaks HTTPS then: a proxy."""
    monkeypatch.setenv("ROUNDTABLE_GATEWAY_PUBLIC_URL", url)

    assert GatewaySettings().is_https is expected


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])  # noqa: S104 - what is tested
def test_token_mode_listens_anywhere(host: str) -> None:
    """Who comes must prove who they are, so that others may come."""
    settings = GatewaySettings(host=host, auth=AuthMode.TOKEN)

    assert settings.is_cleartext


@pytest.mark.parametrize(
    "changes",
    [
        {"host": "127.0.0.1"},
        {"auth": AuthMode.LOCAL, "local_port_is_protected": True},
        {"public_url": "https://round.example"},
        {"tls_cert_file": Path("c"), "tls_key_file": Path("k")},
    ],
)
def test_no_token_travels_in_clear(changes: dict[str, Any]) -> None:
    """On loopback, in local mode, or where somebody speaks HTTPS."""
    exposed = {"host": "192.0.2.7", "auth": AuthMode.TOKEN}

    assert not GatewaySettings(**{**exposed, **changes}).is_cleartext


def test_admins_are_named_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """ADMIN_USERS is fixed, like PORT; addresses are one whatever their case."""
    monkeypatch.setenv("ADMIN_USERS", " Ann@Example.com,bob@example.com ,")

    access = GatewaySettings(auth=AuthMode.TOKEN).access

    roles = {
        email: access.identity_of(email).role
        for email in ("ann@example.com", "bob@example.com", "eve@example.com")
    }
    assert list(roles.values()) == [Role.ADMIN, Role.ADMIN, Role.MEMBER]


def test_admin_without_an_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name alone would never match anybody."""
    monkeypatch.setenv("ADMIN_USERS", "ann")

    with pytest.raises(ValidationError, match="ADMIN_USERS"):
        GatewaySettings()


def test_window_that_holds_no_prompt_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rules and an answer need room, too; the message names the setting."""
    monkeypatch.setenv("ROUNDTABLE_GATEWAY_MODEL_WINDOW_TOKENS", "32768")
    assert GatewaySettings().model_window_tokens == 32_768

    monkeypatch.setenv("ROUNDTABLE_GATEWAY_MODEL_WINDOW_TOKENS", "4096")

    with pytest.raises(ValidationError, match="model_window_tokens"):
        GatewaySettings()
