"""A service's own identity, taken up anew when its files are replaced."""

import asyncio
import threading
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import structlog

from roundtable_kit.clock import Clock, SystemClock
from roundtable_kit.identity import (
    AUTHORITY_FILE,
    CERTIFICATE_FILE,
    KEY_FILE,
    Identity,
    IdentityError,
    read_identity,
)

_log = structlog.get_logger()

_WARN_BEFORE = timedelta(days=30)
_WARN_INTERVAL = timedelta(days=1)

# Changes when a file is replaced, or written anew in its place.
_Stamp: TypeAlias = tuple[int, int, int] | None


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
        self._stamp = self._look(CERTIFICATE_FILE)
        self._refused: tuple[_Stamp, ...] = ()
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
            # The certificate is replaced last: until it changes there is nothing new.
            stamp = self._look(CERTIFICATE_FILE)
            if stamp != self._stamp:
                self._take_up(stamp)
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

    def _look(self, file: str) -> _Stamp:
        try:
            status = (self._folder / file).stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino, status.st_size

    def _take_up(self, stamp: _Stamp) -> None:
        # Files copied by hand come in any order, so what can't be used is tried again,
        # though not before one of the three has changed.
        files = (stamp, self._look(KEY_FILE), self._look(AUTHORITY_FILE))
        if files == self._refused:
            return
        try:
            self._identity = read_identity(self._folder, now=self._clock.now())
        except IdentityError as error:
            self._refused = files
            _log.warning("certificate.unusable", error=str(error), mend="the old stays")
        else:
            self._stamp = stamp
            self._tell("certificate.renewed")

    def _tell(self, event: str) -> None:
        _log.info(
            event,
            name=self._identity.name,
            serial=f"{self._identity.serial:x}",
            end_time=self._identity.end_time.isoformat(),
        )
