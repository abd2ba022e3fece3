"""Personal access tokens, and the sessions that a browser makes from one.

The one place that knows what a secret looks like. A secret is 256 random bits in
hexadecimal behind a prefix that tells its kind, to people and to scanners that look for
leaked ones. Only its SHA-256 is kept. That needs neither salt nor slow hashing, as
nobody can try 2^256 secrets; nor a comparison in constant time, as the look-up by an
index can tell by its duration no more than how some digest begins, and nobody can
choose a secret by its digest.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from roundtable_kit.errors import FailedPrecondition, NotFound, Unauthenticated

MAX_TOKENS = 50
MAX_SESSIONS = 20
MAX_NAME_LENGTH = 100
DEFAULT_LIFETIME_DAYS = 90
MAX_LIFETIME_DAYS = 366
SESSION_LIFETIME = timedelta(days=30)

# What browsers take for an address (WHATWG HTML, "valid e-mail address"), in length
# what SMTP carries (RFC 5321).
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+"
    r"@[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
_MAX_EMAIL_LENGTH = 254
_SECRET_BYTES = 32


class TokenKind(StrEnum):
    """The sorts of secrets."""

    PERSONAL = "personal"
    SESSION = "session"


_PREFIXES = {TokenKind.PERSONAL: "rt_", TokenKind.SESSION: "rts_"}
_BODY = re.compile(f"[0-9a-f]{{{2 * _SECRET_BYTES}}}")


class SecretSource(Protocol):
    """Makes secrets that nobody can guess."""

    def new_secret(self, kind: TokenKind) -> str:
        """Return a new secret."""
        ...


class RandomSecrets:
    """Secrets from the machine's random source."""

    def new_secret(self, kind: TokenKind) -> str:
        """Return a new secret of 256 random bits."""
        return _PREFIXES[kind] + secrets.token_hex(_SECRET_BYTES)


def digest_of(secret: str, kind: TokenKind) -> bytes:
    """Return what is kept of a secret; refuses what is none (TOKEN_INVALID)."""
    prefix = _PREFIXES[kind]
    if not secret.startswith(prefix) or not _BODY.fullmatch(secret, len(prefix)):
        raise token_invalid()
    return hashlib.sha256(secret.encode()).digest()


def canonical_email(address: str) -> str | None:
    """Return an e-mail address as rows name their owner; None for what is none.

    In lower case: whoever writes their address another way is the same person.
    """
    if len(address) > _MAX_EMAIL_LENGTH or not _EMAIL.fullmatch(address):
        return None
    return address.lower()


def is_token_name(name: str) -> bool:
    """Whether a token can be called that: one line, not too long, not blank."""
    return name.isprintable() and 0 < len(name.strip()) <= len(name) <= MAX_NAME_LENGTH


@dataclass(frozen=True, slots=True)
class NewToken:
    """A personal token to make.

    Attributes:
        request_id: Idempotency key: the same one replaces what it made before.
    """

    owner: str
    request_id: str
    name: str
    lifetime: timedelta


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """A personal token without its secret; `last_use_time` is a day's midnight."""

    token_id: str
    owner: str
    name: str
    create_time: datetime
    expire_time: datetime
    last_use_time: datetime | None


@dataclass(frozen=True, slots=True)
class CreatedToken:
    """A new personal token with its secret, which is told this once."""

    token: TokenRecord
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class CreatedSession:
    """A new session with its secret, which is told this once."""

    email: str
    secret: str = field(repr=False)
    expire_time: datetime


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whose a secret is."""

    email: str
    token_id: str
    kind: TokenKind
    expire_time: datetime


def token_invalid() -> Unauthenticated:
    """Return the one error for every secret that is not good, whatever the cause."""
    return Unauthenticated(
        "TOKEN_INVALID",
        "The token or session is not valid (any more); sign in again or make a token.",
    )


def token_not_found() -> NotFound:
    """Return the error for a token that is not there or not the caller's."""
    return NotFound("TOKEN_NOT_FOUND", "There is no such token.")


def too_many_tokens() -> FailedPrecondition:
    """Return the error for one token more than a person may have."""
    return FailedPrecondition(
        "TOO_MANY_TOKENS",
        f"You have {MAX_TOKENS} tokens, which is the most; delete one first.",
    )
