"""How the doctor judges the disk and the database's growth."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from roundtable_cli.doctor.disk import (
    DiskFigures,
    check_disk,
    database_of,
    in_bytes,
    look_at_disk,
)
from roundtable_cli.doctor.result import Level, Result

_NOW = datetime(2026, 5, 20, tzinfo=UTC)
_PLENTY = 100_000_000_000


def _judged(
    *,
    free: int | None = _PLENTY,
    database: int | None = None,
    days: float | None = None,
) -> tuple[Result, Result]:
    made = None if days is None else _NOW - timedelta(days=days)
    disk, size = check_disk(DiskFigures(free, database, made), now=_NOW)
    return disk, size


@pytest.mark.parametrize(
    ("free", "level"),
    [
        (_PLENTY, Level.FINE),
        (1_999_999_999, Level.DOUBTFUL),
        (199_999_999, Level.BROKEN),
        (0, Level.BROKEN),
        (None, Level.NOT_CHECKED),
    ],
)
def test_room_that_runs_out_is_told_with_its_mend(
    free: int | None, level: Level
) -> None:
    """Little is worth a look, next to nothing is broken."""
    disk, _ = _judged(free=free)

    assert disk.level is level
    assert (disk.mend is not None) == (level in {Level.DOUBTFUL, Level.BROKEN})


def test_growth_is_the_size_over_the_days_since_the_making() -> None:
    """Ten days and 30 MB are 3 MB a day."""
    disk, database = _judged(database=30_000_000, days=10)

    assert database.words == "30 MB, 3 MB more a day since it was made"
    assert (disk.level, database.level) == (Level.FINE, Level.FINE)


def test_disk_that_will_soon_be_full_is_told_in_days() -> None:
    """5 GB at 500 MB a day."""
    disk, _ = _judged(free=5_000_000_000, database=5_000_000_000, days=10)

    assert (disk.level, disk.words) == (
        Level.DOUBTFUL,
        "5 GB free, full in 10 days at this pace",
    )


@pytest.mark.parametrize(
    ("days", "words"), [(0.5, "made within the last day"), (None, "not known")]
)
def test_growth_that_cannot_be_told_is_not_made_up(
    days: float | None, words: str
) -> None:
    """A first document is no flood, and some disks keep no time of making."""
    disk, database = _judged(free=3_000_000_000, database=3_000_000_000, days=days)

    assert words in database.words
    assert (disk.level, database.level) == (Level.FINE, Level.FINE)


def test_figures_are_the_disks_own(tmp_path: Path) -> None:
    """The database counts with its log; it was made a moment ago, if that is told."""
    database = tmp_path / "store.db"
    database.write_bytes(b"x" * 5000)
    (tmp_path / "store.db-wal").write_bytes(b"x" * 700)

    figures = look_at_disk(tmp_path, database)

    assert figures.database == 5700
    assert figures.free is not None
    assert figures.free > 0
    assert figures.begin_time is None or (
        abs(datetime.now(UTC) - figures.begin_time) < timedelta(minutes=5)
    )


def test_folder_that_is_not_there_yet_lies_on_the_disk_above(tmp_path: Path) -> None:
    """There is room to be judged before the first start, and no database."""
    figures = look_at_disk(tmp_path / "not" / "there", tmp_path / "store.db")

    assert figures.free is not None
    assert (figures.database, figures.begin_time) == (None, None)


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (None, "/data/store.db"),
        ("", "/data/store.db"),
        ("sqlite:////elsewhere/my.db", "/elsewhere/my.db"),
        ("sqlite+pysqlite:////elsewhere/my.db?mode=rw", "/elsewhere/my.db"),
        ("sqlite://", None),
        ("postgresql://host/name", None),
    ],
)
def test_database_is_where_the_store_keeps_it(
    url: str | None, path: str | None
) -> None:
    """In the data folder, or in the file that DATABASE_URL names."""
    found = database_of(url, Path("/data"))

    assert found == (None if path is None else Path(path))


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 B"), (999, "999 B"), (12_345, "12.3 kB"), (51_300_000_000, "51.3 GB")],
)
def test_sizes_are_in_their_unit(count: int, words: str) -> None:
    """Three figures are enough for a person."""
    assert in_bytes(count) == words
