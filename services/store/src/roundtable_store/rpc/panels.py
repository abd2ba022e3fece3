"""Serves the panels that people put together."""

from typing import Any

import grpc
from typing_extensions import override

from roundtable.store.v1 import panel_service_pb2 as pb2
from roundtable.store.v1.panel_service_pb2_grpc import PanelServiceServicer
from roundtable_store.records.etags import etag_of
from roundtable_store.records.library_ports import Panels
from roundtable_store.records.panels import (
    MAX_DISCUSSION_ROUNDS,
    MAX_SEATS,
    PanelChange,
    PanelContent,
    PanelRecord,
    PanelSeat,
)
from roundtable_store.records.requests import CreateKey
from roundtable_store.rpc.callers import to_caller
from roundtable_store.rpc.paging import to_page_request, to_page_token
from roundtable_store.rpc.violations import Violations

_Context = grpc.aio.ServicerContext[Any, Any]


class PanelServicer(PanelServiceServicer):
    """Answers people about their own panels."""

    def __init__(self, panels: Panels) -> None:
        self._panels = panels

    @override
    async def CreatePanel(
        self, request: pb2.CreatePanelRequest, context: _Context
    ) -> pb2.CreatePanelResponse:
        owner = to_caller(request.caller).require_user()
        violations = Violations()
        violations.require("request_id", request.request_id)
        violations.require("request_sha256", request.request_sha256)
        _require_content(violations, request.panel)
        violations.check()
        record = await self._panels.create(
            _to_content(request.panel),
            key=CreateKey(
                owner=owner,
                method="CreatePanel",
                request_id=request.request_id,
                fingerprint=request.request_sha256,
            ),
        )
        return pb2.CreatePanelResponse(panel=_to_panel(record))

    @override
    async def GetPanel(
        self, request: pb2.GetPanelRequest, context: _Context
    ) -> pb2.GetPanelResponse:
        owner = to_caller(request.caller).require_user()
        violations = Violations()
        violations.require("panel_id", request.panel_id)
        violations.check()
        record = await self._panels.get(owner, request.panel_id)
        return pb2.GetPanelResponse(panel=_to_panel(record))

    @override
    async def ListPanels(
        self, request: pb2.ListPanelsRequest, context: _Context
    ) -> pb2.ListPanelsResponse:
        page = await self._panels.list_page(
            to_caller(request.caller).require_user(),
            to_page_request(request.page_size, request.page_token),
        )
        return pb2.ListPanelsResponse(
            panels=map(_to_panel, page.items),
            next_page_token=to_page_token(page.next_cursor),
        )

    @override
    async def UpdatePanel(
        self, request: pb2.UpdatePanelRequest, context: _Context
    ) -> pb2.UpdatePanelResponse:
        owner = to_caller(request.caller).require_user()
        panel = request.panel
        violations = Violations()
        violations.require("request_id", request.request_id)
        violations.require("panel.panel_id", panel.panel_id)
        violations.require("panel.etag", panel.etag)
        _require_content(violations, panel)
        violations.check()
        change = PanelChange(
            panel_id=panel.panel_id,
            request_id=request.request_id,
            etag=panel.etag,
            content=_to_content(panel),
        )
        record = await self._panels.update(owner, change)
        return pb2.UpdatePanelResponse(panel=_to_panel(record))

    @override
    async def DeletePanel(
        self, request: pb2.DeletePanelRequest, context: _Context
    ) -> pb2.DeletePanelResponse:
        owner = to_caller(request.caller).require_user()
        violations = Violations()
        violations.require("request_id", request.request_id)
        violations.require("panel_id", request.panel_id)
        violations.check()
        await self._panels.delete(owner, request.panel_id)
        return pb2.DeletePanelResponse()


def _require_content(violations: Violations, panel: pb2.Panel) -> None:
    violations.require("panel.name", panel.name)
    if not 1 <= len(panel.seats) <= MAX_SEATS:
        violations.add("panel.seats", f"are 1 to {MAX_SEATS}")
    for index, seat in enumerate(panel.seats):
        violations.require(f"panel.seats[{index}].persona_id", seat.persona_id)
    if len({(each.persona_id, each.model) for each in panel.seats}) < len(panel.seats):
        violations.add("panel.seats", "hold no persona and model pair twice")
    if not 0 <= panel.discussion_rounds <= MAX_DISCUSSION_ROUNDS:
        violations.add("panel.discussion_rounds", "is 0, 1 or 2")


def _to_content(panel: pb2.Panel) -> PanelContent:
    return PanelContent(
        name=panel.name,
        seats=tuple(PanelSeat(seat.persona_id, seat.model) for seat in panel.seats),
        discussion_rounds=panel.discussion_rounds,
        control=panel.control,
    )


def _to_panel(record: PanelRecord) -> pb2.Panel:
    content = record.content
    return pb2.Panel(
        panel_id=record.panel_id,
        name=content.name,
        seats=[
            pb2.PanelSeat(persona_id=seat.persona_id, model=seat.model)
            for seat in content.seats
        ],
        discussion_rounds=content.discussion_rounds,
        control=content.control,
        etag=etag_of(record.version),
    )
