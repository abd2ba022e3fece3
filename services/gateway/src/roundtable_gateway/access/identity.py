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
    TOKEN = "token"  # noqa: S105 - a word of the contract


@dataclass(frozen=True, slots=True)
class Identity:
    """A known caller."""

    email: str
    role: Role
    auth: AuthMode


# Local mode knows one person: whoever sits at the machine.
LOCAL_OWNER = Identity("owner@localhost", Role.ADMIN, AuthMode.LOCAL)


@dataclass(frozen=True, slots=True)
class AccessRules:
    """How callers are known, and who of them are admins (addresses in lower case)."""

    auth: AuthMode = AuthMode.LOCAL
    admins: frozenset[str] = frozenset()

    def identity_of(self, email: str) -> Identity:
        """Return the identity of a person whose address was proved."""
        role = Role.ADMIN if email in self.admins else Role.MEMBER
        return Identity(email, role, self.auth)
