"""What a turn is given beside the document: findings, marks, a question.

The material is as hostile as the document: what does not keep the contract ends the
turn with a word on which field is wrong, and never with what stood there.
"""

from dataclasses import dataclass
from typing import Any

from roundtable_rehearsal.errors import TurnError


class Fields:
    """A JSON object whose fields are read by name and type.

    Raises:
        TurnError: It is no object; or, when a field is read, the field is missing or
            of another type.
    """

    def __init__(self, value: Any) -> None:
        if not isinstance(value, dict):
            raise TurnError(
                "The material holds something else where an object belongs."
            )
        self._value = value

    def text(self, name: str) -> str:
        """Give a text."""
        match self._value.get(name):
            case str(value):
                return value
        raise _wrong(name)

    def text_if_given(self, name: str) -> str:
        """Give a text; empty where the field is missing or null."""
        return "" if self._value.get(name) is None else self.text(name)

    def number(self, name: str) -> int:
        """Give a whole number."""
        match self._value.get(name):
            case int(value) if not isinstance(value, bool):
                return value
        raise _wrong(name)

    def number_if_given(self, name: str) -> int | None:
        """Give a whole number; None where the field is missing or null."""
        return None if self._value.get(name) is None else self.number(name)

    def is_false(self, name: str) -> bool:
        """Whether a field says no, rather than yes or nothing."""
        return self._value.get(name) is False

    def texts(self, name: str) -> tuple[str, ...]:
        """Give a list of texts."""
        match self._value.get(name):
            case list(values) if all(isinstance(value, str) for value in values):
                return tuple(values)
        raise _wrong(name)

    def object(self, name: str) -> "Fields":
        """Give an object."""
        return Fields(self._value.get(name))

    def object_if_given(self, name: str) -> "Fields | None":
        """Give an object; None where the field is missing or null."""
        return None if self._value.get(name) is None else self.object(name)

    def objects(self, name: str) -> tuple["Fields", ...]:
        """Give a list of objects."""
        match self._value.get(name):
            case list(values):
                return tuple(Fields(value) for value in values)
        raise _wrong(name)


@dataclass(frozen=True, slots=True)
class GivenQuote:
    """Words as somebody quoted them."""

    text: str
    paragraph_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFinding:
    """A finding as the material tells it; an id and a speaker only where it has one."""

    finding_id: str
    speaker: str
    is_verified: bool
    title: str
    fix: str
    paragraph_ids: tuple[str, ...]
    quotes: tuple[GivenQuote, ...]


def read_finding(fields: Fields) -> GivenFinding:
    """Read a finding.

    Raises:
        TurnError: A field is missing or of another type.
    """
    return GivenFinding(
        finding_id=fields.text_if_given("finding_id"),
        speaker=fields.text_if_given("speaker"),
        is_verified=not fields.is_false("is_verified"),
        title=fields.text("title"),
        fix=fields.text("fix"),
        paragraph_ids=fields.texts("paragraph_ids"),
        quotes=tuple(
            GivenQuote(quote.text("text"), quote.text_if_given("paragraph_id") or None)
            for quote in fields.objects("quotes")
        ),
    )


def _wrong(name: str) -> TurnError:
    return TurnError(f"The material's field {name!r} is missing or of another type.")
