"""Entity tags: what a change was made from."""

from typing import Annotated

from fastapi import Header, Response

from roundtable_gateway.http.problems import Problem

IfMatch = Annotated[str | None, Header(description="The ETag that was read.")]


def tell_etag(response: Response, etag: str) -> None:
    """Put an object's tag into the header of its answer."""
    response.headers["ETag"] = f'"{etag}"'


def require_match(if_match: str | None, etag: str) -> None:
    """Refuse a change that does not say what it was made from, or not from this.

    Raises Problem 428 without the header, 412 where it names another tag.
    """
    if if_match is None:
        raise Problem(
            428,
            "IF_MATCH_REQUIRED",
            "Send If-Match with the ETag that you read, so that no other change is"
            " lost.",
        )
    tags = {tag.strip() for tag in if_match.split(",")}
    if not tags & {"*", f'"{etag}"'}:
        raise Problem(
            412,
            "ETAG_MISMATCH",
            "It has been changed since you read it; read it again and make your change"
            " anew.",
        )
