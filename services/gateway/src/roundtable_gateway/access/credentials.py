"""What a request carries to prove who sends it.

A token counts in the Authorization header alone, a session in its cookie alone. A
Bearer header is the caller's own word and wins: when it is bad, no cookie makes up for
it. Another scheme, such as a proxy's Basic, is none of ours and says nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from roundtable_gateway.domain.token import SecretKind

# Browsers take a cookie of this prefix over HTTPS only, from the very host, for all of
# it: no other host of the domain can plant one.
SESSION_COOKIE = "__Host-roundtable"

_SCHEME = "bearer"


@dataclass(frozen=True, slots=True)
class Credential:
    """A secret and what it must be to count."""

    kind: SecretKind
    secret: str = field(repr=False)


def find_credential(
    authorization: Sequence[str], cookies: Mapping[str, str]
) -> Credential | None:
    """Return what counts of a request's Authorization headers and cookies."""
    tokens = [
        secret.strip()
        for scheme, _, secret in (value.partition(" ") for value in authorization)
        if scheme.lower() == _SCHEME
    ]
    if tokens:
        # Two are nobody's: a proxy might have checked the one that we don't read.
        secret = tokens[0] if len(tokens) == 1 else ""
        return Credential(SecretKind.PERSONAL, secret)
    session = cookies.get(SESSION_COOKIE)
    return None if session is None else Credential(SecretKind.SESSION, session)
