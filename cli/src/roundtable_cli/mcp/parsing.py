"""From what a client sent to a tool's arguments, or to words on what is wrong."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from roundtable_cli.errors import CliError, ExitCode


class ArgumentError(CliError):
    """A tool cannot be called so; the details name each field and its mend."""

    exit_code = ExitCode.USAGE


class Arguments(BaseModel):
    """A tool's arguments; an unknown one is refused, not ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


ArgumentsT = TypeVar("ArgumentsT", bound=Arguments)


def parse(kind: type[ArgumentsT], given: Mapping[str, Any], *, tool: str) -> ArgumentsT:
    """Return the arguments as what the tool takes.

    Raises:
        ArgumentError: They are something else; it names each field, not its value.
    """
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        faults = tuple(
            _in_words(fault, tuple(kind.model_fields))
            for fault in error.errors(include_url=False, include_input=False)
        )
        raise ArgumentError(f"{tool} cannot be called so.", faults) from error


def _in_words(fault: ErrorDetails, known: tuple[str, ...]) -> str:
    field = ".".join(str(part) for part in fault["loc"])
    match fault["type"]:
        case "extra_forbidden":
            return f"{field}: there is no such field; there are {', '.join(known)}"
        case "missing":
            return f"{field}: it is required"
        case "string_pattern_mismatch":
            return f"{field}: it is no run's id; list_runs names them"
        case "value_error":
            return str(fault["ctx"]["error"])
    return f"{field}: {fault['msg']}"
