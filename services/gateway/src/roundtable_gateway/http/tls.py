"""The certificate that HTTPS is served with, renewed without a stop."""

import asyncio
import hashlib
import ssl
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import structlog

_log = structlog.get_logger()

_CHECK_EVERY = timedelta(seconds=15)
_SETTINGS = "ROUNDTABLE_GATEWAY_TLS_CERT_FILE and ROUNDTABLE_GATEWAY_TLS_KEY_FILE"


class CertificateError(Exception):
    """The files hold no certificate chain with its key; the text is for a person."""


@dataclass(frozen=True, slots=True)
class CertificateFiles:
    """Where a PEM certificate chain, leaf first, and its PEM key lie."""

    certificate: Path
    key: Path

    def digest(self) -> bytes:
        """Return what tells one content of the files from another."""
        digest = hashlib.sha256()
        for path in (self.certificate, self.key):
            try:
                digest.update(path.read_bytes())
            except OSError as error:
                raise CertificateError(
                    f"{_SETTINGS}: {path} can't be read: {error.strerror}"
                ) from error
        return digest.digest()


class ServedCertificate:
    """A certificate for a server's new connections, current as its files are.

    New content of the files is tried in a context of its own and served once it is
    whole, so a pair that is half written never meets a visitor. Connections that are
    open keep what they began with.

    Raises CertificateError when made over files that can't be served.
    """

    def __init__(
        self, files: CertificateFiles, *, check_every: timedelta = _CHECK_EVERY
    ) -> None:
        self._files = files
        self._check_every = check_every
        self._digest = files.digest()
        self._current = _load(files)
        self.context = _new_context()
        self.context.sni_callback = self._show_current

    async def keep_current(self) -> NoReturn:
        """Take renewed files, until cancelled."""
        while True:
            await asyncio.sleep(self._check_every.total_seconds())
            try:
                await asyncio.to_thread(self._take_renewed)
            except CertificateError as error:
                _log.warning("certificate.kept", error=str(error))

    def _take_renewed(self) -> None:
        # Taken before the files are loaded: what is written later is seen next time.
        digest = self._files.digest()
        if digest == self._digest:
            return
        self._current = _load(self._files)
        self._digest = digest
        _log.info("certificate.renewed", file=str(self._files.certificate))

    def _show_current(
        self, connection: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext
    ) -> None:
        """Serve a new connection with the current pair; called for each, named or not.

        Loading into a context that is in use is no choice: it takes certificate and
        key one by one, and a pair that does not match would leave it with neither.
        """
        connection.context = self._current


def _load(files: CertificateFiles) -> ssl.SSLContext:
    context = _new_context()
    try:
        context.load_cert_chain(files.certificate, files.key, _refuse_password)
    except OSError as error:
        raise CertificateError(f"{_SETTINGS}: {_reason(files, error)}") from error
    return context


def _reason(files: CertificateFiles, error: OSError) -> str:
    if isinstance(error, ssl.SSLError):
        if error.reason == "KEY_VALUES_MISMATCH":
            return f"{files.key} is not the key of {files.certificate}"
        return f"{files.certificate} and {files.key} are no PEM certificate and key"
    return f"{files.certificate} or {files.key} can't be read: {error.strerror}"


def _refuse_password() -> NoReturn:
    # Without this OpenSSL would ask for it at the terminal.
    raise CertificateError(f"{_SETTINGS}: the key must not have a password")


def _new_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context
