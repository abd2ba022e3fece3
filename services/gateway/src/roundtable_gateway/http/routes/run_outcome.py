"""What a run came to: its decision computed again, and held against another run."""

import json
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import TypeAdapter

from roundtable_gateway.domain.comparison import Comparison
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.http.comparing import compare_runs
from roundtable_gateway.http.context import CallerDep, ContextDep
from roundtable_gateway.http.schemas.decision import RecomputedDecision
from roundtable_gateway.panel.standing import recompute_decision

router = APIRouter(tags=["runs"])

_ADAPTER = TypeAdapter(RecomputedDecision)


@router.get("/runs/{run_id}/decision", response_model=RecomputedDecision)
async def get_decision(context: ContextDep, caller: CallerDep, run_id: str) -> Response:
    """Compute a run's decision again from its findings, turns and stances.

    Both are null while the run goes on: half of one gives no decision. The answer is
    canonical JSON: keys in order, no spaces, so that the same decision is the same
    bytes.
    """
    detail = await context.runs.get(run_id, owner=caller.email)
    return Response(_canonical(_recompute(detail)), media_type="application/json")


@router.get("/runs/{run_id}/compare")
async def compare_with(
    context: ContextDep,
    caller: CallerDep,
    run_id: str,
    other_id: Annotated[str, Query(alias="with")],
) -> Comparison:
    """Tell what became of findings between two runs on revisions of one document.

    The run on the later revision, else the later run, is held against the other,
    whichever way they are named.
    """
    return await compare_runs(run_id, other_id, context, owner=caller.email)


def _recompute(detail: RunDetail) -> RecomputedDecision:
    if not detail.run.state.is_ended:
        return RecomputedDecision(stored=None, recomputed=None, is_same=True)
    recomputed = recompute_decision(detail)
    return RecomputedDecision(
        stored=detail.decision,
        recomputed=recomputed,
        is_same=recomputed == detail.decision,
    )


def _canonical(answer: RecomputedDecision) -> bytes:
    return json.dumps(
        _ADAPTER.dump_python(answer, mode="json"),
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    ).encode()
