"""Entity tags: what tells one version of an object from the next."""

from roundtable_kit.errors import Aborted


def etag_of(version: int) -> str:
    """Return the tag of an object's version."""
    return f"v{version}"


def require_etag(etag: str, *, version: int) -> None:
    """Refuse a change that was made from another version (ETAG_MISMATCH)."""
    if etag != etag_of(version):
        raise Aborted(
            "ETAG_MISMATCH",
            "It has been changed meanwhile; read it again and make your change anew.",
        )
