"""Who asks, and what they may see."""

from dataclasses import dataclass
from enum import StrEnum

from roundtable_kit.errors import PermissionDenied


class CallerKind(StrEnum):
    """The sorts of callers."""

    USER = "user"
    GATEWAY = "gateway"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a person by e-mail address, or the gateway on its own behalf."""

    kind: CallerKind
    email: str = ""

    @property
    def visible_owner(self) -> str | None:
        """The one owner whose objects the caller sees; None sees all."""
        return self.email if self.kind is CallerKind.USER else None

    def require_user(self) -> str:
        """Return the person's address; refuses the gateway (CALLER_NOT_ALLOWED)."""
        if self.kind is not CallerKind.USER:
            raise PermissionDenied("CALLER_NOT_ALLOWED", "Only a person may do this.")
        return self.email

    def require_gateway(self) -> None:
        """Refuse a person (CALLER_NOT_ALLOWED)."""
        if self.kind is not CallerKind.GATEWAY:
            raise PermissionDenied(
                "CALLER_NOT_ALLOWED", "Only the gateway itself may do this."
            )
