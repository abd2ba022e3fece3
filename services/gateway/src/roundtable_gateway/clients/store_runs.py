"""People's runs and their logs in the store."""

from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from uuid import uuid4

import grpc

from roundtable.store.v1 import run_service_pb2, run_service_pb2_grpc
from roundtable_gateway.clients.calls import errors_unwrapped
from roundtable_gateway.clients.enums import DISPOSITIONS, RUN_STATES
from roundtable_gateway.clients.event_converters import event_from_proto
from roundtable_gateway.clients.finding_converters import finding_from_proto
from roundtable_gateway.clients.run_converters import (
    detail_from_proto,
    run_from_proto,
    run_to_proto,
)
from roundtable_gateway.clients.store_documents import user
from roundtable_gateway.clients.turn_converters import turn_from_proto
from roundtable_gateway.domain.event import Event
from roundtable_gateway.domain.event_page import EventPage
from roundtable_gateway.domain.finding import Disposition, Finding
from roundtable_gateway.domain.idempotency import RequestKey
from roundtable_gateway.domain.page import Page
from roundtable_gateway.domain.run import RunDetail, RunState, RunSummary, Turn

# A stream that ends is opened again behind its last event.
_WATCH_DEADLINE = timedelta(minutes=30)


class StoreRuns:
    """Creates, reads and ends runs on behalf of their owner, named by e-mail."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = run_service_pb2_grpc.RunServiceStub(channel)

    async def create(
        self, run: RunSummary, *, owner: str, key: RequestKey
    ) -> RunSummary:
        """Create a run and return it as created, the same at every repetition."""
        request = run_service_pb2.CreateRunRequest(
            caller=user(owner),
            request_id=key.request_id,
            request_sha256=key.request_sha256,
            run=run_to_proto(run),
        )
        with errors_unwrapped():
            response = await self._stub.CreateRun(request)
        return run_from_proto(response.run)

    async def get(self, run_id: str, *, owner: str) -> RunDetail:
        """Return a run, whole."""
        request = run_service_pb2.GetRunRequest(caller=user(owner), run_id=run_id)
        with errors_unwrapped():
            response = await self._stub.GetRun(request)
        return detail_from_proto(response.detail)

    async def list(
        self,
        *,
        owner: str,
        page_size: int,
        page_token: str,
        query: str = "",
        state: RunState | None = None,
        document_id: str = "",
    ) -> Page[RunSummary]:
        """Return a page of the owner's runs, newest first."""
        request = run_service_pb2.ListRunsRequest(
            caller=user(owner),
            page_size=page_size,
            page_token=page_token,
            query=query,
            state=RUN_STATES.to_wire(state),
            document_id=document_id,
        )
        with errors_unwrapped():
            response = await self._stub.ListRuns(request)
        return Page(
            tuple(map(run_from_proto, response.runs)), response.next_page_token or None
        )

    async def delete(self, run_id: str, *, owner: str) -> None:
        """Delete a run and its log."""
        request = run_service_pb2.DeleteRunRequest(
            caller=user(owner), request_id=uuid4().hex, run_id=run_id
        )
        with errors_unwrapped():
            await self._stub.DeleteRun(request)

    async def cancel(self, run_id: str, *, owner: str) -> None:
        """Ask for a run to be cancelled."""
        request = run_service_pb2.CancelRunRequest(
            caller=user(owner), request_id=uuid4().hex, run_id=run_id
        )
        with errors_unwrapped():
            await self._stub.CancelRun(request)

    async def retry(self, run_id: str, *, owner: str) -> RunSummary:
        """Open an ended run again, for what failed.

        Raises FailedPrecondition (RUN_NOT_RETRIABLE) where nothing failed or the run
        goes on.
        """
        request = run_service_pb2.RetryRunRequest(
            caller=user(owner), request_id=uuid4().hex, run_id=run_id
        )
        with errors_unwrapped():
            response = await self._stub.RetryRun(request)
        return run_from_proto(response.run)

    async def set_disposition(
        self,
        run_id: str,
        finding_id: str,
        *,
        owner: str,
        disposition: Disposition,
        reason: str | None,
    ) -> Finding:
        """Set the author's answer to a finding and return the finding as it stands."""
        request = run_service_pb2.SetDispositionRequest(
            caller=user(owner),
            request_id=uuid4().hex,
            run_id=run_id,
            finding_id=finding_id,
            disposition=DISPOSITIONS.to_wire(disposition),
            reason=reason,
        )
        with errors_unwrapped():
            response = await self._stub.SetDisposition(request)
        return finding_from_proto(response.finding)

    async def ask(
        self,
        run_id: str,
        *,
        owner: str,
        panelist_ids: Sequence[str],
        text: str,
        key: RequestKey,
    ) -> tuple[Turn, ...]:
        """Queue a question to panelists and return the turns that will answer it.

        Raises FailedPrecondition (RUN_NOT_AT_REST) while the run goes on.
        """
        request = run_service_pb2.AskQuestionRequest(
            caller=user(owner),
            request_id=key.request_id,
            request_sha256=key.request_sha256,
            run_id=run_id,
            panelist_ids=panelist_ids,
            text=text,
        )
        with errors_unwrapped():
            response = await self._stub.AskQuestion(request)
        return tuple(map(turn_from_proto, response.turns))

    async def list_events(self, run_id: str, *, owner: str, after: int) -> EventPage:
        """Return the next page of a run's log."""
        request = run_service_pb2.ListEventsRequest(
            caller=user(owner), run_id=run_id, after_sequence=after
        )
        with errors_unwrapped():
            response = await self._stub.ListEvents(request)
        return EventPage(
            events=tuple(map(event_from_proto, response.events)),
            last_sequence=response.last_sequence,
            is_at_rest=response.is_at_rest,
        )

    async def watch_events(
        self, run_id: str, *, owner: str, after: int
    ) -> AsyncGenerator[tuple[Event, ...]]:
        """Yield a log's events behind a sequence until the run is at rest."""
        request = run_service_pb2.WatchEventsRequest(
            caller=user(owner), run_id=run_id, after_sequence=after
        )
        call = self._stub.WatchEvents(request, timeout=_WATCH_DEADLINE.total_seconds())
        try:
            with errors_unwrapped():
                async for response in call:
                    yield tuple(map(event_from_proto, response.events))
        finally:
            call.cancel()
