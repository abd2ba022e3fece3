"""What people do with a run that has ended, over HTTP."""

from dataclasses import replace
from typing import Any

import httpx
import pytest

from roundtable_gateway.domain.run import RunState
from services.gateway.tests.support.http_harness import WRITE, Gateway
from services.gateway.tests.support.log_samples import FINDING
from services.gateway.tests.support.problems import check_problem, wrong_fields
from services.gateway.tests.support.samples import run_summary

_RUN = "/api/v1/runs/run_1"


@pytest.fixture
def ended(gateway: Gateway) -> Gateway:
    """A gateway with a run of two seats that ended without success."""
    run = replace(run_summary(seats="AB"), state=RunState.INCOMPLETE)
    gateway.runs.add(run)
    log = gateway.runs.logs[run.id]
    log.detail = replace(log.detail, findings=(FINDING,))
    gateway.runs.rest(run.id)
    return gateway


async def _ask(
    gateway: Gateway, body: object, headers: dict[str, str] | None = None
) -> httpx.Response:
    return await gateway.http.post(
        f"{_RUN}/questions", headers={**WRITE, **(headers or {})}, json=body
    )


async def _answer(
    gateway: Gateway, body: object, finding_id: str = "A1"
) -> httpx.Response:
    return await gateway.http.put(
        f"{_RUN}/findings/{finding_id}/disposition", headers=WRITE, json=body
    )


async def test_retried_run_goes_on(ended: Gateway) -> None:
    """202 with the run, and the conductor hears of it."""
    response = await ended.http.post(f"{_RUN}/retry", headers=WRITE)

    assert response.status_code == 202
    assert response.json()["state"] == "running"
    assert response.json()["reopen_time"] is not None
    assert ended.notices.new == ["run_1"]


@pytest.mark.parametrize("state", [RunState.SUCCEEDED, RunState.RUNNING])
async def test_what_did_not_fail_is_not_retried(
    gateway: Gateway, state: RunState
) -> None:
    """409, and nobody is woken."""
    gateway.runs.add(replace(run_summary(), state=state))
    gateway.runs.rest("run_1")

    response = await gateway.http.post(f"{_RUN}/retry", headers=WRITE)

    check_problem(response, 409, "RUN_NOT_RETRIABLE")
    assert gateway.notices.new == []


@pytest.mark.parametrize("reason", [None, "It was restored in May."])
async def test_author_answers_a_finding(ended: Gateway, reason: str | None) -> None:
    """The finding comes back with the answer, and the run has it from then on."""
    body = {"disposition": "rejected", "reason": reason}

    response = await _answer(ended, body)

    assert response.status_code == 200
    answered = response.json()
    assert (answered["id"], answered["disposition"]) == ("A1", "rejected")
    assert answered["disposition_reason"] == reason
    run = (await ended.http.get(_RUN)).json()
    assert run["findings"] == [answered]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "disposition"),
        ({"disposition": "perhaps"}, "disposition"),
        ({"disposition": "rejected", "reason": ""}, "reason"),
        ({"disposition": "rejected", "reason": " \n"}, "reason"),
        ({"disposition": "rejected", "reason": "x" * 4_001}, "reason"),
        ({"disposition": "open", "colour": "red"}, "colour"),
    ],
    ids=str,
)
async def test_wrong_field_of_an_answer_is_named(
    ended: Gateway, body: dict[str, Any], field: str
) -> None:
    """422, and the finding stays as it is."""
    response = await _answer(ended, body)

    assert wrong_fields(check_problem(response, 422, "INVALID_FIELD")) == [field]
    assert ended.runs.logs["run_1"].detail.findings == (FINDING,)


async def test_finding_that_is_not_there_can_not_be_answered(ended: Gateway) -> None:
    """404, and so for a run that is not there."""
    body = {"disposition": "accepted"}

    check_problem(await _answer(ended, body, "Z9"), 404, "FINDING_NOT_FOUND")
    ended.runs.remove("run_1")
    check_problem(await _answer(ended, body), 404, "RUN_NOT_FOUND")


@pytest.mark.parametrize(
    ("panelist_id", "seats"), [("B", ["B"]), (None, ["A", "B"])], ids=str
)
async def test_question_goes_to_one_seat_or_to_all(
    ended: Gateway, panelist_id: str | None, seats: list[str]
) -> None:
    """202 with the run: a queued turn a seat, and the conductor hears of it."""
    response = await _ask(ended, {"panelist_id": panelist_id, "text": "Why?"})

    assert response.status_code == 202
    turns = response.json()["turns"]
    assert [turn["panelist_id"] for turn in turns] == seats
    assert {(turn["kind"], turn["state"], turn["question"]) for turn in turns} == {
        ("answer", "queued", "Why?")
    }
    assert ended.notices.new == ["run_1"]


async def test_question_under_one_key_is_asked_once(ended: Gateway) -> None:
    """The same again changes nothing; another under the same key is refused."""
    headers = {"Idempotency-Key": "k1"}
    body = {"panelist_id": "A", "text": "Why?"}

    first = await _ask(ended, body, headers)
    again = await _ask(ended, body, headers)
    other = await _ask(ended, {**body, "text": "How?"}, headers)

    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json()["turns"] == first.json()["turns"]
    check_problem(other, 409, "IDEMPOTENCY_KEY_REUSED")


async def test_run_that_goes_on_is_not_asked(ended: Gateway) -> None:
    """409: the answer would be a turn of a run that has not ended."""
    ended.runs.logs["run_1"].is_at_rest = False

    response = await _ask(ended, {"panelist_id": None, "text": "Why?"})

    check_problem(response, 409, "RUN_NOT_AT_REST")
    assert ended.notices.new == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"panelist_id": "C", "text": "Why?"}, "panelist_id"),
        ({"panelist_id": 7, "text": "Why?"}, "panelist_id"),
        ({"text": "Why?"}, "panelist_id"),
        ({"panelist_id": "A"}, "text"),
        ({"panelist_id": "A", "text": " "}, "text"),
        ({"panelist_id": "A", "text": "x" * 4_001}, "text"),
        ({"panelist_id": "A", "text": "Why?", "colour": "red"}, "colour"),
    ],
    ids=str,
)
async def test_wrong_field_of_a_question_is_named(
    ended: Gateway, body: dict[str, Any], field: str
) -> None:
    """422, and nobody is asked."""
    response = await _ask(ended, body)

    assert wrong_fields(check_problem(response, 422, "INVALID_FIELD")) == [field]
    assert ended.runs.logs["run_1"].detail.turns == ()


async def test_questions_can_be_cancelled(ended: Gateway) -> None:
    """202 while one is being answered, 409 where nothing is under way."""
    idle = await ended.http.post(f"{_RUN}/cancel", headers=WRITE)
    await _ask(ended, {"panelist_id": "A", "text": "Why?"})

    answering = await ended.http.post(f"{_RUN}/cancel", headers=WRITE)

    check_problem(idle, 409, "RUN_ENDED")
    assert answering.status_code == 202
    assert ended.notices.cancelled == ["run_1"]


@pytest.mark.parametrize("path", ["findings/A1/disposition", "questions"])
async def test_bodies_are_json(ended: Gateway, path: str) -> None:
    """Another type is 415."""
    method = "PUT" if path.startswith("findings") else "POST"
    headers = {**WRITE, "Content-Type": "text/plain"}

    response = await ended.http.request(
        method, f"{_RUN}/{path}", headers=headers, content=b"{}"
    )

    check_problem(response, 415, "UNSUPPORTED_BODY")
