"""Runs as files over HTTP."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from roundtable_gateway import openapi
from roundtable_gateway.documents.blocks import MediaType
from roundtable_gateway.documents.docx import read_docx
from roundtable_gateway.documents.limits import Limits
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.exports import findings_csv, markdown
from roundtable_gateway.exports.html import page
from roundtable_gateway.exports.words import REHEARSAL_NOTICE
from roundtable_gateway.http.schemas.run_export import RunExport
from services.gateway.tests.support.http_harness import Gateway
from services.gateway.tests.support.problems import check_problem, wrong_fields
from services.gateway.tests.support.reports import (
    check_golden,
    whole_roundtable,
    whole_run,
)
from services.gateway.tests.support.revisions import keep_docx
from services.gateway.tests.support.samples import (
    DOCUMENT,
    DOCUMENT_TEXT,
    TEXT,
    run_summary,
)
from services.gateway.tests.support.word import package, paragraph, parts_of, run

_PATH = "/api/v1/runs/run_1/export"
_SECONDS = 40  # more than the child has that comments
_GOLDEN = Path(__file__).parent / "golden" / "run_export.json"


@pytest.fixture
def detail(gateway: Gateway) -> RunDetail:
    """Return a run that the gateway has, with its document."""
    detail = whole_roundtable()
    gateway.documents.rows[detail.run.document.id] = (
        *("owner@localhost", DOCUMENT),
        *(DOCUMENT_TEXT, TEXT.encode()),
    )
    gateway.runs.add(run_summary("run_1"))
    gateway.runs.logs["run_1"].detail = detail
    return detail


@pytest.mark.parametrize(
    ("ending", "media_type"),
    [
        ("md", "text/markdown; charset=utf-8"),
        ("html", "text/html; charset=utf-8"),
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("docx", MediaType.DOCX.value),
    ],
)
async def test_exports_are_files(
    gateway: Gateway, detail: RunDetail, ending: str, media_type: str
) -> None:
    """Attachments, which no browser opens on the gateway's own address."""
    response = await gateway.http.get(_PATH, params={"format": ending})

    assert (response.status_code, response.headers["content-type"]) == (200, media_type)
    assert response.headers["x-content-type-options"] == "nosniff"
    disposition = f'attachment; filename="run_1.{ending}"'
    assert response.headers["content-disposition"] == disposition


async def test_reports_are_those_of_the_run(
    gateway: Gateway, detail: RunDetail
) -> None:
    """Each renderer gets the run, and the page its document too."""
    contents = [
        (await gateway.http.get(_PATH, params={"format": ending})).content.decode()
        for ending in ("md", "csv", "html")
    ]

    assert contents == [
        markdown.render(detail),
        findings_csv.render(detail),
        page.render(detail, DOCUMENT_TEXT),
    ]


async def test_word_report_of_a_markdown_document_is_a_report(
    gateway: Gateway, detail: RunDetail
) -> None:
    """With the run's words in it, and the same bytes each time."""
    once, twice = [
        (await gateway.http.get(_PATH, params={"format": "docx"})).content
        for _ in range(2)
    ]

    blocks = [block.text for block in read_docx(once, Limits()).blocks]
    assert once == twice
    assert blocks[:2] == [REHEARSAL_NOTICE, "Backup plan"]
    assert "Discussion" in blocks


async def test_word_export_of_a_docx_is_the_authors_own_file(
    gateway: Gateway, detail: RunDetail
) -> None:
    """Each finding is a comment by its reviewer, the whole one by the house."""
    content = package("".join(paragraph(run(each)) for each in TEXT.split("\n\n")))
    keep_docx(gateway, detail, content)

    answer = await gateway.http.get(_PATH, params={"format": "docx"}, timeout=_SECONDS)

    before, after = parts_of(content), parts_of(answer.content)
    comments = after["word/comments.xml"].decode()
    assert answer.status_code == 200
    assert set(after) - set(before) == {
        "word/comments.xml",
        "word/_rels/document.xml.rels",
    }
    authors = re.findall('w:author="(.*?)"', comments)
    assert authors.count("Persona Roundtable") == 1
    assert authors.count("Control") == 2
    assert len(authors) == 1 + len(detail.findings)
    new = "Our backups were restored twice."
    assert f"Rewrite instead of “Our backups never fail.”: {new}" in comments
    assert (
        read_docx(answer.content, Limits()).blocks
        == read_docx(content, Limits()).blocks
    )
    assert list(gateway.spool_dir.iterdir()) == []


async def test_docx_that_can_no_longer_be_read_is_a_problem(
    gateway: Gateway, detail: RunDetail
) -> None:
    """Nothing of the file is in the answer, and no half of it either."""
    keep_docx(gateway, detail, b"PK\x03\x04 broken")

    answer = await gateway.http.get(_PATH, params={"format": "docx"}, timeout=_SECONDS)

    check_problem(answer, 422, "UNREADABLE")


async def test_json_is_the_run_with_its_text(
    gateway: Gateway, detail: RunDetail
) -> None:
    """All that the other addresses answer, of one moment, and a version."""
    export = (await gateway.http.get(_PATH, params={"format": "json"})).json()

    run = (await gateway.http.get("/api/v1/runs/run_1")).json()
    text_path = f"/api/v1/documents/{detail.run.document.id}/text"
    text = (await gateway.http.get(text_path)).json()
    assert export == {**run, "document_text": text, "format_version": 1}


async def test_json_is_as_committed_and_loads_back_equal(
    gateway: Gateway, detail: RunDetail
) -> None:
    """Its keys stand in one order; what it says comes back whole."""
    content = (await gateway.http.get(_PATH, params={"format": "json"})).content

    check_golden(content.decode(), _GOLDEN)
    adapter = TypeAdapter(RunExport)
    loaded = adapter.validate_json(content)
    assert loaded == RunExport.of_run(detail, DOCUMENT_TEXT)
    assert adapter.dump_json(loaded, indent=2) == content


async def test_json_keeps_its_schema(gateway: Gateway, detail: RunDetail) -> None:
    """The contract says what a reader may rely on."""
    contract: dict[str, Any] = json.loads(openapi.render())

    export = (await gateway.http.get(_PATH, params={"format": "json"})).json()

    answer = contract["paths"]["/api/v1/runs/{run_id}/export"]["get"]["responses"]
    schema = answer["200"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": "#/components/schemas/RunExport"}
    Draft202012Validator({**contract, **schema}).validate(export)
    del export["document_text"]
    assert not Draft202012Validator({**contract, **schema}).is_valid(export)


@pytest.mark.parametrize("query", ["", "?format=pdf", "?format=doc"])
async def test_unknown_export_is_named(
    gateway: Gateway, detail: RunDetail, query: str
) -> None:
    """The format is required, and one of those there are."""
    response = await gateway.http.get(f"{_PATH}{query}")

    assert wrong_fields(check_problem(response, 422, "INVALID_FIELD")) == ["format"]


async def test_run_that_goes_on_can_be_exported(
    gateway: Gateway, detail: RunDetail
) -> None:
    """What there is so far, and that it's not the end."""
    going_on = replace(whole_run(), run=run_summary("run_1"), decision=None)
    gateway.runs.logs["run_1"].detail = going_on

    response = await gateway.http.get(_PATH, params={"format": "html"})

    assert "No decision yet (state pending)." in response.text
