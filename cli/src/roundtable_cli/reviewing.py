"""A review from the document on disk to the run that has ended."""

import asyncio
from collections.abc import Mapping
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from roundtable_cli.client import GatewayClient
from roundtable_cli.errors import CliError, GatewayUnreachableError, RehearsalOnlyError
from roundtable_cli.events import follow
from roundtable_cli.render.progress import Progress
from roundtable_cli.render.words import engine_in_words
from roundtable_cli.run import REHEARSAL, Run

_CANCEL_WITHIN = timedelta(seconds=5)


@dataclass(frozen=True, kw_only=True)
class ReviewRequest:
    """What the user asks for.

    Attributes:
        path: The document.
        panel_id: Who reviews it.
        brief: Fields of the API's brief; what was not given is not in it.
        allow_rehearsal: Whether the rehearsal engine will do when no other is there.
    """

    path: Path
    panel_id: str
    title: str | None = None
    model: str | None = None
    mode: str = "roundtable"
    brief: Mapping[str, str] = field(default_factory=dict)
    allow_rehearsal: bool = False


async def review(
    client: GatewayClient, request: ReviewRequest, progress: Progress
) -> Run:
    """Have the document reviewed and return the run as it ended.

    When this is cancelled it asks the gateway to cancel the run first.

    Raises:
        RehearsalOnlyError: Only the rehearsal engine is there and it was not allowed.
        CliError: The gateway refuses, or cannot be reached.
    """
    body = await _body(client, request)
    progress.say(f"Uploading {request.path.name} …")
    document_id = await client.upload_document(request.path, title=request.title)
    run = await _create(client, {**body, "document_id": document_id}, progress)
    try:
        return await _see_it_through(client, run, request, progress)
    except asyncio.CancelledError:
        await _cancel(client, run.id, progress)
        raise


async def _body(client: GatewayClient, request: ReviewRequest) -> dict[str, Any]:
    health = await client.health()
    if health.status == "down":
        raise GatewayUnreachableError(f"The gateway at {client.server} has no store.")
    body: dict[str, Any] = {"panel_id": request.panel_id, "mode": request.mode}
    if request.brief:
        body["brief"] = dict(request.brief)
    if request.model is not None:
        body["model"] = request.model
    if health.engine == REHEARSAL:
        if not request.allow_rehearsal:
            raise _rehearsal_only()
        body["engine"] = REHEARSAL
    return body


async def _create(
    client: GatewayClient, body: Mapping[str, Any], progress: Progress
) -> Run:
    # Not torn by Ctrl-C: a run whose id never arrived could not be cancelled.
    creating = asyncio.create_task(client.create_run(body))
    try:
        return await asyncio.shield(creating)
    except asyncio.CancelledError:
        with suppress(CliError, TimeoutError):
            async with asyncio.timeout(_CANCEL_WITHIN.total_seconds()):
                run = await creating
            await _cancel(client, run.id, progress)
        raise


async def _see_it_through(
    client: GatewayClient, run: Run, request: ReviewRequest, progress: Progress
) -> Run:
    if run.engine == REHEARSAL and not request.allow_rehearsal:
        await client.cancel_run(run.id)  # the account went away since /health
        raise _rehearsal_only()
    progress.say(f"Engine: {engine_in_words(run.engine)}")
    progress.seat(run.panelists)
    events = follow(
        client, run.id, on_cut=lambda: progress.say("The stream was cut; resuming …")
    )
    async with aclosing(events):
        async for event in events:
            progress.observe(event)
    return await client.get_run(run.id)


async def _cancel(client: GatewayClient, run_id: str, progress: Progress) -> None:
    progress.say("Cancelling the run …")
    try:
        async with asyncio.timeout(_CANCEL_WITHIN.total_seconds()):
            await client.cancel_run(run_id)
    except (CliError, TimeoutError):
        progress.say(f"The gateway did not confirm it: run {run_id} may go on.")
    else:
        progress.say(f"Run {run_id} is cancelled.")


def _rehearsal_only() -> RehearsalOnlyError:
    return RehearsalOnlyError(
        "No Claude account: only the rehearsal engine is there, and it is not AI.",
        (
            "To see the process with rule-based checks, add --allow-rehearsal.",
            "To be reviewed by Claude: roundtable login; or stop `roundtable up`, set",
            "ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN, and start it again.",
        ),
    )
