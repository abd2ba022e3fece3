"""The services' certificates are made, kept, mended and renewed."""

import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from roundtable_kit.authority import Authority
from roundtable_kit.certs import SERVICES, ensure_certificates
from roundtable_kit.identity import Identity, IdentityError, read_identity

_NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_COMMAND = (sys.executable, "-m", "roundtable_kit.certs")


def _identities(folder: Path, *, now: datetime = _NOW) -> dict[str, Identity]:
    return {name: read_identity(folder / name, now=now) for name in SERVICES}


def _serials(folder: Path) -> dict[str, int]:
    return {name: one.serial for name, one in _identities(folder).items()}


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_each_service_is_given_a_certificate_of_its_name(tmp_path: Path) -> None:
    """Three services, one authority, each certificate with its service's name."""
    made = ensure_certificates(tmp_path, now=_NOW)

    identities = _identities(tmp_path)
    assert made == SERVICES
    assert {name: one.name for name, one in identities.items()} == {
        "gateway": "gateway",
        "persona-runner": "persona-runner",
        "store": "store",
    }
    assert len({one.authority for one in identities.values()}) == 1
    assert len({one.key for one in identities.values()}) == 3


def test_a_clock_that_is_behind_can_use_a_fresh_certificate(tmp_path: Path) -> None:
    """Certificates hold from a day before they were made, and for a year."""
    ensure_certificates(tmp_path, now=_NOW)

    identity = read_identity(tmp_path / "store", now=_NOW)
    assert identity.begin_time == _NOW - timedelta(days=1)
    assert identity.end_time == _NOW + timedelta(days=365)


def test_keys_are_their_owners_alone(tmp_path: Path) -> None:
    """Keys are closed to all others, and so are the folders."""
    ensure_certificates(tmp_path, now=_NOW)

    folders = [tmp_path / name for name in (*SERVICES, "authority")]
    keys = [*tmp_path.glob("*/*.key")]
    assert len(keys) == 4
    assert {_mode(key) for key in keys} == {0o600}
    assert {_mode(folder) for folder in folders} == {0o700}


def test_no_service_is_given_the_authoritys_key(tmp_path: Path) -> None:
    """A service's folder holds its own three files and nothing else."""
    ensure_certificates(tmp_path, now=_NOW)

    for name in SERVICES:
        files = {path.name for path in (tmp_path / name).iterdir()}
        assert files == {"ca.crt", "service.crt", "service.key"}


def test_what_is_good_is_left_alone(tmp_path: Path) -> None:
    """A second run makes nothing."""
    ensure_certificates(tmp_path, now=_NOW)
    before = _serials(tmp_path)

    made = ensure_certificates(tmp_path, now=_NOW + timedelta(days=200))

    assert made == ()
    assert _serials(tmp_path) == before


def test_a_certificate_is_renewed_in_its_last_third(tmp_path: Path) -> None:
    """With less than a third left each gets a new one of the same authority."""
    ensure_certificates(tmp_path, now=_NOW)
    before = _identities(tmp_path)
    later = _NOW + timedelta(days=250)

    made = ensure_certificates(tmp_path, now=later)

    after = _identities(tmp_path, now=later)
    assert made == SERVICES
    for name in SERVICES:
        assert after[name].serial != before[name].serial
        assert after[name].authority == before[name].authority
        assert after[name].end_time == later + timedelta(days=365)


def test_renewal_can_be_forced(tmp_path: Path) -> None:
    """Every service gets a new certificate and key though none is due."""
    ensure_certificates(tmp_path, now=_NOW)
    before = _identities(tmp_path)

    made = ensure_certificates(tmp_path, renew=True, now=_NOW)

    after = _identities(tmp_path)
    assert made == SERVICES
    assert all(after[name].key != before[name].key for name in SERVICES)


def _remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "store" / name).unlink()


def _spoil(name: str) -> Callable[[Path], None]:
    return lambda folder: _cut_in_half(folder / "store" / name)


