"""A service's own identity, taken up anew when its files are replaced."""

import asyncio
import threading
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import structlog

from roundtable_kit.clock import Clock, SystemClock
from roundtable_kit.identity import (
    CERTIFICATE_FILE,
    Identity,
    IdentityError,
    read_identity,
)

_log = structlog.get_logger()

_WARN_BEFORE = timedelta(days=30)
_WARN_INTERVAL = timedelta(days=1)

_Stamp: TypeAlias = tuple[int, int] | None


class LiveIdentity:
    """The identity in a folder as it is now; one a process, for all its peers.

    Raises:
        IdentityError: The folder holds none that can be used.
    """

    def __init__(self, folder: Path, *, clock: Clock | None = None) -> None:
        self._folder = folder
        self._clock = clock or SystemClock()
        # The server asks from gRPC's threads, the channels from the event loop.
        self._lock = threading.Lock()
        self._stamp = self._look()
        self._identity = read_identity(folder, now=self._clock.now())
        self._tell("certificate.loaded")

    @classmethod
    def of(cls, folder: Path | None) -> "LiveIdentity | None":
        """Return the identity in the setting's folder; none where it is not set."""
        if folder is None:
            return None
        try:
            return cls(folder)
        except IdentityError as error:
            raise IdentityError(
                f"ROUNDTABLE_CERTIFICATES_DIR: {error}; `roundtable certs` makes them"
            ) from error

    def current(self) -> Identity:
        """Return the newest identity that can be used."""
        with self._lock:
            stamp = self._look()
            if stamp != self._stamp:
                self._stamp = stamp
                self._take_up()
            return self._identity

    async def watch(self) -> None:
        """Warn once a day of a certificate that ends soon; ends by cancellation."""
        while True:
            left = self.current().end_time - self._clock.now()
            if left < _WARN_BEFORE:
                _log.warning(
                    "certificate.ends_soon",
                    days_left=left.days,
                    mend="run `roundtable certs`, or compose's certs; no restart",
                )
            await asyncio.sleep(_WARN_INTERVAL.total_seconds())

    def _look(self) -> _Stamp:
        # The certificate is replaced last: when it has changed, its key is there.
        try:
            status = (self._folder / CERTIFICATE_FILE).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino

    def _take_up(self) -> None:
        try:
            self._identity = read_identity(self._folder, now=self._clock.now())
        except IdentityError as error:
            _log.warning("certificate.unusable", error=str(error), mend="the old stays")
        else:
            self._tell("certificate.renewed")

    def _tell(self, event: str) -> None:
        _log.info(
            event,
            name=self._identity.name,
            serial=f"{self._identity.serial:x}",
            end_time=self._identity.end_time.isoformat(),
        )
