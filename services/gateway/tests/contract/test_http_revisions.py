"""Revisions of documents over HTTP."""

from services.gateway.tests.support.http_harness import WRITE, Gateway
from services.gateway.tests.support.problems import check_problem

_DOCUMENTS = "/api/v1/documents"
_PASTED = {"title": "Plan", "text": "Ship it."}


async def test_a_revision_is_a_document_of_its_own(gateway: Gateway) -> None:
    """It names what it revises and keeps its title; both can be read."""
    first = (await gateway.http.post(_DOCUMENTS, headers=WRITE, json=_PASTED)).json()

    response = await gateway.http.post(
        f"{_DOCUMENTS}/{first['id']}/revisions",
        headers=WRITE,
        files={"file": ("next.md", b"Ship it on Monday. " * 20_000)},
    )

    second = response.json()
    assert response.status_code == 201
    assert (second["revision_of"], second["title"]) == (first["id"], "Plan")
    listed = (await gateway.http.get(_DOCUMENTS)).json()["documents"]
    assert {document["id"] for document in listed} == {first["id"], second["id"]}


async def test_nothing_can_be_revised_that_is_not_there(gateway: Gateway) -> None:
    """404, before anything is read."""
    response = await gateway.http.post(
        f"{_DOCUMENTS}/doc_none/revisions",
        headers=WRITE,
        json=_PASTED,
    )

    check_problem(response, 404, "DOCUMENT_NOT_FOUND")
    assert gateway.reader.names == []


async def test_a_key_means_one_thing_a_route(gateway: Gateway) -> None:
    """A revision under a document's own key is a new one, and repeats as itself."""
    headers = {**WRITE, "Idempotency-Key": "k1"}
    first = await gateway.http.post(_DOCUMENTS, headers=headers, json=_PASTED)
    revisions = f"{_DOCUMENTS}/{first.json()['id']}/revisions"

    second = await gateway.http.post(revisions, headers=headers, json=_PASTED)
    again = await gateway.http.post(revisions, headers=headers, json=_PASTED)

    assert second.json()["id"] != first.json()["id"]
    assert again.json() == second.json()
