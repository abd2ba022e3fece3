"""What a run would take."""

from fastapi import APIRouter

from roundtable_gateway.http.context import CallerDep, ContextDep
from roundtable_gateway.http.json_bodies import JSON_ONLY
from roundtable_gateway.http.middleware import LARGEST_BODY_BYTES
from roundtable_gateway.http.run_preparation import prepare_run
from roundtable_gateway.http.schemas.estimate import RunEstimate
from roundtable_gateway.http.schemas.run import CreateRunBody
from roundtable_gateway.panel.estimate import estimate, shape_run

router = APIRouter(tags=["runs"], max_body_size=LARGEST_BODY_BYTES)


@router.post("/runs/estimate", dependencies=JSON_ONLY)
async def estimate_run(
    context: ContextDep, caller: CallerDep, body: CreateRunBody
) -> RunEstimate:
    """Tell about what a run would take; nothing is created, and nothing is asked."""
    prepared = await prepare_run(body, context, owner=caller.email)
    run = prepared.run
    shape = shape_run(
        prepared.reading,
        mode=run.mode,
        discussion_rounds=run.discussion_rounds,
        has_control=run.control,
        turns_at_once=context.turns_at_once,
    )
    return RunEstimate.of(estimate(shape), run.engine)
