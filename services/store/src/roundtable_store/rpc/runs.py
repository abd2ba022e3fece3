"""Serves runs and their logs."""

from collections.abc import AsyncIterator
from typing import Any

import grpc
from typing_extensions import override

from roundtable.store.v1 import run_service_pb2 as pb2
from roundtable.store.v1.run_service_pb2_grpc import RunServiceServicer
from roundtable_store.records.callers import Caller
from roundtable_store.records.events import EventPage
from roundtable_store.records.ports import Documents, Runs
from roundtable_store.records.requests import CreateKey
from roundtable_store.records.runs import NewRun, RunFilter
from roundtable_store.rpc.author_requests import (
    check_question,
    to_disposition_event,
    to_question,
    to_reopening,
    to_retry_key,
)
from roundtable_store.rpc.callers import to_caller
from roundtable_store.rpc.dispositions import to_finding
from roundtable_store.rpc.document_messages import to_document
from roundtable_store.rpc.paging import bounded_size, to_page_request, to_page_token
from roundtable_store.rpc.run_messages import (
    from_created_payload,
    to_created_payload,
    to_event,
    to_run,
    to_run_body,
    to_run_detail,
    to_run_state,
    to_turn,
)
from roundtable_store.rpc.signals import RunSignals
from roundtable_store.rpc.violations import Violations

_EVENTS_A_PAGE = 500

_Context = grpc.aio.ServicerContext[Any, Any]


class RunServicer(RunServiceServicer):
    """Answers people, and the gateway where it acts for all."""

    def __init__(self, runs: Runs, documents: Documents, signals: RunSignals) -> None:
        self._runs = runs
        self._documents = documents
        self._signals = signals

    @override
    async def CreateRun(
        self, request: pb2.CreateRunRequest, context: _Context
    ) -> pb2.CreateRunResponse:
        caller = to_caller(request.caller)
        owner = caller.require_user()
        document_id = request.run.document.document_id
        _require(
            request_id=request.request_id,
            request_sha256=request.request_sha256,
            **{"run.document.document_id": document_id},
        )
        document = to_document(await self._documents.get(caller, document_id))
        payload = await self._runs.create(
            NewRun(
                owner=owner,
                document_id=document_id,
                title=document.title,
                engine=request.run.engine,
                body=to_run_body(request.run, document),
            ),
            key=CreateKey(
                owner=owner,
                method="CreateRun",
                request_id=request.request_id,
                fingerprint=request.request_sha256,
            ),
            render=to_created_payload,
        )
        return pb2.CreateRunResponse(run=from_created_payload(payload))

    @override
    async def GetRun(
        self, request: pb2.GetRunRequest, context: _Context
    ) -> pb2.GetRunResponse:
        caller = to_caller(request.caller)
        _require(run_id=request.run_id)
        detail = await self._runs.get(caller, request.run_id)
        return pb2.GetRunResponse(detail=to_run_detail(detail))

    @override
    async def ListRuns(
        self, request: pb2.ListRunsRequest, context: _Context
    ) -> pb2.ListRunsResponse:
        page = await self._runs.list_page(
            to_caller(request.caller),
            to_page_request(request.page_size, request.page_token),
            filters=RunFilter(
                query=request.query or None,
                state=to_run_state(request.state),
                document_id=request.document_id or None,
            ),
        )
        return pb2.ListRunsResponse(
            runs=[to_run(run) for run in page.items],
            next_page_token=to_page_token(page.next_cursor),
        )

    @override
    async def DeleteRun(
        self, request: pb2.DeleteRunRequest, context: _Context
    ) -> pb2.DeleteRunResponse:
        caller = to_caller(request.caller)
        _require(request_id=request.request_id, run_id=request.run_id)
        await self._runs.delete(caller, request.run_id)
        return pb2.DeleteRunResponse()

    @override
    async def CancelRun(
        self, request: pb2.CancelRunRequest, context: _Context
    ) -> pb2.CancelRunResponse:
        caller = to_caller(request.caller)
        _require(request_id=request.request_id, run_id=request.run_id)
        run = await self._runs.request_cancel(caller, request.run_id)
        return pb2.CancelRunResponse(run=to_run(run))

    @override
    async def RetryRun(
        self, request: pb2.RetryRunRequest, context: _Context
    ) -> pb2.RetryRunResponse:
        caller = to_caller(request.caller)
        owner = caller.require_user()
        _require(request_id=request.request_id, run_id=request.run_id)
        run = await self._runs.reopen(
            caller,
            request.run_id,
            event=to_reopening(),
            key=to_retry_key(request, owner=owner),
        )
        return pb2.RetryRunResponse(run=to_run(run))

    @override
    async def SetDisposition(
        self, request: pb2.SetDispositionRequest, context: _Context
    ) -> pb2.SetDispositionResponse:
        caller = to_caller(request.caller)
        event = to_disposition_event(request, by=caller.require_user())
        finding = await self._runs.set_disposition(caller, request.run_id, event=event)
        return pb2.SetDispositionResponse(finding=to_finding(finding))

    @override
    async def AskQuestion(
        self, request: pb2.AskQuestionRequest, context: _Context
    ) -> pb2.AskQuestionResponse:
        caller = to_caller(request.caller)
        owner = caller.require_user()
        check_question(request)
        detail = await self._runs.get(caller, request.run_id)
        question = to_question(request, detail.run, owner=owner)
        turns = await self._runs.ask(caller, question)
        return pb2.AskQuestionResponse(turns=map(to_turn, turns))

    @override
    async def ListEvents(
        self, request: pb2.ListEventsRequest, context: _Context
    ) -> pb2.ListEventsResponse:
        caller = to_caller(request.caller)
        _check_position(request.run_id, request.after_sequence)
        page = await self._runs.read_events(
            caller,
            request.run_id,
            after=request.after_sequence,
            limit=bounded_size(
                request.page_size, default=_EVENTS_A_PAGE, most=_EVENTS_A_PAGE
            ),
        )
        return pb2.ListEventsResponse(
            events=[to_event(request.run_id, event) for event in page.events],
            last_sequence=page.last_sequence,
            is_at_rest=page.is_at_rest,
        )

    @override
    async def WatchEvents(
        self, request: pb2.WatchEventsRequest, context: _Context
    ) -> AsyncIterator[pb2.WatchEventsResponse]:
        caller = to_caller(request.caller)
        run_id, sent = request.run_id, request.after_sequence
        _check_position(run_id, sent)
        with self._signals.subscribe(run_id) as watcher:
            while True:
                watcher.begin_look()
                page = await self._read_on(caller, run_id, sent)
                if page.events:
                    yield pb2.WatchEventsResponse(
                        events=[to_event(run_id, event) for event in page.events]
                    )
                    sent = page.events[-1].sequence
                if not page.is_last:
                    continue
                if page.is_at_rest:
                    return
                await watcher.wait()

    async def _read_on(self, caller: Caller, run_id: str, after: int) -> EventPage:
        return await self._runs.read_events(
            caller, run_id, after=after, limit=_EVENTS_A_PAGE
        )


def _require(**fields: str) -> None:
    violations = Violations()
    for name, value in fields.items():
        violations.require(name, value)
    violations.check()


def _check_position(run_id: str, after_sequence: int) -> None:
    violations = Violations()
    violations.require("run_id", run_id)
    if after_sequence < 0:
        violations.add("after_sequence", "must not be negative")
    violations.check()
