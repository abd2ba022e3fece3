"""Two runs on revisions of one document, over HTTP."""

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from roundtable_gateway.domain.document import Document
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import RunDetail, RunState
from services.gateway.tests.support.http_harness import WRITE, Gateway
from services.gateway.tests.support.log_samples import FINDING
from services.gateway.tests.support.problems import check_problem, wrong_fields
from services.gateway.tests.support.samples import NOW, TEXT, run_summary

_DOCUMENTS = "/api/v1/documents"
_FINDING = replace(FINDING, quotes=FINDING.quotes[:1])


async def _upload(gateway: Gateway, text: str, *, revises: str | None = None) -> str:
    path = f"{_DOCUMENTS}/{revises}/revisions" if revises else _DOCUMENTS
    response = await gateway.http.post(
        path, headers=WRITE, json={"title": "Plan", "text": text}
    )
    return str(response.json()["id"])


def _stored(gateway: Gateway, document_id: str) -> Document:
    return gateway.documents.rows[document_id][1]


def _add_run(
    gateway: Gateway,
    run_id: str,
    document_id: str,
    *findings: Finding,
    state: RunState = RunState.SUCCEEDED,
    owner: str = "owner@localhost",
) -> None:
    run = replace(
        run_summary(run_id),
        state=state,
        document=_stored(gateway, document_id),
        create_time=NOW + timedelta(minutes=len(gateway.runs.logs)),
    )
    gateway.runs.add(run, owner=owner)
    gateway.runs.logs[run_id].detail = RunDetail(run, (), findings, None)


@pytest.fixture
async def revised(gateway: Gateway) -> Gateway:
    """A gateway with a run on a document and one on its revision, mended."""
    first = await _upload(gateway, TEXT)
    second = await _upload(gateway, "We restore backups each week.", revises=first)
    _add_run(gateway, "run_old", first, _FINDING)
    _add_run(gateway, "run_new", second)
    return gateway


async def _compare(gateway: Gateway, run_id: str, other_id: str) -> httpx.Response:
    return await gateway.http.get(
        f"/api/v1/runs/{run_id}/compare", params={"with": other_id}
    )


@pytest.mark.parametrize(
    ("run_id", "other_id"), [("run_new", "run_old"), ("run_old", "run_new")]
)
async def test_mended_words_are_fixed(
    revised: Gateway, run_id: str, other_id: str
) -> None:
    """The later revision is held against the earlier, whichever way they are named."""
    response = await _compare(revised, run_id, other_id)

    comparison = response.json()
    assert response.status_code == 200
    assert (comparison["old_run_id"], comparison["new_run_id"]) == (
        *("run_old", "run_new"),
    )
    assert comparison["fixed"] == [
        {
            "old_finding_id": "A1",
            "new_finding_id": None,
            "reason": "WORDS_CHANGED",
        }
    ]
    assert comparison["still_there"] == []


async def test_runs_on_one_text_are_compared_by_their_time(revised: Gateway) -> None:
    """The later run's finding is new where the earlier one had none."""
    document_id = revised.runs.logs["run_old"].detail.run.document.id
    _add_run(revised, "run_again", document_id, _FINDING)

    comparison = (await _compare(revised, "run_again", "run_old")).json()

    assert comparison["new_run_id"] == "run_again"
    assert [each["new_finding_id"] for each in comparison["still_there"]] == ["A1"]


async def test_revision_of_a_revision_is_of_the_same_document(
    revised: Gateway,
) -> None:
    """However long the line between them."""
    second = revised.runs.logs["run_new"].detail.run.document.id
    third = await _upload(revised, TEXT, revises=second)
    _add_run(revised, "run_third", third)

    assert (await _compare(revised, "run_third", "run_old")).status_code == 200


async def test_other_run_must_be_on_the_same_document(revised: Gateway) -> None:
    """Another document, nobody's run, another's run, itself: 422 names the field."""
    other = await _upload(revised, TEXT)
    _add_run(revised, "run_other", other)
    _add_run(revised, "run_theirs", other, owner="else@example.org")

    for other_id in ("run_other", "run_theirs", "run_none", "run_new"):
        problem = check_problem(
            await _compare(revised, "run_new", other_id), 422, "INVALID_FIELD"
        )
        assert wrong_fields(problem) == ["with"]


async def test_run_that_is_not_there_is_not_compared(revised: Gateway) -> None:
    """404 for the one that the address names."""
    check_problem(await _compare(revised, "run_none", "run_old"), 404, "RUN_NOT_FOUND")


async def test_other_run_must_be_named(revised: Gateway) -> None:
    """422 names the parameter."""
    response = await revised.http.get("/api/v1/runs/run_new/compare")

    assert wrong_fields(check_problem(response, 422, "INVALID_FIELD")) == ["with"]


async def test_run_that_goes_on_is_not_compared(revised: Gateway) -> None:
    """What it has not raised yet would look as if it were fixed."""
    document_id = revised.runs.logs["run_new"].detail.run.document.id
    _add_run(revised, "run_on", document_id, state=RunState.RUNNING)

    check_problem(await _compare(revised, "run_on", "run_old"), 409, "RUN_NOT_AT_REST")
