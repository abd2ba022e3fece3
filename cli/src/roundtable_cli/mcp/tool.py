"""What a tool is: its name, its words for the agent, its arguments, its work."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from roundtable_cli.client import GatewayClient
from roundtable_cli.mcp.parsing import Arguments, parse

ArgumentsT = TypeVar("ArgumentsT", bound=Arguments)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a tool.

    Attributes:
        client: The gateway.
        tell: Says a line to the client while the tool works.
    """

    client: GatewayClient
    tell: Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool found, as an object of its schema and in words."""

    content: BaseModel
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool(Generic[ArgumentsT]):
    """A tool as clients see it, and its work.

    Attributes:
        is_read_only: Whether a call leaves everything as it was.
        do: The work; it raises CliError for what the agent can act on.
    """

    name: str
    title: str
    description: str
    arguments: type[ArgumentsT]
    result: type[BaseModel]
    is_read_only: bool
    do: Callable[[Call, ArgumentsT], Awaitable[Answer]]

    def prepare(self, given: Mapping[str, Any]) -> Callable[[Call], Awaitable[Answer]]:
        """Return the work for these arguments.

        Raises:
            ArgumentError: They are not what the tool takes.
        """
        arguments = parse(self.arguments, given, tool=self.name)
        return lambda call: self.do(call, arguments)
