"""Which hosts and origins a browser may speak to us from.

A page on another site can make a browser send requests here (DNS rebinding, cross-site
forms). The Host header gives the first away, Origin and a custom header the second.
"""

import re
from urllib.parse import urlsplit

_LOOPBACK_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d*)?", re.ASCII)


def is_loopback_host(host_header: str) -> bool:
    """Whether a Host header names this machine by a loopback name, port ignored."""
    return _LOOPBACK_HOST.fullmatch(host_header.strip().lower()) is not None


def own_origin(scheme: str, host_header: str) -> str:
    """Return the origin that a request itself was sent to."""
    return f"{scheme}://{host_header.strip().lower()}"


def normalize_origin(origin: str) -> str:
    """Return an origin in lower case without a trailing slash.

    Raises ValueError for what is no origin: scheme, host and port, nothing else.
    """
    parts = urlsplit(origin.strip().rstrip("/").lower())
    has_more = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in ("http", "https") or not parts.netloc or has_more:
        raise ValueError(f"{origin!r} is no origin; write it as https://example.org")
    return f"{parts.scheme}://{parts.netloc}"
