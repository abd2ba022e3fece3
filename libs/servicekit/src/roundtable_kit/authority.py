"""The private authority that issues the services' certificates.

FOLDER/ca.key    its key, which no service is given
FOLDER/ca.crt    its certificate, by which services know one another's
"""

import os
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
)

LIFETIME = timedelta(days=365)

_AUTHORITY_KEY_FILE = "ca.key"
_AUTHORITY_LIFETIME = timedelta(days=20 * 365)
# A machine whose clock is behind must be able to use a fresh certificate.
_CLOCK_SKEW = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate and the key that signs for it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)

    @classmethod
    def make(cls, folder: Path, *, now: datetime) -> "Authority":
        """Make a new one and write its files."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = _named("Persona Roundtable private authority")
        certificate = (
            _builder(key, name, now, now + _AUTHORITY_LIFETIME)
            .issuer_name(name)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(for_authority=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        make_folder(folder)
        # In this order a run that is cut short leaves no certificate, and so no odd
        # pair.
        (folder / AUTHORITY_FILE).unlink(missing_ok=True)
        _write(folder / _AUTHORITY_KEY_FILE, _key_pem(key), mode=0o600)
        _write(folder / AUTHORITY_FILE, to_pem(certificate), mode=0o644)
        return cls(certificate, key)

    @classmethod
    def read(cls, folder: Path) -> "Authority":
        """Return the one in a folder.

        Raises:
            IdentityError: A file is missing or damaged, or they are not of one pair.
        """
        certificate = read_authority_certificate(folder)
        path = folder / _AUTHORITY_KEY_FILE
        try:
            key = serialization.load_pem_private_key(path.read_bytes(), password=None)
        except (OSError, ValueError, TypeError) as error:
            raise _unusable(path, "is missing or damaged") from error
        if (
            not isinstance(key, ec.EllipticCurvePrivateKey)
            or key.public_key() != certificate.public_key()
        ):
            raise _unusable(path, f"is not the key of {AUTHORITY_FILE} beside it")
        return cls(certificate, key)

    def issue(self, name: str, folder: Path, *, now: datetime) -> None:
        """Write a service's three files, its certificate last."""
        key = ec.generate_private_key(ec.SECP256R1())
        end_time = min(now + LIFETIME, self.certificate.not_valid_after_utc)
        purposes = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(
            self.key.public_key()
        )
        certificate = (
            _builder(key, _named(name), now, end_time)
            .issuer_name(self.certificate.subject)
            .add_extension(
                x509.BasicConstraints(ca=False, path_length=None), critical=True
            )
            .add_extension(_usage(for_authority=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
            .add_extension(
                x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False
            )
            .add_extension(issuer_key, critical=False)
            .sign(self.key, hashes.SHA256())
        )
        make_folder(folder)
        _write(folder / AUTHORITY_FILE, to_pem(self.certificate), mode=0o644)
        _write(folder / KEY_FILE, _key_pem(key), mode=0o600)
        _write(folder / CERTIFICATE_FILE, to_pem(certificate), mode=0o644)


def read_authority_certificate(folder: Path) -> x509.Certificate:
    """Return the authority's certificate. Raises IdentityError if it can't be used."""
    path = folder / AUTHORITY_FILE
    try:
        return parse_certificate(path.read_bytes(), path)
    except (OSError, IdentityError) as error:
        raise _unusable(path, "is missing or damaged") from error


def has_authority(folder: Path) -> bool:
    """Tell whether an authority was made in a folder, good or not."""
    return (folder / AUTHORITY_FILE).exists()


def make_folder(path: Path) -> None:
    """Make a folder for its owner alone."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)


def to_pem(certificate: x509.Certificate) -> bytes:
    """Return a certificate as its file holds it."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def _unusable(path: Path, why: str) -> IdentityError:
    return IdentityError(
        f"{path} {why}; put it back, or remove {path.parent} to have a new authority"
        " and all certificates made anew"
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


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


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
