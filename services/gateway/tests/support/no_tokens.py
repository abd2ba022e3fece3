"""The store's tokens in a gateway that has no use for them."""

from roundtable_gateway.domain.page import Page
from roundtable_gateway.domain.token import (
    IssuedSession,
    IssuedToken,
    SecretKind,
    Token,
)
from roundtable_kit.errors import FailedPrecondition, NotFound, Unauthenticated


class NoTokens:
    """Tokens where nobody has one, as in local mode."""

    async def create(self, *, owner: str, name: str, lifetime_days: int) -> IssuedToken:
        """Make none."""
        raise FailedPrecondition("TOO_MANY_TOKENS", "There are none here.")

    async def list(self, *, owner: str, page_size: int, page_token: str) -> Page[Token]:
        """Return none."""
        return Page((), None)

    async def delete(self, token_id: str, *, owner: str) -> None:
        """Find none."""
        raise NotFound("TOKEN_NOT_FOUND", "There are none here.")

    async def find_owner(self, secret: str, kind: SecretKind) -> str:
        """Know nobody."""
        raise Unauthenticated("TOKEN_INVALID", "There are none here.")

    async def create_session(self, secret: str) -> IssuedSession:
        """Know nobody."""
        raise Unauthenticated("TOKEN_INVALID", "There are none here.")

    async def end_session(self, secret: str) -> None:
        """Have none to end."""
