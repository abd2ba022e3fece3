"""A service's certificate, its key and the authority its peers must come from.

    FOLDER/ca.crt        the private authority's certificate
    FOLDER/service.key   this service's key
    FOLDER/service.crt   its certificate; the last of the three to be replaced

The service's name is the certificate's only DNS name, to those it calls and to those
that call it.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import load_pem_private_key

AUTHORITY_FILE = "ca.crt"
CERTIFICATE_FILE = "service.crt"
KEY_FILE = "service.key"


class IdentityError(Exception):
    """Certificates that can't be used; tells a person which file and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What a service shows its peers, and what it asks of them.

    Attributes:
        name: The service's name.
        authority: The authority's certificate, PEM.
        certificate: The service's certificate, PEM.
        key: The certificate's private key, PEM.
        serial: The certificate's serial number.
        begin_time: When the certificate begins to hold.
        end_time: When it ends.
    """

    name: str
    authority: bytes
    certificate: bytes
    key: bytes = field(repr=False)
    serial: int
    begin_time: datetime
    end_time: datetime


def read_identity(folder: Path, *, now: datetime | None = None) -> Identity:
    """Return the identity that lies in a folder, whole and holding now.

    Raises:
        IdentityError: A file is missing or damaged, the files are not of one pair,
            or the certificate is not of that authority or does not hold now.
    """
    authority = _read(folder / AUTHORITY_FILE)
    key = _read(folder / KEY_FILE)
    pem = _read(folder / CERTIFICATE_FILE)
    certificate = parse_certificate(pem, folder / CERTIFICATE_FILE)
    _require_pair(certificate, key, folder)
    try:
        certificate.verify_directly_issued_by(
            parse_certificate(authority, folder / AUTHORITY_FILE)
        )
    except (ValueError, TypeError, InvalidSignature) as error:
        raise IdentityError(
            f"{folder / CERTIFICATE_FILE} was not issued by the authority beside it"
        ) from error
    _require_holding(certificate, now or datetime.now(UTC), folder)
    return Identity(
        name=_name_in(certificate, folder),
        authority=authority,
        certificate=pem,
        key=key,
        serial=certificate.serial_number,
        begin_time=certificate.not_valid_before_utc,
        end_time=certificate.not_valid_after_utc,
    )


def parse_certificate(pem: bytes, path: Path) -> x509.Certificate:
    """Return a certificate. Raises IdentityError naming its file."""
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise IdentityError(f"{path} holds no certificate") from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise IdentityError(f"{path}: {error.strerror}") from error


def _require_pair(certificate: x509.Certificate, key: bytes, folder: Path) -> None:
    try:
        public_key = load_pem_private_key(key, password=None).public_key()
    except (ValueError, TypeError) as error:
        raise IdentityError(f"{folder / KEY_FILE} holds no private key") from error
    if public_key != certificate.public_key():
        raise IdentityError(
            f"{folder / KEY_FILE} is not the key of {folder / CERTIFICATE_FILE}"
        )


def _require_holding(
    certificate: x509.Certificate, now: datetime, folder: Path
) -> None:
    begin_time, end_time = (
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )
    if not begin_time <= now < end_time:
        raise IdentityError(
            f"{folder / CERTIFICATE_FILE} holds from {begin_time:%Y-%m-%d}"
            f" to {end_time:%Y-%m-%d} only"
        )


def _name_in(certificate: x509.Certificate, folder: Path) -> str:
    try:
        extension = certificate.extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        )
        (name,) = extension.value.get_values_for_type(x509.DNSName)
    except (x509.ExtensionNotFound, ValueError) as error:
        raise IdentityError(
            f"{folder / CERTIFICATE_FILE} does not name one service"
        ) from error
    return name
