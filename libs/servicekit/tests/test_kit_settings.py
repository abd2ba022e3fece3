"""Settings and logs, as every service has them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

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
