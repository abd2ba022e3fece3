"""How the doctor judges certificates, on real ones."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from roundtable_cli.doctor.certificates import (
    check_own_certificate,
    check_service_certificates,
)
from roundtable_cli.doctor.result import Level, Result
from roundtable_kit.certs import ensure_certificates

_NOW = datetime.now(UTC).replace(microsecond=0)
_NAMES = ("authority", "store", "persona-runner", "gateway")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Certificates that were made just now."""
    ensure_certificates(tmp_path, now=_NOW)
    return tmp_path


def _after(folder: Path, days: int) -> list[Result]:
    return list(check_service_certificates(folder, now=_NOW + timedelta(days=days)))


def test_good_ones_take_one_line(folder: Path) -> None:
    """With the days that each has left."""
    (result,) = _after(folder, 100)

    assert result.level is Level.FINE
    assert [part.split()[0] for part in result.words.split("; ")] == list(_NAMES)
    assert "store 265 days left" in result.words


@pytest.mark.parametrize(
    ("days", "level", "words"),
    [(340, Level.DOUBTFUL, "25 days left"), (366, Level.BROKEN, "ended on")],
)
def test_those_of_the_services_are_due_within_the_year(
    folder: Path, days: int, level: Level, words: str
) -> None:
    """Each has a line of its own, and the authority goes on."""
    fine, *due = _after(folder, days)

    assert fine.words.startswith("authority ")
    assert [result.subject for result in due] == [
        f"certificates: {name}" for name in _NAMES[1:]
    ]
    assert {result.level for result in due} == {level}
    assert all(words in result.words for result in due)
    assert all("roundtable certs" in (result.mend or "") for result in due)


def test_those_of_the_future_are_a_question_of_the_clock(folder: Path) -> None:
    """A machine whose clock is behind trusts nobody."""
    results = _after(folder, -30)

    assert {result.level for result in results} == {Level.BROKEN}
    assert all("clock" in (result.mend or "") for result in results)


def test_a_missing_and_a_damaged_one_are_named(folder: Path) -> None:
    """The others are judged all the same."""
    (folder / "store" / "service.crt").unlink()
    (folder / "gateway" / "service.crt").write_text("no certificate")

    fine, missing, damaged = _after(folder, 0)

    assert "persona-runner" in fine.words
    assert "No such file" in missing.words
    assert "no certificate in" in damaged.words
    assert {missing.level, damaged.level} == {Level.BROKEN}


def test_none_before_the_first_start_is_no_fault(tmp_path: Path) -> None:
    """The next start makes them."""
    (result,) = check_service_certificates(tmp_path / "none", now=_NOW)

    assert (result.level, result.mend) == (Level.NOT_CHECKED, None)


def test_the_gateways_own_is_renewed_where_it_came_from(folder: Path) -> None:
    """It is no work of ours."""
    own = folder / "gateway" / "service.crt"

    ended = check_own_certificate(own, now=_NOW + timedelta(days=400))
    good = check_own_certificate(own, now=_NOW)

    assert (ended.level, good.level) == (Level.BROKEN, Level.FINE)
    assert "where it came from" in (ended.mend or "")
