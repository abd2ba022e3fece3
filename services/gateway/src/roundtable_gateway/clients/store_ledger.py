"""The store as the conductor sees it: the gateway's own calls."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from uuid import uuid4

import grpc
from google.protobuf.duration_pb2 import Duration

from roundtable.store.v1 import (
    caller_pb2,
    conductor_service_pb2,
    conductor_service_pb2_grpc,
)
from roundtable_gateway.clients.calls import errors_unwrapped
from roundtable_gateway.clients.document_reader import DocumentReader
from roundtable_gateway.clients.enums import ENGINES, STAGES
from roundtable_gateway.clients.event_converters import new_event_to_proto
from roundtable_gateway.clients.finding_converters import finding_from_proto
from roundtable_gateway.clients.run_converters import (
    detail_from_proto,
    manifest_entry_to_proto,
)
from roundtable_gateway.clients.turn_converters import usage_from_proto
from roundtable_gateway.conductor.ports import Claim, Progress
from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.event import NewEvent
from roundtable_gateway.domain.finding import Rejection
from roundtable_gateway.domain.run import Engine, Usage

GATEWAY = caller_pb2.Caller(kind=caller_pb2.CALLER_KIND_GATEWAY)


class StoreLedger:
    """Implements the conductor's `Ledger` over gRPC."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._stub = conductor_service_pb2_grpc.ConductorServiceStub(channel)
        self._documents = DocumentReader(channel)

    async def claim(
        self,
        *,
        holder: str,
        incarnation: str,
        lease: timedelta,
        run_id: str | None = None,
        except_engines: Collection[Engine] = (),
    ) -> Claim | None:
        """Claim a run, the oldest that can be claimed unless one is named."""
        request = conductor_service_pb2.ClaimRunRequest(
            caller=GATEWAY,
            request_id=uuid4().hex,
            holder=holder,
            incarnation=incarnation,
            lease=_duration(lease),
            run_id=run_id or "",
            except_engines=map(ENGINES.to_wire, except_engines),
        )
        with errors_unwrapped():
            response = await self._stub.ClaimRun(request)
        if not response.HasField("claim"):
            return None
        claim = response.claim
        return Claim(
            detail=detail_from_proto(claim.detail),
            owner=claim.owner,
            fencing_token=claim.fencing_token,
            next_index=claim.next_index,
            next_parts={
                turn.turn_id: turn.next_part_index for turn in claim.detail.turns
            },
            is_cancel_requested=claim.detail.run.is_cancel_requested,
        )

    async def renew(self, run_id: str, *, fencing_token: int, lease: timedelta) -> bool:
        """Prolong a lease and return whether the run is to be cancelled."""
        request = conductor_service_pb2.RenewLeaseRequest(
            caller=GATEWAY,
            request_id=uuid4().hex,
            run_id=run_id,
            fencing_token=fencing_token,
            lease=_duration(lease),
        )
        with errors_unwrapped():
            response = await self._stub.RenewLease(request)
        return response.is_cancel_requested

    async def release(self, run_id: str, *, fencing_token: int) -> None:
        """Give a lease back."""
        request = conductor_service_pb2.ReleaseLeaseRequest(
            caller=GATEWAY,
            request_id=uuid4().hex,
            run_id=run_id,
            fencing_token=fencing_token,
        )
        with errors_unwrapped():
            await self._stub.ReleaseLease(request)

    async def append(
        self,
        run_id: str,
        *,
        fencing_token: int,
        first_index: int,
        events: Sequence[NewEvent],
        progress: Progress | None,
    ) -> None:
        """Append events; they are durable on return, written once however often."""
        request = conductor_service_pb2.AppendEventsRequest(
            caller=GATEWAY,
            run_id=run_id,
            fencing_token=fencing_token,
            first_index=first_index,
            events=[new_event_to_proto(event) for event in events],
            progress=None if progress is None else _progress_to_proto(progress),
        )
        with errors_unwrapped():
            await self._stub.AppendEvents(request)

    async def read_text(self, document_id: str) -> DocumentText:
        """Read a document's text."""
        return await self._documents.read_text(document_id, caller=GATEWAY)

    async def day_usage(self, day: date) -> Usage:
        """Return what all runs have used on a day in UTC."""
        request = conductor_service_pb2.GetDayUsageRequest(
            caller=GATEWAY, day=day.isoformat()
        )
        with errors_unwrapped():
            response = await self._stub.GetDayUsage(request)
        return usage_from_proto(response.usage)

    async def list_rejections(self, run_id: str) -> Sequence[Rejection]:
        """Return what the author rejected in other runs, the last word first.

        That may have taken a rejection back. They are runs on the same document, on one
        that it revises or on another revision of that.
        """
        request = conductor_service_pb2.ListRejectionsRequest(
            caller=GATEWAY, run_id=run_id
        )
        with errors_unwrapped():
            response = await self._stub.ListRejections(request)
        return [
            Rejection(each.run_id, finding_from_proto(each.finding))
            for each in response.rejections
        ]


def _duration(span: timedelta) -> Duration:
    message = Duration()
    message.FromTimedelta(span)
    return message


def _progress_to_proto(progress: Progress) -> conductor_service_pb2.Progress:
    return conductor_service_pb2.Progress(
        stage=STAGES.to_wire(progress.stage),
        manifest=[manifest_entry_to_proto(entry) for entry in progress.manifest],
    )
