"""No input is our fault: whatever is sent, the answer is no 500."""

import asyncio
import json
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.parse import quote

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roundtable_gateway.access.identity import AccessRules
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.http.context import Context
from roundtable_gateway.http.feeds import Feeds
from roundtable_gateway.http.idempotency import KeysInFlight
from services.gateway.tests.support import http_harness as harness
from services.gateway.tests.support.fake_store import FakeDocuments, FakeRuns
from services.gateway.tests.support.library import persona_body
from services.gateway.tests.support.no_library import shipped_library
from services.gateway.tests.support.no_tokens import NoTokens
from services.gateway.tests.support.samples import DOCUMENT, DOCUMENT_TEXT, run_summary

_FUZZ = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck)
)
_SAFE = st.characters(exclude_categories=["Cs"])
_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.text(st.characters(categories=["Cs"]), min_size=1, max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
_HEADER_TEXT = st.binary(max_size=40).map(
    lambda raw: bytes(each for each in raw if each not in b"\r\n\x00")
)


async def _answer(
    method: str, url: str, *, headers: list[tuple[bytes, bytes]], content: bytes = b""
) -> httpx.Response:
    """Ask the application itself: a wire would refuse much of this before it."""
    app = harness.default_app()
    app.state.context = await _context()
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://localhost"
    ) as client:
        return await client.request(method, url, headers=headers, content=content)


async def _context() -> Context:
    runs, documents = FakeRuns(), FakeDocuments()
    runs.add(run_summary("run_1"))
    runs.rest("run_1")
    documents.rows["doc_1"] = ("owner@localhost", DOCUMENT, DOCUMENT_TEXT, b"x")
    return Context(
        library=shipped_library(harness.catalogue()),
        documents=documents,
        runs=runs,
        tokens=NoTokens(),
        access=AccessRules(),
        engines=harness.FakeEngines(),
        accounts=harness.FakeAccounts(),
        turn_queue=harness.FakeTurnQueue(),
        peers=harness.FakePeers(),
        reader=harness.FakeReader(),
        notices=harness.FakeNotices(),
        feeds=Feeds(runs),
        keys_in_flight=KeysInFlight(),
        limits=Limits(),
        spool_dir=Path(gettempdir()),
        closing=asyncio.Event(),
    )


@_FUZZ
@given(
    path=st.sampled_from(
        [
            *("personas", "panels", "documents", "runs", "runs/run_1/events"),
            *("runs/run_1/export", "personas/robin", "documents/doc_1/content"),
            *("personas/ciso", "personas/ciso/export", "panels/first_look"),
            *("runs/run_1/compare", "runs/run_1/decision"),
        ]
    ),
    params=st.dictionaries(
        st.sampled_from(
            [
                *("page_size", "page_token", "pack", "query", "state", "version"),
                *("document_id", "after", "format", "with"),
            ]
        ),
        st.text(_SAFE, max_size=30) | st.integers().map(str),
        max_size=4,
    ),
    last_event_id=_HEADER_TEXT,
)
async def test_no_query_is_our_fault(
    path: str, params: dict[str, str], last_event_id: bytes
) -> None:
    """Lists, streams and exports, with anything in their parameters."""
    response = await _answer(
        "GET",
        str(httpx.URL(f"/api/v1/{path}", params=params)),
        headers=[(b"last-event-id", last_event_id)],
    )

    assert response.status_code < 500, response.text


_FIELDS = {
    "panel_id": st.sampled_from(["security_buyers", "none"]),
    "persona_ids": st.lists(st.sampled_from(["none", "ciso", "cio", "\ud800"])),
    "discussion_rounds": st.integers(0, 2),
    "model": st.text(max_size=10),
    "control": st.booleans(),
    "engine": st.just("rehearsal"),
    "brief": st.fixed_dictionaries(
        {}, optional={"audience": st.text(), "document_type": st.text(), "goal": _JSON}
    ),
    "budget": st.fixed_dictionaries(
        {}, optional={"turns": st.integers() | _JSON, "cost_usd": st.floats() | _JSON}
    ),
}
_NEARLY_RUNS = st.fixed_dictionaries(
    {
        "document_id": st.just("doc_1"),
        "mode": st.sampled_from(["review", "roundtable"]),
    },
    optional={name: st.one_of(field, _JSON) for name, field in _FIELDS.items()},
)


