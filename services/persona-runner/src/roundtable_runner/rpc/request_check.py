"""Gathers what is wrong with a request, field by field."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from roundtable_kit.errors import FieldViolation, InvalidArgument

_T = TypeVar("_T")


class RequestCheck:
    """Notes violations under a path; those of all its parts come to one error."""

    def __init__(
        self, path: str = "", violations: list[FieldViolation] | None = None
    ) -> None:
        self._path = path
        self._violations = [] if violations is None else violations

    def at(self, field: str) -> "RequestCheck":
        """Return the check of a message's field, which notes to the same list."""
        return RequestCheck(self._name(field), self._violations)

    def each(
        self, field: str, values: Iterable[_T]
    ) -> Iterator[tuple["RequestCheck", _T]]:
        """Yield each value of a list with its check."""
        for index, value in enumerate(values):
            yield self.at(f"{field}[{index}]"), value

    def that(self, is_right: bool, field: str, detail: str) -> None:  # noqa: FBT001 - reads as a sentence
        """Note a violation unless it is right."""
        if not is_right:
            self._violations.append(FieldViolation(self._name(field), detail))

    def given(self, value: object, field: str) -> None:
        """Note a violation where a value is empty."""
        self.that(bool(value), field, "is required")

    def one_of(self, value: str, values: Iterable[str], field: str) -> None:
        """Note a violation where a value is none of those known."""
        known = list(values)
        self.that(value in known, field, f"is one of {', '.join(known)}")

    def distinct(self, values: Iterable[str], field: str) -> None:
        """Note a violation where a list is empty or holds a value twice."""
        listed = list(values)
        self.that(bool(listed), field, "is empty")
        self.that(len(set(listed)) == len(listed), field, "has an entry twice")

    def done(self) -> None:
        """Raise InvalidArgument when anything was noted."""
        if self._violations:
            raise InvalidArgument(
                "INVALID_REQUEST",
                "The request has wrong fields.",
                violations=self._violations,
            )

    def _name(self, field: str) -> str:
        return f"{self._path}.{field}" if self._path else field
