"""The panels that people put together, in the store."""

from uuid import uuid4

import grpc

from roundtable.store.v1 import panel_service_pb2, panel_service_pb2_grpc
from roundtable_gateway.clients.calls import errors_unwrapped
from roundtable_gateway.clients.store_documents import user
from roundtable_gateway.domain.idempotency import RequestKey
from roundtable_gateway.domain.page import Page
from roundtable_gateway.domain.persona import Panel, Seat


class StorePanels:
    """Keeps panels on behalf of their owner, named by e-mail."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = panel_service_pb2_grpc.PanelServiceStub(channel)

    async def create(self, panel: Panel, *, owner: str, key: RequestKey) -> Panel:
        """Store a panel; the store sets its id and etag."""
        request = panel_service_pb2.CreatePanelRequest(
            caller=user(owner),
            request_id=key.request_id,
            request_sha256=key.request_sha256,
            panel=_to_proto(panel),
        )
        with errors_unwrapped():
            response = await self._stub.CreatePanel(request)
        return _from_proto(response.panel)

    async def get(self, panel_id: str, *, owner: str) -> Panel:
        """Return a panel."""
        request = panel_service_pb2.GetPanelRequest(
            caller=user(owner), panel_id=panel_id
        )
        with errors_unwrapped():
            response = await self._stub.GetPanel(request)
        return _from_proto(response.panel)

    async def list(self, *, owner: str, page_size: int, page_token: str) -> Page[Panel]:
        """Return a page of the owner's panels, newest first."""
        request = panel_service_pb2.ListPanelsRequest(
            caller=user(owner), page_size=page_size, page_token=page_token
        )
        with errors_unwrapped():
            response = await self._stub.ListPanels(request)
        return Page(
            tuple(map(_from_proto, response.panels)), response.next_page_token or None
        )

    async def update(self, panel: Panel, *, owner: str) -> Panel:
        """Change a panel; the etag is the one that it had when it was read."""
        request = panel_service_pb2.UpdatePanelRequest(
            caller=user(owner), request_id=uuid4().hex, panel=_to_proto(panel)
        )
        with errors_unwrapped():
            response = await self._stub.UpdatePanel(request)
        return _from_proto(response.panel)

    async def delete(self, panel_id: str, *, owner: str) -> None:
        """Delete a panel; runs keep their seats."""
        request = panel_service_pb2.DeletePanelRequest(
            caller=user(owner), request_id=uuid4().hex, panel_id=panel_id
        )
        with errors_unwrapped():
            await self._stub.DeletePanel(request)


def _to_proto(panel: Panel) -> panel_service_pb2.Panel:
    return panel_service_pb2.Panel(
        panel_id=panel.id,
        name=panel.name,
        seats=[
            panel_service_pb2.PanelSeat(
                persona_id=seat.persona_id, model=seat.model or ""
            )
            for seat in panel.seats
        ],
        discussion_rounds=panel.discussion_rounds,
        control=panel.control,
        etag=panel.etag,
    )


def _from_proto(message: panel_service_pb2.Panel) -> Panel:
    return Panel(
        id=message.panel_id,
        name=message.name,
        seats=tuple(
            Seat(persona_id=seat.persona_id, model=seat.model or None)
            for seat in message.seats
        ),
        discussion_rounds=message.discussion_rounds,
        control=message.control,
        built_in=False,
        etag=message.etag,
    )
