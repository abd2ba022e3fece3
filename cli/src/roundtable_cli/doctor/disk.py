"""The disk that the data lies on, and how fast the database fills it."""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from roundtable_cli.doctor.result import Result, broken, doubtful, fine, not_checked

_LEAST_FREE = 200_000_000
_LITTLE_FREE = 2_000_000_000
_SOON = timedelta(days=30)
# Before that a few documents look like a flood.
_LONG_ENOUGH = timedelta(days=1)
_UNIT = 1000
_MAKE_ROOM = (
    "delete documents that are no longer needed, or give the data a larger disk"
)


@dataclass(frozen=True, slots=True)
class DiskFigures:
    """What there is to know.

    Attributes:
        free: Bytes that are free on the data's disk; None where there is no telling.
        database: Bytes of the database and its log; None where there is none here.
        begin_time: When the database was made; None where the disk does not keep that.
    """

    free: int | None
    database: int | None
    begin_time: datetime | None


def look_at_disk(folder: Path, database: Path | None) -> DiskFigures:
    """Return the figures of the data folder and of the database in it or elsewhere."""
    usage = shutil.disk_usage(next(each for each in _upwards(folder) if each.exists()))
    if database is None or not database.is_file():
        return DiskFigures(usage.free if usage.total else None, None, None)
    log = database.with_name(f"{database.name}-wal")
    size = sum(each.stat().st_size for each in (database, log) if each.is_file())
    return DiskFigures(usage.free if usage.total else None, size, _made(database))


def database_of(database_url: str | None, data_dir: Path) -> Path | None:
    """Return the database's file; None for one that is no file by a plain path."""
    if not database_url:
        return data_dir / "store.db"
    scheme, separator, path = database_url.partition(":///")
    if not scheme.startswith("sqlite") or not separator:
        return None
    return Path(path.partition("?")[0])


def check_disk(figures: DiskFigures, *, now: datetime) -> Iterator[Result]:
    """Judge the room that is left and the database that takes it."""
    growth = _growth_a_day(figures, now=now)
    yield _judge_room(figures.free, growth)
    yield _describe_database(figures, growth)


def in_bytes(count: float) -> str:
    """Return a size in the largest unit that leaves a figure in front of the point."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < _UNIT:
            return f"{count:.3g} {unit}"
        count /= _UNIT
    return f"{count:,.1f} TB"


def _judge_room(free: int | None, growth: float | None) -> Result:
    subject = "disk"
    if free is None:
        return not_checked(subject, "it does not tell how much is free")
    words = f"{in_bytes(free)} free"
    if free < _LEAST_FREE:
        return broken(subject, f"{words}: nothing can be written soon", mend=_MAKE_ROOM)
    if free < _LITTLE_FREE:
        return doubtful(subject, words, mend=_MAKE_ROOM)
    if growth and free / growth < _SOON.days:
        days = int(free / growth)
        return doubtful(
            subject, f"{words}, full in {days} days at this pace", mend=_MAKE_ROOM
        )
    return fine(subject, words)


def _describe_database(figures: DiskFigures, growth: float | None) -> Result:
    subject = "database"
    if figures.database is None:
        return not_checked(subject, "none here yet")
    words = in_bytes(figures.database)
    if growth is not None:
        words += f", {in_bytes(growth)} more a day since it was made"
    elif figures.begin_time is None:
        words += "; its growth is not known, as this disk keeps no time of making"
    else:
        words += ", made within the last day"
    return fine(subject, words)


def _growth_a_day(figures: DiskFigures, *, now: datetime) -> float | None:
    if figures.database is None or figures.begin_time is None:
        return None
    age = now - figures.begin_time
    return None if age < _LONG_ENOUGH else figures.database / (age / timedelta(days=1))


def _made(path: Path) -> datetime | None:
    """Return when a file was made, which Python itself does not tell on Linux."""
    seconds = getattr(path.stat(), "st_birthtime", None) or _birth_by_program(path)
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _birth_by_program(path: Path) -> float:
    program = shutil.which("stat")
    if program is None:
        return 0
    done = subprocess.run(  # noqa: S603 - a program of the system, a path of ours
        (program, "--format=%W", "--", str(path)),
        capture_output=True,
        text=True,
        check=False,
    )
    # 0 or "-" where the file system does not keep it, an error from another `stat`.
    return float(done.stdout) if done.stdout.strip().isdecimal() else 0


def _upwards(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.parents
