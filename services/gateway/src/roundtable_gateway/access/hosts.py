"""Which hosts and origins a browser may speak to us from.

A page on another site can make a browser send requests here (DNS rebinding, cross-site
forms). The Host header gives the first away, Origin and a custom header the second.
"""

from urllib.parse import urlsplit

_LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})


def is_loopback_host(host_header: str) -> bool:
    """Whether a Host header names this machine by a loopback name, port ignored."""
    host = host_header.strip().lower()
    if not host.startswith("["):
        host = host.split(":", maxsplit=1)[0]
    elif "]" in host:
        host = host[: host.index("]") + 1]
    return host in _LOOPBACK_NAMES


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
