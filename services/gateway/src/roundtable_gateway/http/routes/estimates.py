"""What a run would take."""

from fastapi import APIRouter

from roundtable_gateway.http.context import CallerDep, ContextDep
from roundtable_gateway.http.estimating import estimate_prepared
from roundtable_gateway.http.json_bodies import JSON_ONLY
from roundtable_gateway.http.middleware import LARGEST_BODY_BYTES
from roundtable_gateway.http.run_preparation import prepare_run
from roundtable_gateway.http.schemas.estimate import RunEstimate
from roundtable_gateway.http.schemas.run import CreateRunBody

router = APIRouter(tags=["runs"], max_body_size=LARGEST_BODY_BYTES)


@router.post("/runs/estimate", dependencies=JSON_ONLY)
async def estimate_run(
    context: ContextDep, caller: CallerDep, body: CreateRunBody
) -> RunEstimate:
    """Tell about what a run would take; nothing is created, and nothing is asked.

    The figures are of the run as it is asked for, its discussion included; those under
    `without_discussion` of the same run where the panel finds nothing to discuss. They
    hold for answers of everyday length. `input_tokens` is all that is read: compare it
    to the run's `input_tokens` and `cache_read_tokens` together.
    """
    prepared = await prepare_run(body, context, owner=caller.email)
    return estimate_prepared(
        prepared,
        turns_at_once=context.turns_at_once,
        tokens_per_second=context.model_tokens_per_second,
    )
