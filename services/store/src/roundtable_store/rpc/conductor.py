"""Serves conductors; every caller is the gateway itself."""

from datetime import date, timedelta
from typing import Any

import grpc
from google.protobuf.duration_pb2 import Duration
from typing_extensions import override

from roundtable.store.v1 import caller_pb2
from roundtable.store.v1 import conductor_service_pb2 as pb2
from roundtable.store.v1.conductor_service_pb2_grpc import ConductorServiceServicer
from roundtable_store.records.leases import Append, Claim, ClaimRequest
from roundtable_store.records.ports import Conducting, Installation
from roundtable_store.rpc.callers import to_caller
from roundtable_store.rpc.dispositions import to_finding
from roundtable_store.rpc.new_events import to_new_events
from roundtable_store.rpc.run_messages import to_run_detail, to_usage_message
from roundtable_store.rpc.times import to_timestamp
from roundtable_store.rpc.violations import Violations

_LONGEST_LEASE = timedelta(minutes=10)

_Context = grpc.aio.ServicerContext[Any, Any]


class ConductorServicer(ConductorServiceServicer):
    """Answers the gateway's conductors."""

    def __init__(self, conducting: Conducting, installation: Installation) -> None:
        self._conducting = conducting
        self._installation = installation

    @override
    async def ClaimRun(
        self, request: pb2.ClaimRunRequest, context: _Context
    ) -> pb2.ClaimRunResponse:
        _require_gateway(request.caller)
        violations = Violations()
        violations.require("request_id", request.request_id)
        violations.require("holder", request.holder)
        _check_lease(request.lease, violations)
        violations.check()
        claim = await self._conducting.claim(
            ClaimRequest(
                request_id=request.request_id,
                holder=request.holder,
                incarnation=request.incarnation,
                duration=request.lease.ToTimedelta(),
                run_id=request.run_id or None,
                except_engines=tuple(request.except_engines),
            )
        )
        return pb2.ClaimRunResponse(claim=_to_claim(claim) if claim else None)

    @override
    async def RenewLease(
        self, request: pb2.RenewLeaseRequest, context: _Context
    ) -> pb2.RenewLeaseResponse:
        _require_gateway(request.caller)
        violations = Violations()
        violations.require("request_id", request.request_id)
        violations.require("run_id", request.run_id)
        violations.require("fencing_token", request.fencing_token)
        _check_lease(request.lease, violations)
        violations.check()
        renewal = await self._conducting.renew(
            request.run_id,
            request.fencing_token,
            duration=request.lease.ToTimedelta(),
        )
        return pb2.RenewLeaseResponse(
            expire_time=to_timestamp(renewal.expire_time),
            is_cancel_requested=renewal.is_cancel_requested,
        )

    @override
    async def ReleaseLease(
        self, request: pb2.ReleaseLeaseRequest, context: _Context
    ) -> pb2.ReleaseLeaseResponse:
        _require_gateway(request.caller)
        violations = Violations()
        violations.require("request_id", request.request_id)
        violations.require("run_id", request.run_id)
        violations.require("fencing_token", request.fencing_token)
        violations.check()
        await self._conducting.release(request.run_id, request.fencing_token)
        return pb2.ReleaseLeaseResponse()

    @override
    async def AppendEvents(
        self, request: pb2.AppendEventsRequest, context: _Context
    ) -> pb2.AppendEventsResponse:
        _require_gateway(request.caller)
        last_sequence = await self._conducting.append(_to_append(request))
        return pb2.AppendEventsResponse(last_sequence=last_sequence)

    @override
    async def RecordAccount(
        self, request: pb2.RecordAccountRequest, context: _Context
    ) -> pb2.RecordAccountResponse:
        _require_gateway(request.caller)
        violations = Violations()
        violations.require("request_id", request.request_id)
        violations.check()
        await self._installation.record_account()
        return pb2.RecordAccountResponse()

    @override
    async def GetInstallation(
        self, request: pb2.GetInstallationRequest, context: _Context
    ) -> pb2.GetInstallationResponse:
        _require_gateway(request.caller)
        account_time = await self._installation.account_time()
        return pb2.GetInstallationResponse(
            account_time=to_timestamp(account_time) if account_time else None
        )

    @override
    async def GetDayUsage(
        self, request: pb2.GetDayUsageRequest, context: _Context
    ) -> pb2.GetDayUsageResponse:
        _require_gateway(request.caller)
        usage = await self._conducting.day_usage(_to_day(request.day))
        return pb2.GetDayUsageResponse(usage=to_usage_message(usage))

    @override
    async def ListRejections(
        self, request: pb2.ListRejectionsRequest, context: _Context
    ) -> pb2.ListRejectionsResponse:
        _require_gateway(request.caller)
        violations = Violations()
        violations.require("run_id", request.run_id)
        violations.check()
        rejections = await self._conducting.list_rejections(request.run_id)
        return pb2.ListRejectionsResponse(
            rejections=[
                pb2.Rejection(run_id=each.run_id, finding=to_finding(each.finding))
                for each in rejections
            ]
        )


def _to_day(day: str) -> date:
    violations = Violations()
    try:
        return date.fromisoformat(day)
    except ValueError:
        violations.add("day", "is a day such as 2026-11-23")
        violations.check()
        raise


def _require_gateway(caller: caller_pb2.Caller) -> None:
    to_caller(caller).require_gateway()


def _check_lease(lease: Duration, violations: Violations) -> None:
    if not timedelta() < lease.ToTimedelta() <= _LONGEST_LEASE:
        violations.add("lease", "is more than nothing and at most ten minutes")


def _to_append(request: pb2.AppendEventsRequest) -> Append:
    violations = Violations()
    violations.require("run_id", request.run_id)
    violations.require("fencing_token", request.fencing_token)
    if request.first_index < 0:
        violations.add("first_index", "must not be negative")
    if request.HasField("progress"):
        violations.require_enums("progress", request.progress)
    violations.check()
    has_progress = request.HasField("progress")
    return Append(
        run_id=request.run_id,
        fencing_token=request.fencing_token,
        first_index=request.first_index,
        events=to_new_events(request.events),
        progress=request.progress.SerializeToString() if has_progress else None,
    )


def _to_claim(claim: Claim) -> pb2.Claim:
    return pb2.Claim(
        detail=to_run_detail(claim.detail),
        owner=claim.owner,
        fencing_token=claim.fencing_token,
        expire_time=to_timestamp(claim.expire_time),
        next_index=claim.next_index,
    )
