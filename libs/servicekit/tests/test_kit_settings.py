"""Settings and logs, as every service has them."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Self

import pytest
from pydantic import ValidationError, model_validator
from pydantic_settings import SettingsConfigDict

from roundtable_kit.settings import ServiceSettings


def test_everything_works_with_nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Defaults are complete."""
    for name in ("ROUNDTABLE_DATA_DIR", "ROUNDTABLE_LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)

    settings = ServiceSettings()

    assert settings.data_dir == Path(".roundtable")
    assert settings.log_level == "info"
    assert not settings.stop_on_stdin_eof


def test_shared_names_are_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The shared settings carry no service's prefix; an empty value is none."""
    monkeypatch.setenv("ROUNDTABLE_DATA_DIR", "/data")
    monkeypatch.setenv("ROUNDTABLE_LOG_LEVEL", "")

    settings = ServiceSettings()

    assert settings.data_dir == Path("/data")
    assert settings.log_level == "info"


def test_a_wrong_value_names_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which variable to mend."""
    monkeypatch.setenv("ROUNDTABLE_LOG_LEVEL", "loud")

    with pytest.raises(ValidationError, match="ROUNDTABLE_LOG_LEVEL"):
        ServiceSettings()


def test_logs_are_lines_of_json_on_standard_error() -> None:
    """Our own events and libraries' warnings come out in one shape."""
    program = (
        "import logging, structlog\n"
        "from roundtable_kit.logs import configure_logs\n"
        "configure_logs('store')\n"
        "structlog.get_logger().info('thing.done', count=3)\n"
        "logging.getLogger('library').warning('odd %s', 'thing')\n"
        "logging.getLogger('library').info('chatter')\n"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    lines = [json.loads(line) for line in done.stderr.splitlines()]

    assert [(line["event"], line["level"]) for line in lines] == [
        ("thing.done", "info"),
        ("odd thing", "warning"),
    ]
    assert all(line["service"] == "store" for line in lines)
    assert lines[0]["count"] == 3
    assert done.stdout == ""


class _Settings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="ROUNDTABLE_TEST_")

    address: str

    @model_validator(mode="after")
    def _require_certificates(self) -> Self:
        self.require_certificates_off_loopback("address")
        return self


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1:7402",
        "127.8.9.1:7402",
        "localhost:7402",
        "[::1]:7402",
        "dns:///localhost:7402",
        "dns:///[::1]:7402",
        "dns:localhost:7402",
        "ipv4:127.0.0.1:7402",
        "ipv6:[::1]:7402",
    ],
)
def test_loopback_needs_no_certificates(address: str) -> None:
    """On this machine alone the services may speak in the clear."""
    assert _Settings(address=address).address == address


@pytest.mark.parametrize(
    "address",
    [
        "[::]:7402",
        "0.0.0.0:7402",
        "store:7402",
        "dns:///store:7402",
        "dns://127.0.0.1/store:7402",
        "localhost.example:7402",
        "127.0.0.1.example:7402",
        "ipv4:127.0.0.1:7402,192.0.2.7:7402",
        "192.0.2.7:7402",
        "*:7402",
        ":7402",
        "",
    ],
)
def test_every_other_address_needs_certificates(address: str, tmp_path: Path) -> None:
    """The error names the variable and what to do; with certificates all is well."""
    with pytest.raises(ValidationError, match=r"TEST_ADDRESS: .*`roundtable"):
        _Settings(address=address)

    settings = _Settings(address=address, certificates_dir=tmp_path)
    assert settings.address == address
