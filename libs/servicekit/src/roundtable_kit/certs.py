"""Makes the certificates of the services: ``python -m roundtable_kit.certs DIR``.

    DIR/authority/{ca.key,ca.crt}                      the private authority
    DIR/<service>/{ca.crt,service.key,service.crt}     all that one service is given

What is there and good is left alone; what is missing, damaged or due is made anew, so
the program may run before every start, or stay and look again (``--every 24``). Runs
beside one another wait for each other. Services take renewed files up without a stop.
"""

import argparse
import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from roundtable_kit.authority import (
    LIFETIME,
    Authority,
    has_authority,
    make_folder,
    read_authority_certificate,
    to_pem,
)
from roundtable_kit.identity import IdentityError, read_identity

# In this order: when the gateway connects with its new certificate, those it calls have
# theirs.
SERVICES = ("store", "persona-runner", "gateway")

_STOPS = (signal.SIGTERM, signal.SIGINT)
_LONGEST_HOURS = 24 * 7


def ensure_certificates(
    folder: Path, *, renew: bool = False, now: datetime | None = None
) -> tuple[str, ...]:
    """Make what is missing, damaged or due; return the services with new certificates.

    The authority's key is needed only when there is something to issue. A new authority
    is made where there is none, or when the old one would end before a new certificate.

    Args:
        folder: Where the authority and each service's own folder lie.
        renew: Whether every service is to get a new certificate, due or not.
        now: The present moment.

    Raises:
        IdentityError: The authority is damaged.
        OSError: The folder can't be written.
    """
    now = now or datetime.now(UTC)
    authority_folder = folder / "authority"
    make_folder(authority_folder)
    with _locked(authority_folder):
        certificate = _authority_certificate(authority_folder, now)
        due = tuple(
            service
            for service in SERVICES
            if renew or _is_due(folder / service, service, certificate, now)
        )
        if due:
            authority = Authority.read(authority_folder)
            for service in due:
                authority.issue(service, folder / service, now=now)
    return due


def _authority_certificate(folder: Path, now: datetime) -> x509.Certificate:
    if has_authority(folder):
        certificate = read_authority_certificate(folder)
        if now + LIFETIME < certificate.not_valid_after_utc:
            return certificate
    return Authority.make(folder, now=now).certificate


def _is_due(
    folder: Path, name: str, authority: x509.Certificate, now: datetime
) -> bool:
    try:
        identity = read_identity(folder, now=now)
    except IdentityError:
        return True
    third = (identity.end_time - identity.begin_time) / 3
    return (
        identity.name != name
        or identity.authority != to_pem(authority)
        or identity.end_time - now < third
    )


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def main() -> int:
    """Run the command line and return its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m roundtable_kit.certs",
        description="Make the services' certificates where missing or due.",
    )
    parser.add_argument("folder", metavar="DIR", type=Path)
    when = parser.add_mutually_exclusive_group()
    when.add_argument(
        "--renew", action="store_true", help="issue new ones though none is due"
    )
    when.add_argument(
        "--every", metavar="HOURS", type=_interval, help="stay, and look again so often"
    )
    options = parser.parse_args()
    try:
        if options.every is None:
            _make(options.folder, renew=options.renew)
        else:
            _make_until_stopped(options.folder, options.every)
    except (IdentityError, OSError) as error:
        sys.stderr.write(f"certificates: {error}\n")
        return 1
    return 0


def _make(folder: Path, *, renew: bool = False) -> None:
    for service in ensure_certificates(folder, renew=renew):
        sys.stdout.write(f"new certificate: {folder / service}\n")
    sys.stdout.flush()


def _make_until_stopped(folder: Path, interval: timedelta) -> None:
    # Blocked, a stop waits for the next look at it, so none cuts a renewal short; and a
    # container's first process would not get one that has neither handler nor mask.
    signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
    is_stopped = False
    while not is_stopped:
        _make(folder)
        is_stopped = signal.sigtimedwait(_STOPS, interval.total_seconds()) is not None


def _interval(text: str) -> timedelta:
    try:
        hours = float(text)
    except ValueError:
        hours = 0.0
    if not 0 < hours <= _LONGEST_HOURS:
        raise argparse.ArgumentTypeError(
            f"takes hours, more than 0 and at most {_LONGEST_HOURS}"
        )
    return timedelta(hours=hours)


if __name__ == "__main__":
    sys.exit(main())
