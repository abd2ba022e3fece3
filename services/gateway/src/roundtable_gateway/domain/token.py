"""Personal access tokens and sessions."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class SecretKind(StrEnum):
    """What a secret is, which depends on how it may be sent."""

    PERSONAL = "personal"
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Token:
    """A personal access token; `last_use_time` is midnight of the last day of use."""

    id: str
    name: str
    create_time: datetime
    expire_time: datetime
    last_use_time: datetime | None


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token and its secret, which nobody can read again."""

    token: Token
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class IssuedSession:
    """A new session of a person and its secret."""

    email: str
    secret: str = field(repr=False)
    expire_time: datetime
