"""Page sizes and opaque page tokens."""

import base64
import binascii
from datetime import UTC, datetime, timedelta

from roundtable_kit.errors import InvalidArgument
from roundtable_store.records.pages import Cursor, PageRequest
from roundtable_store.rpc.violations import Violations

_DEFAULT_SIZE = 20
_MAX_SIZE = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_page_request(page_size: int, page_token: str) -> PageRequest:
    """Return what is asked for (INVALID_FIELD, BAD_PAGE_TOKEN)."""
    return PageRequest(
        size=bounded_size(page_size, default=_DEFAULT_SIZE, most=_MAX_SIZE),
        after=_to_cursor(page_token) if page_token else None,
    )


def bounded_size(page_size: int, *, default: int, most: int) -> int:
    """Return the size to use; a negative one is refused (INVALID_FIELD)."""
    if page_size < 0:
        violations = Violations()
        violations.add("page_size", "must not be negative")
        violations.check()
    return min(page_size or default, most)


def to_page_token(cursor: Cursor | None) -> str:
    """Return the token of the page behind a cursor; empty when there is none."""
    if cursor is None:
        return ""
    microseconds = (cursor.create_time - _EPOCH) // _MICROSECOND
    return base64.urlsafe_b64encode(
        f"{microseconds}:{cursor.object_id}".encode()
    ).decode()


def _to_cursor(page_token: str) -> Cursor:
    try:
        decoded = base64.b64decode(page_token, altchars=b"-_", validate=True).decode()
        microseconds, object_id = decoded.split(":", 1)
        return Cursor(_EPOCH + int(microseconds) * _MICROSECOND, object_id)
    except (binascii.Error, ValueError, OverflowError) as error:
        raise InvalidArgument(
            "BAD_PAGE_TOKEN", "The page token is not one of this list's."
        ) from error
