"""Makes the certificates of the services: ``python -m roundtable_kit.certs DIR``.

    DIR/authority/{ca.key,ca.crt}                      the private authority
    DIR/<service>/{ca.crt,service.key,service.crt}     all that one service is given

What is there and good is left alone; what is missing, damaged or due is made anew, so
the program may run before every start. Runs beside one another wait for each other.
Services take renewed files up without a stop.
"""

import argparse
import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from roundtable_kit.identity import (
    AUTHORITY_FILE,
    CERTIFICATE_FILE,
    KEY_FILE,
    IdentityError,
    parse_certificate,
    read_identity,
)

SERVICES = ("gateway", "persona-runner", "store")

_AUTHORITY_KEY_FILE = "ca.key"
_AUTHORITY_LIFETIME = timedelta(days=20 * 365)
_LIFETIME = timedelta(days=365)
# A machine whose clock is behind must be able to use a fresh certificate.
_CLOCK_SKEW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Authority:
    """The private authority that issues the services' certificates."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def make(cls, *, now: datetime) -> "Authority":
        """Return a new one."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _named("Persona Roundtable private authority")
        builder = _builder(key, name, now, now + _AUTHORITY_LIFETIME)
        certificate = (
            builder.issuer_name(name)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(for_authority=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        return cls(certificate, key)

    def issue(self, name: str, folder: Path, *, now: datetime) -> None:
        """Write a service's three files, its certificate last."""
        key = ec.generate_private_key(ec.SECP256R1())
        end_time = min(now + _LIFETIME, self.certificate.not_valid_after_utc)
        usages = [
            ExtendedKeyUsageOID.SERVER_AUTH,
            ExtendedKeyUsageOID.CLIENT_AUTH,
        ]
        certificate = (
            _builder(key, _named(name), now, end_time)
            .issuer_name(self.certificate.subject)
            .add_extension(
                x509.BasicConstraints(ca=False, path_length=None), critical=True
            )
            .add_extension(_usage(for_authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(usages), critical=False)
            .add_extension(
                x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False
            )
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(
                    self.key.public_key()
                ),
                critical=False,
            )
            .sign(self.key, hashes.SHA256())
        )
        _make_folder(folder)
        _write(folder / AUTHORITY_FILE, _pem(self.certificate), mode=0o644)
        _write(folder / KEY_FILE, _key_pem(key), mode=0o600)
        _write(folder / CERTIFICATE_FILE, _pem(certificate), mode=0o644)


def ensure_certificates(
    folder: Path, *, renew: bool = False, now: datetime | None = None
) -> tuple[str, ...]:
    """Make what is missing, damaged or due; return the services with new certificates.

    Args:
        folder: Where the authority and each service's own folder lie.
        renew: Whether every service is to get a new certificate, due or not.
        now: The present moment.

    Raises:
        IdentityError: The authority's key is needed and can't be used.
        OSError: The folder can't be written.
    """
    now = now or datetime.now(UTC)
    authority_folder = folder / "authority"
    _make_folder(authority_folder)
    with _locked(authority_folder):
        certificate = _authority_certificate(authority_folder, now)
        due = tuple(
            service
            for service in SERVICES
            if renew or _is_due(folder / service, service, certificate, now)
        )
        if due:
            authority = _authority(authority_folder, certificate)
            for service in due:
                authority.issue(service, folder / service, now=now)
    return due


def _authority_certificate(folder: Path, now: datetime) -> x509.Certificate:
    path = folder / AUTHORITY_FILE
    if path.exists():
        certificate = parse_certificate(path.read_bytes(), path)
        if now + _LIFETIME < certificate.not_valid_after_utc:
            return certificate
    authority = Authority.make(now=now)
    # In this order a run that is cut short leaves no certificate, and so no odd pair.
    path.unlink(missing_ok=True)
    _write(folder / _AUTHORITY_KEY_FILE, _key_pem(authority.key), mode=0o600)
    _write(path, _pem(authority.certificate), mode=0o644)
    return authority.certificate


def _authority(folder: Path, certificate: x509.Certificate) -> Authority:
    path = folder / _AUTHORITY_KEY_FILE
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise _unusable_key(path, "is missing or damaged") from error
    if (
        not isinstance(key, ec.EllipticCurvePrivateKey)
        or key.public_key() != certificate.public_key()
    ):
        raise _unusable_key(path, "is not the key of ca.crt beside it")
    return Authority(certificate, key)


def _unusable_key(path: Path, why: str) -> IdentityError:
    return IdentityError(
        f"{path} {why}, and a certificate is to be issued; put the key back, or remove"
        f" {path.parent} to have a new authority and all certificates made anew"
    )


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
        or identity.authority != _pem(authority)
        or identity.end_time - now < third
    )


def _builder(
    key: ec.EllipticCurvePrivateKey, subject: x509.Name, now: datetime, end: datetime
) -> x509.CertificateBuilder:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _CLOCK_SKEW)
        .not_valid_after(end)
        .add_extension(identifier, critical=False)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _usage(*, for_authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not for_authority,
        key_cert_sign=for_authority,
        crl_sign=for_authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _make_folder(path: Path) -> None:
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)


def _write(path: Path, content: bytes, *, mode: int) -> None:
    """Replace a file at once: a reader sees the old one or the new one, whole."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    fresh.replace(path)


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
    parser.add_argument(
        "--renew", action="store_true", help="issue new ones though none is due"
    )
    options = parser.parse_args()
    try:
        renewed = ensure_certificates(options.folder, renew=options.renew)
    except (IdentityError, OSError) as error:
        sys.stderr.write(f"certificates: {error}\n")
        return 1
    for service in renewed:
        sys.stdout.write(f"new certificate: {options.folder / service}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
