"""The services' certificates, and the gateway's own: how long each lasts."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from roundtable_cli.doctor.result import (
    Level,
    Result,
    broken,
    doubtful,
    fine,
    not_checked,
)

OWN_CERTIFICATE = "HTTPS certificate"
RENEW_OWN = "renew it where it came from; the gateway takes the new one up by itself"

_SUBJECT = "certificates"
_SOON = timedelta(days=30)
_RENEW = "roundtable certs (services that run take them up without a stop)"
_AUTHORITY = Path("authority", "ca.crt")
_SERVICES = ("store", "persona-runner", "gateway")


def check_service_certificates(folder: Path, *, now: datetime) -> Iterator[Result]:
    """Look at those by which the services of this machine know one another.

    Args:
        folder: Where the authority and each service's own folder lie.
        now: The present moment.
    """
    if not (folder / _AUTHORITY).exists():
        yield not_checked(_SUBJECT, f"none in {folder} yet; the next start makes them")
        return
    files = {"authority": folder / _AUTHORITY}
    files |= {name: folder / name / "service.crt" for name in _SERVICES}
    results = {
        name: _check(f"{_SUBJECT}: {name}", path, now=now, renew=_RENEW)
        for name, path in files.items()
    }
    good = [
        f"{name} {result.words}"
        for name, result in results.items()
        if result.level is Level.FINE
    ]
    if good:
        yield fine(_SUBJECT, "; ".join(good))
    yield from (each for each in results.values() if each.level is not Level.FINE)


def check_own_certificate(path: Path, *, now: datetime) -> Result:
    """Look at the one that the gateway of this machine shows browsers."""
    return _check(
        OWN_CERTIFICATE,
        path,
        now=now,
        renew=RENEW_OWN,
    )


def check_end(subject: str, end_time: datetime, *, now: datetime, renew: str) -> Result:
    """Judge how long a certificate still lasts."""
    days = (end_time - now).days
    if end_time <= now:
        return broken(subject, f"ended on {end_time:%Y-%m-%d}", mend=renew)
    if end_time - now < _SOON:
        return doubtful(subject, f"{days} days left", mend=renew)
    return fine(subject, f"{days:,} days left")


def _check(subject: str, path: Path, *, now: datetime, renew: str) -> Result:
    try:
        certificate = x509.load_pem_x509_certificate(path.read_bytes())
    except OSError as error:
        return broken(subject, f"{path}: {error.strerror}", mend=renew)
    except ValueError:
        return broken(subject, f"no certificate in {path}", mend=renew)
    if now < certificate.not_valid_before_utc:
        begin = certificate.not_valid_before_utc
        return broken(
            subject,
            f"counts only from {begin:%Y-%m-%d %H:%M} UTC on",
            mend="set this machine's clock; if it is right: roundtable certs --renew",
        )
    return check_end(subject, certificate.not_valid_after_utc, now=now, renew=renew)
