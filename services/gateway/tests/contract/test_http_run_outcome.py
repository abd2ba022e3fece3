"""What a run came to, over HTTP."""

import json
from dataclasses import replace

import pytest

from roundtable_gateway.domain.decision import Decision
from roundtable_gateway.domain.discussion import Move
from roundtable_gateway.domain.event import DispositionSet
from roundtable_gateway.domain.finding import Disposition, Severity, Verdict
from roundtable_gateway.domain.run import RunDetail, RunState, TurnKind
from roundtable_gateway.panel.tally import tally
from services.gateway.tests.support.http_harness import WRITE, Gateway
from services.gateway.tests.support.log_samples import ANSWERED_TURN, FINDING
from services.gateway.tests.support.problems import check_problem
from services.gateway.tests.support.process_samples import (
    AGENDA_ITEM,
    CLUSTER,
    STANCE,
    SYNTHESIS,
)
from services.gateway.tests.support.samples import run_summary

_RUN = "/api/v1/runs/run_1"
_BLOCKER = replace(FINDING, severity=Severity.BLOCKER, rewrite=None)
_CONTROLS = replace(FINDING, id="X1", panelist_id=None)
_REVIEW = replace(
    ANSWERED_TURN,
    verdict=Verdict.APPROVE,
    overall=5,
    first_paragraph_id="P1",
    last_paragraph_id="P2",
)
_SWEEP = replace(
    _REVIEW,
    id="run_1-1-A-s2",
    kind=TurnKind.SWEEP,
    first_paragraph_id="P2",
)


def _detail() -> RunDetail:
    run = replace(run_summary(), state=RunState.SUCCEEDED)
    turns, findings = (_REVIEW, _SWEEP), (_BLOCKER, _CONTROLS)
    stances = (replace(STANCE, move=Move.SUPPORT),)
    return RunDetail(
        run,
        turns,
        findings,
        tally(run, turns, findings, stances),
        clusters=(replace(CLUSTER, finding_ids=("A1", "X1")),),
        agenda=(AGENDA_ITEM,),
        stances=stances,
        synthesis=SYNTHESIS,
    )


@pytest.fixture
def ended(gateway: Gateway) -> Gateway:
    """A gateway with a run that one blocker keeps from being sent out."""
    detail = _detail()
    gateway.runs.add(detail.run)
    gateway.runs.logs["run_1"].detail = detail
    gateway.runs.rest("run_1")
    return gateway


async def _reject(gateway: Gateway) -> None:
    await gateway.http.put(
        f"{_RUN}/findings/A1/disposition",
        headers=WRITE,
        json={"disposition": "rejected"},
    )


def _decision_of(gateway: Gateway) -> Decision:
    decision = gateway.runs.logs["run_1"].detail.decision
    assert decision is not None
    return decision


async def test_run_tells_what_came_of_its_findings(ended: Gateway) -> None:
    """Clusters with who found them, agenda, stances, and the moderator's text."""
    run = (await ended.http.get(_RUN)).json()

    (cluster,) = run["clusters"]
    assert (cluster["lead_finding_id"], cluster["found_by"]) == ("A1", "both")
    assert [item["reason"] for item in run["agenda"]] == ["SEVERITY_GAP"]
    assert [stance["move"] for stance in run["stances"]] == ["support"]
    assert run["synthesis"]["text"] == "Show a restore report."
    assert run["synthesis"]["not_examined"] == ["Costs"]


async def test_run_tells_who_read_what(ended: Gateway) -> None:
    """Every paragraph, without a look at the text."""
    ended.documents.error = AssertionError("the text is not needed")

    run = (await ended.http.get(_RUN)).json()

    assert run["coverage"] == [
        {
            "first_paragraph_id": paragraph,
            "last_paragraph_id": paragraph,
            "read_by": ["A"],
            "swept_by": swept_by,
        }
        for paragraph, swept_by in (("P1", []), ("P2", ["A"]))
    ]


async def test_rejected_blocker_leaves_another_decision(ended: Gateway) -> None:
    """It stands beside the panel's own, which stays what it was."""
    before = (await ended.http.get(_RUN)).json()

    await _reject(ended)

    after = (await ended.http.get(_RUN)).json()
    assert (before["decision"]["outcome"], before["current_decision"]) == (
        *("rework", None),
    )
    assert after["decision"] == before["decision"]
    assert after["current_decision"]["outcome"] == "ship"


async def test_decision_is_the_same_when_computed_again(ended: Gateway) -> None:
    """Byte for byte, whatever the author has rejected since."""
    await _reject(ended)

    response = await ended.http.get(f"{_RUN}/decision")

    answer = response.json()
    assert (response.status_code, answer["is_same"]) == (200, True)
    assert answer["stored"] == answer["recomputed"]
    assert response.text == json.dumps(
        answer, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


async def test_decision_that_does_not_follow_is_told_apart(ended: Gateway) -> None:
    """What was stored is shown beside what follows from the rest."""
    log = ended.runs.logs["run_1"]
    other = replace(_decision_of(ended), blockers=())
    log.detail = replace(log.detail, decision=other)

    answer = (await ended.http.get(f"{_RUN}/decision")).json()

    assert answer["is_same"] is False
    assert (answer["stored"]["blockers"], answer["recomputed"]["blockers"]) == (
        *([], ["A1"]),
    )


async def test_undecided_run_has_no_decision_to_compute(gateway: Gateway) -> None:
    """Both are null; a run that is not there is 404."""
    gateway.runs.add(run_summary())

    answer = (await gateway.http.get(f"{_RUN}/decision")).json()
    missing = await gateway.http.get("/api/v1/runs/run_none/decision")

    assert answer == {"stored": None, "recomputed": None, "is_same": True}
    check_problem(missing, 404, "RUN_NOT_FOUND")


async def test_half_of_a_retry_is_no_tampering(ended: Gateway) -> None:
    """While the run goes on what is stored of it gives another decision than before."""
    log = ended.runs.logs["run_1"]
    other = replace(_decision_of(ended), blockers=())
    going_on = replace(log.detail.run, state=RunState.RUNNING)
    log.detail = replace(log.detail, run=going_on, decision=other)

    answer = (await ended.http.get(f"{_RUN}/decision")).json()

    assert answer == {"stored": None, "recomputed": None, "is_same": True}


async def test_log_tells_the_authors_answer(ended: Gateway) -> None:
    """`disposition.set` says of which finding, what, and by whom."""
    await _reject(ended)

    page = await ended.http.get(f"{_RUN}/events?after=1")

    (event,) = (
        json.loads(line.removeprefix("data: "))
        for line in page.text.splitlines()
        if line.startswith("data: ")
    )
    assert event["type"] == DispositionSet.type
    assert (event["finding_id"], event["disposition"], event["by"]) == (
        *("A1", Disposition.REJECTED.value, "owner@localhost"),
    )
