"""Which models an account offers: asked in the background, never waited for."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import structlog

from roundtable_kit.clock import Clock
from roundtable_runner.claude.account import Access, AccountKind
from roundtable_runner.claude.launching import CliLauncher
from roundtable_runner.claude.network import open_client
from roundtable_runner.claude.process import CliStreamBroken

_log = structlog.get_logger()

_KEPT = timedelta(minutes=10)
_RETRY = timedelta(minutes=1)
_CLI_SECONDS = 30.0
_ENDPOINT_SECONDS = 5.0
_MAX_MODELS = 200
_MAX_NAME_CHARACTERS = 200
_MAX_BYTES = 1024 * 1024

_INITIALIZE = {
    "type": "control_request",
    "request_id": "models",
    "request": {"subtype": "initialize", "hooks": None},
}


@dataclass(frozen=True, slots=True)
class ModelList:
    """What an account offers.

    Attributes:
        names: As a turn's request takes them.
        default: Which of them answers where none is named; empty when unknown.
    """

    names: tuple[str, ...] = ()
    default: str = ""


class ModelsUnknown(Exception):  # noqa: N818 - reads as what happened
    """The account does not say which models it offers."""


# Asks an account; raises ModelsUnknown.
AskModels = Callable[[Access], Awaitable[ModelList]]


class AccountModels:
    """The models of the account there is, as far as they are known."""

    def __init__(self, ask: AskModels, clock: Clock) -> None:
        self._ask = ask
        self._clock = clock
        self._access: Access | None = None
        self._models = ModelList()
        self._fresh_until: float | None = None
        self._task: asyncio.Task[None] | None = None

    def look(self, access: Access | None) -> ModelList:
        """Return what is known by now; what is not, or is old, is asked for."""
        if access != self._access:
            self._forget(access)
        is_asking = self._task is not None and not self._task.done()
        if access is not None and not is_asking and not self._is_fresh():
            self._task = asyncio.create_task(self._refresh(access), name="models")
        return self._models

    async def stop(self) -> None:
        """End what asks."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    def _is_fresh(self) -> bool:
        until = self._fresh_until
        return until is not None and self._clock.monotonic() < until

    def _forget(self, access: Access | None) -> None:
        if self._task is not None:
            self._task.cancel()
        self._access, self._models, self._fresh_until = access, ModelList(), None

    async def _refresh(self, access: Access) -> None:
        kept = _RETRY
        try:
            models = await self._ask(access)
            kept = _KEPT
        except ModelsUnknown as error:
            models = ModelList()
            _log.info("models.unknown", account=access.kind.value, why=str(error))
        if access == self._access:
            self._models = models
            self._fresh_until = self._clock.monotonic() + kept.total_seconds()


def ask_account(launcher: CliLauncher) -> AskModels:
    """Return what asks any account: an endpoint itself, for others the CLI."""

    async def ask(access: Access) -> ModelList:
        if access.kind is AccountKind.ENDPOINT:
            return await ask_endpoint(access, launcher.network)
        return await ask_cli(access, launcher)

    return ask


async def ask_cli(access: Access, launcher: CliLauncher) -> ModelList:
    """Return what the CLI offers under an account. Raises ModelsUnknown."""
    try:
        process = await launcher.start(access)
    except OSError as error:
        raise ModelsUnknown("the CLI does not start") from error
    try:
        async with asyncio.timeout(_CLI_SECONDS):
            await process.write(json.dumps(_INITIALIZE) + "\n")
            async for line in process.lines():
                message = json.loads(line) if line.startswith(b"{") else {}
                if message.get("type") == "control_response":
                    return _read_cli(message)
    except (TimeoutError, OSError, CliStreamBroken, ValueError) as error:
        raise ModelsUnknown("the CLI does not answer") from error
    finally:
        await process.kill()
    raise ModelsUnknown("the CLI ended")


async def ask_endpoint(access: Access, network: Mapping[str, str]) -> ModelList:
    """Return what an endpoint says that it serves. Raises ModelsUnknown."""
    base_url = access.variables["ANTHROPIC_BASE_URL"].rstrip("/")
    headers = {"anthropic-version": "2023-06-01"}
    if key := access.variables.get("ANTHROPIC_API_KEY"):
        headers["x-api-key"] = key
    if token := access.variables.get("ANTHROPIC_AUTH_TOKEN"):
        headers["authorization"] = f"Bearer {token}"
    try:
        async with (
            asyncio.timeout(_ENDPOINT_SECONDS),
            open_client(base_url, network, seconds=_ENDPOINT_SECONDS) as client,
            client.stream("GET", f"{base_url}/v1/models", headers=headers) as answer,
        ):
            answer.raise_for_status()
            body = b""
            async for chunk in answer.aiter_bytes():
                body += chunk
                if len(body) > _MAX_BYTES:
                    raise ModelsUnknown("the endpoint's list is too long")
            return ModelList(_names(json.loads(body).get("data"), "id"))
    except (httpx2.HTTPError, OSError, ValueError, AttributeError) as error:
        raise ModelsUnknown("the endpoint does not list its models") from error


def _read_cli(message: dict[str, Any]) -> ModelList:
    try:
        models = message["response"]["response"]["models"]
        defaults = [entry for entry in models if entry.get("value") == "default"]
    except (LookupError, TypeError, AttributeError) as error:
        raise ModelsUnknown("the CLI lists no models") from error
    # Ids and not aliases: what an alias stands for changes with the CLI.
    default = _names(defaults, "resolvedModel")
    return ModelList(_names(models, "resolvedModel"), default[0] if default else "")


def _names(entries: object, field: str) -> tuple[str, ...]:
    if not isinstance(entries, list):
        raise ModelsUnknown("the list of models is none")
    names = (entry.get(field) for entry in entries if isinstance(entry, dict))
    fit = (
        name
        for name in names
        if isinstance(name, str) and 0 < len(name) <= _MAX_NAME_CHARACTERS
    )
    return tuple(dict.fromkeys(fit))[:_MAX_MODELS]
