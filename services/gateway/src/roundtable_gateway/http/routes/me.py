"""Who the caller is."""

from fastapi import APIRouter

from roundtable_gateway.access.identity import Identity
from roundtable_gateway.http.context import CallerDep

router = APIRouter(tags=["me"])


@router.get("/me")
async def get_me(caller: CallerDep) -> Identity:
    """Tell who is calling."""
    return caller
