"""The errors that cross a service's border.

    ServiceError
    ├── InvalidArgument      a field is wrong; change the request
    ├── NotFound             not there, or not the caller's
    ├── AlreadyExists        something else has that name or key
    ├── PermissionDenied     known, but not allowed
    ├── Unauthenticated      not known
    ├── FailedPrecondition   change the object's state first
    ├── Aborted              somebody else was faster; begin again
    ├── ResourceExhausted    too much, too large or too often
    ├── Unavailable          not now; ask again
    └── Internal             our fault; nothing to be told

Messages are safe to show: they never hold document text, prompts, answers or secrets.
Cancellation and deadlines are the frame's own and no part of the tree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar


class ErrorKind(StrEnum):
    """What an error asks of the caller."""

    INVALID_ARGUMENT = "invalid_argument"
    NOT_FOUND = "not_found"
    ALREADY_EXISTS = "already_exists"
    PERMISSION_DENIED = "permission_denied"
    UNAUTHENTICATED = "unauthenticated"
    FAILED_PRECONDITION = "failed_precondition"
    ABORTED = "aborted"
    RESOURCE_EXHAUSTED = "resource_exhausted"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One field that is wrong, by its path, and how to mend it."""

    field: str
    detail: str


class ServiceError(Exception):
    """An error that may be told to the caller as it is.

    Attributes:
        reason: UPPER_SNAKE word that programs may rely on.
        message: One or two sentences for a person: what happened and what to do.
        retry_after: When asking again may help; None where it will not.
        violations: The fields that are wrong.
    """

    kind: ClassVar[ErrorKind]

    def __init__(
        self,
        reason: str,
        message: str,
        *,
        retry_after: timedelta | None = None,
        violations: Sequence[FieldViolation] = (),
    ) -> None:
        super().__init__(f"{reason}: {message}")
        self.reason = reason
        self.message = message
        self.retry_after = retry_after
        self.violations = tuple(violations)


class InvalidArgument(ServiceError):
    """A field is wrong whatever the state of the world."""

    kind = ErrorKind.INVALID_ARGUMENT


class NotFound(ServiceError):
    """The object is not there, or not the caller's."""

    kind = ErrorKind.NOT_FOUND


class AlreadyExists(ServiceError):
    """Something else has that name or key."""

    kind = ErrorKind.ALREADY_EXISTS


class PermissionDenied(ServiceError):
    """The caller is known, but not allowed."""

    kind = ErrorKind.PERMISSION_DENIED


class Unauthenticated(ServiceError):
    """The caller is not known."""

    kind = ErrorKind.UNAUTHENTICATED


class FailedPrecondition(ServiceError):
    """The object's state forbids it; change that first."""

    kind = ErrorKind.FAILED_PRECONDITION


class Aborted(ServiceError):
    """Somebody else was faster; begin again from a fresh look."""

    kind = ErrorKind.ABORTED


class ResourceExhausted(ServiceError):
    """Too much, too large or too often."""

    kind = ErrorKind.RESOURCE_EXHAUSTED


class Unavailable(ServiceError):
    """Not now; the same call may go through later."""

    kind = ErrorKind.UNAVAILABLE


class Internal(ServiceError):
    """A fault of ours."""

    kind = ErrorKind.INTERNAL


ERRORS_BY_KIND: dict[ErrorKind, type[ServiceError]] = {
    error.kind: error for error in ServiceError.__subclasses__()
}
