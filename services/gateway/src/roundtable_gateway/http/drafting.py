"""Tells the faults of what people write as wrong fields."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from roundtable_gateway.packs.errors import DraftError, Fault, PackError
from roundtable_kit.errors import FieldViolation, InvalidArgument

_NAMED_FIELDS = 5
_WHOLE = "body"


@contextmanager
def faults_as_fields() -> Iterator[None]:
    """Raise InvalidArgument, which names every wrong field, for a wrong draft."""
    try:
        yield
    except DraftError as error:
        raise wrong_fields(error.faults) from error
    except PackError as error:
        fault = Fault(error.path, error.problem, error.mend)
        raise wrong_fields([fault]) from error


def wrong_fields(faults: Sequence[Fault]) -> InvalidArgument:
    """Return the error for faults, in their order."""
    names = list(dict.fromkeys(fault.path or _WHOLE for fault in faults))
    named = ", ".join(names[:_NAMED_FIELDS])
    if len(names) > _NAMED_FIELDS:
        named += f" and {len(names) - _NAMED_FIELDS} more"
    return InvalidArgument(
        "INVALID_FIELD",
        f"Something is wrong with: {named}.",
        violations=[
            FieldViolation(fault.path or _WHOLE, f"{fault.problem}; {fault.mend}")
            for fault in faults
        ],
    )
