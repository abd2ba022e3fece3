"""Collects what is wrong with a request: the caller learns all of it at once."""

from collections.abc import Iterable

from google.protobuf.message import Message

from roundtable.store.v1.process_pb2 import Stance
from roundtable.store.v1.turn_pb2 import QuoteMethod, Verdict
from roundtable_kit.errors import FieldViolation, InvalidArgument

_REQUIRED = "is required"

# Enums, and fields of one. Everywhere else the zero value of an enum is refused.
_MAY_BE_UNSPECIFIED = {
    Verdict.DESCRIPTOR.full_name,
    QuoteMethod.DESCRIPTOR.full_name,
    f"{Stance.DESCRIPTOR.full_name}.severity_before",
    f"{Stance.DESCRIPTOR.full_name}.severity_after",
}


class Violations:
    """The wrong fields of one request."""

    def __init__(self) -> None:
        self._found: list[FieldViolation] = []

    def add(self, field: str, detail: str) -> None:
        """Note a wrong field."""
        self._found.append(FieldViolation(field, detail))

    def require(self, field: str, value: object) -> None:
        """Note a field that is missing: empty, zero or unspecified."""
        if not value:
            self.add(field, _REQUIRED)

    def require_fields(
        self, field: str, message: Message, names: Iterable[str]
    ) -> None:
        """Note each of a message's fields that is missing."""
        for name in names:
            self.require(f"{field}.{name}", getattr(message, name))

    def require_enums(self, field: str, message: Message) -> None:
        """Note each enum of a message, and of those within, that is unspecified."""
        for descriptor in message.DESCRIPTOR.fields:
            path = f"{field}.{descriptor.name}"
            value = getattr(message, descriptor.name)
            if descriptor.enum_type is not None:
                names = {descriptor.enum_type.full_name, descriptor.full_name}
                if not names & _MAY_BE_UNSPECIFIED:
                    self.require(path, value)
            elif descriptor.message_type is None:
                continue
            elif descriptor.is_repeated:
                for index, item in enumerate(value):
                    self.require_enums(f"{path}[{index}]", item)
            elif message.HasField(descriptor.name):
                self.require_enums(path, value)

    def check(self) -> None:
        """Raise when anything is wrong (INVALID_FIELD)."""
        if self._found:
            raise InvalidArgument(
                "INVALID_FIELD",
                "A field of the request is missing or wrong.",
                violations=self._found,
            )
