"""Asks the gateway one thing, in the name of whoever types."""

import asyncio
import os
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from roundtable_cli.client import GatewayClient
from roundtable_cli.commands.server import token_for

T = TypeVar("T")


def ask(server: str, question: Callable[[GatewayClient], Coroutine[Any, Any, T]]) -> T:
    """Return a gateway's answer to a question, as the user whose token is set."""
    token = token_for(server, os.environ)

    async def answer() -> T:
        async with GatewayClient.connect(server, token=token) as client:
            return await question(client)

    return asyncio.run(answer())
