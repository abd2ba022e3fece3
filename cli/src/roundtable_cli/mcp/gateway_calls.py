"""The calls of the gateway's HTTP API that only the tools make."""

import uuid
from collections.abc import Mapping
from typing import Any

from roundtable_cli.client import API, GatewayClient, json_of
from roundtable_cli.errors import MalformedAnswerError
from roundtable_cli.mcp.document_file import DocumentFile

_UPLOAD_SECONDS = 120.0


async def get_page(
    client: GatewayClient, what: str, **parameters: str | int | None
) -> Mapping[str, Any]:
    """Return a page of personas, panels or runs; a parameter of None is not sent."""
    given = {name: value for name, value in parameters.items() if value is not None}
    return json_of(await client.send("GET", f"{API}/{what}", params=given))


async def upload_file(
    client: GatewayClient, file: DocumentFile, *, title: str | None
) -> str:
    """Upload a document and return its id."""
    return await _create_document(
        client,
        files={"file": (file.path.name, file.content)},
        data={} if title is None else {"title": title},
    )


async def upload_text(client: GatewayClient, text: str, *, title: str) -> str:
    """Upload a document that was given as text and return its id."""
    return await _create_document(client, json={"title": title, "text": text})


async def _create_document(client: GatewayClient, **request: Any) -> str:
    answer = await client.send(
        "POST",
        f"{API}/documents",
        timeout=_UPLOAD_SECONDS,
        headers={"Idempotency-Key": str(uuid.uuid4())},
        **request,
    )
    try:
        return str(json_of(answer)["id"])
    except KeyError as error:
        raise MalformedAnswerError("a document without an id") from error
