"""Personas and panels."""

from fastapi import APIRouter

from roundtable_gateway.http.routes import panels, personas

router = APIRouter()
router.include_router(personas.router)
router.include_router(panels.router)