def _cut_in_half(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _swap(name: str) -> Callable[[Path], None]:
    """Put another service's file in the place of the store's."""

    def swap(folder: Path) -> None:
        content = (folder / "gateway" / name).read_bytes()
        (folder / "store" / name).write_bytes(content)

    return swap


def _take_the_gateways(folder: Path) -> None:
    for name in ("service.crt", "service.key"):
        _swap(name)(folder)


def _take_another_authoritys(folder: Path) -> None:
    authority = Authority.make(folder / "elsewhere", now=_NOW)
    authority.issue("store", folder / "store", now=_NOW)


_DAMAGES = {
    **{f"no {name}": _remove(name) for name in ("ca.crt", "service.crt")},
    "no service.key": _remove("service.key"),
    **{f"half of {name}": _spoil(name) for name in ("ca.crt", "service.crt")},
    "half of service.key": _spoil("service.key"),
    "the key of another": _swap("service.key"),
    "the certificate of another": _swap("service.crt"),
    "another's pair": _take_the_gateways,
    "another authority's": _take_another_authoritys,
}


@pytest.mark.parametrize("damage", _DAMAGES.values(), ids=_DAMAGES.keys())
def test_a_damaged_folder_is_mended(
    damage: Callable[[Path], None], tmp_path: Path
) -> None:
    """Whatever is wrong with one service's files, it alone gets new ones."""
    ensure_certificates(tmp_path, now=_NOW)
    before = _serials(tmp_path)
    damage(tmp_path)

    made = ensure_certificates(tmp_path, now=_NOW)

    after = _serials(tmp_path)
    assert made == ("store",)
    assert after.pop("store") != before.pop("store")
    assert after == before


def test_what_a_killed_run_left_is_no_hindrance(tmp_path: Path) -> None:
    """A run cut short before the authority had its certificate is begun anew."""
    ensure_certificates(tmp_path, now=_NOW)
    (tmp_path / "authority" / "ca.crt").unlink()
    (tmp_path / "store" / "service.key.new").write_text("half a ke")

    made = ensure_certificates(tmp_path, now=_NOW)

    identities = _identities(tmp_path)
    assert made == SERVICES
    assert len({one.authority for one in identities.values()}) == 1
    assert not (tmp_path / "store" / "service.key.new").exists()


def test_the_authoritys_key_may_be_kept_elsewhere(tmp_path: Path) -> None:
    """While nothing is due, nobody asks for the key."""
    ensure_certificates(tmp_path, now=_NOW)
    (tmp_path / "authority" / "ca.key").unlink()

    assert ensure_certificates(tmp_path, now=_NOW) == ()


@pytest.mark.parametrize("name", ["ca.key", "ca.crt"])
def test_a_damaged_authority_is_named(name: str, tmp_path: Path) -> None:
    """What only the owner can mend is an error that says what to do."""
    ensure_certificates(tmp_path, now=_NOW)
    path = tmp_path / "authority" / name
    _cut_in_half(path)

    with pytest.raises(IdentityError, match="missing or damaged; put it back") as error:
        ensure_certificates(tmp_path, renew=True, now=_NOW)

    assert str(path) in str(error.value)


def test_the_authority_and_its_key_must_be_a_pair(tmp_path: Path) -> None:
    """Another authority's key issues nothing."""
    ensure_certificates(tmp_path, now=_NOW)
    other = tmp_path / "elsewhere"
    Authority.make(other, now=_NOW)
    key = tmp_path / "authority" / "ca.key"
    key.write_bytes((other / "ca.key").read_bytes())

    with pytest.raises(IdentityError, match=r"is not the key of ca\.crt beside it"):
        ensure_certificates(tmp_path, renew=True, now=_NOW)


def test_an_authority_is_replaced_before_it_ends(tmp_path: Path) -> None:
    """No certificate outlives its authority: all are made anew in its last year."""
    ensure_certificates(tmp_path, now=_NOW)
    before = read_identity(tmp_path / "store", now=_NOW).authority
    later = _NOW + timedelta(days=19 * 365 + 30)

    made = ensure_certificates(tmp_path, now=later)

    after = _identities(tmp_path, now=later)
    assert made == SERVICES
    assert before not in {one.authority for one in after.values()}


def test_runs_at_the_same_time_do_no_harm(tmp_path: Path) -> None:
    """Four programs at once on an empty folder leave one authority and its pairs."""
    running = [
        subprocess.Popen((*_COMMAND, str(tmp_path)), stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own program
        for _ in range(4)
    ]

    outputs = [process.communicate(timeout=30)[0] for process in running]

    identities = _identities(tmp_path, now=datetime.now(UTC))
    assert [process.returncode for process in running] == [0] * 4
    assert sorted(map(bool, outputs)) == [False, False, False, True]
    assert len({one.authority for one in identities.values()}) == 1


def test_the_command_says_what_it_made(tmp_path: Path) -> None:
    """A line for each service; none when nothing was due; all with --renew."""
    lines = [
        subprocess.run(  # noqa: S603 - our own program
            (*_COMMAND, str(tmp_path), *options),
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for options in ((), (), ("--renew",))
    ]

    each = [f"new certificate: {tmp_path / name}" for name in SERVICES]
    assert lines == [each, [], each]


def test_the_command_names_what_it_cannot_use(tmp_path: Path) -> None:
    """A damaged authority is exit code 1 and words, no traceback."""
    ensure_certificates(tmp_path)
    _cut_in_half(tmp_path / "authority" / "ca.crt")

    done = subprocess.run(  # noqa: S603 - our own program
        (*_COMMAND, str(tmp_path)), capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("certificates: ")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_command_may_stay_and_look_again(
    stop: signal.Signals, tmp_path: Path
) -> None:
    """What becomes due while it runs is made anew, until it is told to stop."""
    every = ("--every", "0.00001")
    with subprocess.Popen(  # noqa: S603 - our own program
        (*_COMMAND, str(tmp_path), *every), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        first = [process.stdout.readline() for _ in SERVICES]
        before = _serials(tmp_path)
        _cut_in_half(tmp_path / "store" / "service.crt")
        again = process.stdout.readline()
        process.send_signal(stop)
        rest, _ = process.communicate(timeout=10)

    assert first == [f"new certificate: {tmp_path / name}\n" for name in SERVICES]
    assert again == f"new certificate: {tmp_path / 'store'}\n"
    assert (process.returncode, rest) == (0, "")
    after = _serials(tmp_path)
    assert {name for name in SERVICES if after[name] != before[name]} == {"store"}


def test_a_stop_is_not_waited_for_till_the_next_look(tmp_path: Path) -> None:
    """The one that looks once a day ends at once."""
    with subprocess.Popen(  # noqa: S603 - our own program
        (*_COMMAND, str(tmp_path), "--every", "24"), stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()  # it has begun
        process.terminate()
        assert process.wait(timeout=10) == 0


@pytest.mark.parametrize("hours", ["0", "-1", "169", "nan", "soon"])
def test_how_often_to_look_has_bounds(hours: str, tmp_path: Path) -> None:
    """Not all the time, and not too late."""
    done = subprocess.run(  # noqa: S603 - our own program
        (*_COMMAND, str(tmp_path), f"--every={hours}"), capture_output=True, check=False
    )

    assert done.returncode == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("days", [-2, 366])
def test_a_certificate_that_does_not_hold_now_is_not_used(
    days: int, tmp_path: Path
) -> None:
    """Before its begin and after its end an identity is refused with its dates."""
    ensure_certificates(tmp_path, now=_NOW)

    with pytest.raises(IdentityError, match="holds from 2026-11-22 to 2027-11-23 only"):
        read_identity(tmp_path / "store", now=_NOW + timedelta(days=days))