_PERSONA = persona_body()
_NEARLY_PERSONAS = st.fixed_dictionaries(
    {},
    optional={name: st.just(value) | _JSON for name, value in _PERSONA.items()},
).map(lambda changes: _PERSONA | changes)
_NEARLY_PANELS = st.fixed_dictionaries(
    {
        "name": st.just("Tenders") | _JSON,
        "seats": st.lists(
            st.fixed_dictionaries(
                {"persona_id": st.sampled_from(["ciso", "cto", "none"]) | _JSON},
                optional={"model": st.sampled_from(["opus", "-x", "a\n"]) | _JSON},
            ),
            max_size=4,
        )
        | _JSON,
    },
    optional={"discussion_rounds": st.integers(0, 2) | _JSON, "control": _JSON},
)


@_FUZZ
@given(
    path=st.sampled_from(
        [
            *("runs", "runs/estimate", "runs/run_1/questions", "documents"),
            *("admin/claude/test", "admin/claude/login/login_1/code"),
            *("personas", "personas/import", "personas/ciso/copy", "panels"),
        ]
    ),
    body=_JSON
    | _NEARLY_RUNS
    | st.fixed_dictionaries({"title": _JSON, "text": _JSON})
    | st.fixed_dictionaries({"code": _JSON})
    | st.fixed_dictionaries({"panelist_id": st.just("A") | _JSON, "text": _JSON})
    | st.fixed_dictionaries({"model": _JSON})
    | _NEARLY_PERSONAS
    | _NEARLY_PANELS
    | st.fixed_dictionaries({"personas": st.lists(_NEARLY_PERSONAS, max_size=2)}),
    key=_HEADER_TEXT,
)
async def test_no_json_is_our_fault(path: str, body: Any, key: bytes) -> None:
    """Creates, with bodies that nearly fit and bodies that don't at all."""
    response = await _answer(
        "POST",
        f"/api/v1/{path}",
        headers=[
            (b"x-requested-with", b"roundtable"),
            (b"content-type", b"application/json"),
            (b"idempotency-key", key),
        ],
        content=json.dumps(body).encode(),
    )

    assert response.status_code < 500, response.text


@_FUZZ
@given(
    finding_id=st.text(_SAFE, min_size=1, max_size=10),
    body=_JSON
    | st.fixed_dictionaries(
        {"disposition": st.sampled_from(["rejected", "odd"]), "reason": _JSON}
    ),
)
async def test_no_answer_to_a_finding_is_our_fault(finding_id: str, body: Any) -> None:
    """Whatever the finding is called and whatever is said of it."""
    url = httpx.URL(
        f"/api/v1/runs/run_1/findings/{quote(finding_id, safe='')}/disposition"
    )

    response = await _answer(
        "PUT",
        str(url),
        headers=[
            (b"x-requested-with", b"roundtable"),
            (b"content-type", b"application/json"),
        ],
        content=json.dumps(body).encode(),
    )

    assert response.status_code < 500, response.text


@_FUZZ
@given(
    headers=st.lists(
        st.tuples(
            st.sampled_from(
                [
                    *(b"host", b"origin", b"content-type", b"content-length"),
                    *(b"x-request-id", b"x-requested-with", b"accept", b"range"),
                    *(b"access-control-request-method", b"if-match", b"cookie"),
                ]
            ),
            _HEADER_TEXT,
        ),
        max_size=5,
    ),
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "OPTIONS", "HEAD", "ODD"]),
    content=st.binary(max_size=60),
)
async def test_no_header_or_bytes_are_our_fault(
    headers: list[tuple[bytes, bytes]], method: str, content: bytes
) -> None:
    """Any method, headers and bytes, on an address that takes uploads."""
    given = [(b"host", b"localhost"), (b"x-requested-with", b"roundtable"), *headers]

    response = await _answer(
        method, "/api/v1/documents", headers=given, content=content
    )

    assert response.status_code < 500, response.text
