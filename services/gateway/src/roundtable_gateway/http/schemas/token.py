"""Tokens and sign-in over HTTP."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from roundtable_gateway.domain.token import IssuedToken, Token

_LONGEST_NAME = 100
_MOST_DAYS = 366
_DAYS = 90
_MOST_CHARACTERS = 256 * 1024


class SignInBody(BaseModel):
    """A personal access token."""

    model_config = ConfigDict(extra="forbid")

    # No body is so long; a bound has pydantic refuse what is no Unicode, too. Whatever
    # else is wrong with a token is for the store to say, in one answer.
    token: Annotated[str, Field(max_length=_MOST_CHARACTERS, repr=False)]


class CreateTokenBody(BaseModel):
    """A token to make."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, min_length=1, max_length=_LONGEST_NAME
        ),
    ]
    lifetime_days: Annotated[int, Field(ge=1, le=_MOST_DAYS)] = _DAYS


@dataclass(frozen=True, slots=True)
class CreatedToken:
    """A new token; `token` is the secret itself, which is shown this once."""

    id: str
    name: str
    create_time: datetime
    expire_time: datetime
    last_use_time: datetime | None
    token: str

    @classmethod
    def of(cls, issued: IssuedToken) -> Self:
        """Return the contract's form of a new token."""
        return cls(
            id=issued.token.id,
            name=issued.token.name,
            create_time=issued.token.create_time,
            expire_time=issued.token.expire_time,
            last_use_time=issued.token.last_use_time,
            token=issued.secret,
        )


@dataclass(frozen=True, slots=True)
class TokenList:
    """A page of tokens, newest first."""

    tokens: tuple[Token, ...]
    next_page_token: str | None
