"""The caller's identity."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do beyond their own objects."""

    ADMIN = "admin"
    MEMBER = "member"


class AuthMode(StrEnum):
    """How callers prove who they are."""

    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Identity:
    """A known caller."""

    email: str
    role: Role
    auth: AuthMode


# Local mode knows one person: whoever sits at the machine.
LOCAL_OWNER = Identity("owner@localhost", Role.ADMIN, AuthMode.LOCAL)
