"""Carries a ServiceError across gRPC and back, with reason, fields and retry delay."""

from datetime import timedelta

import grpc
from google.protobuf import duration_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from roundtable_kit.errors import (
    ERRORS_BY_KIND,
    FieldViolation,
    Internal,
    ServiceError,
    Unavailable,
)
from roundtable_kit.grpc_codes import GRPC_CODES

_DOMAIN = "roundtable"
_KINDS = {code: kind for kind, code in GRPC_CODES.items()}


def to_status(error: ServiceError) -> grpc.Status:
    """Return the gRPC status that tells all of an error that may be told."""
    message = status_pb2.Status(
        code=code_pb2.Code.Value(GRPC_CODES[error.kind].name), message=error.message
    )
    message.details.add().Pack(
        error_details_pb2.ErrorInfo(reason=error.reason, domain=_DOMAIN)
    )
    if error.violations:
        message.details.add().Pack(
            error_details_pb2.BadRequest(
                field_violations=[
                    error_details_pb2.BadRequest.FieldViolation(
                        field=violation.field, description=violation.detail
                    )
                    for violation in error.violations
                ]
            )
        )
    if error.retry_after is not None:
        delay = duration_pb2.Duration()
        delay.FromTimedelta(error.retry_after)
        message.details.add().Pack(error_details_pb2.RetryInfo(retry_delay=delay))
    return rpc_status.to_status(message)


def from_call_error(error: grpc.aio.AioRpcError) -> ServiceError:
    """Return the error that the peer raised, or what the loss of the peer amounts to.

    A passed deadline and a lost connection are both Unavailable to the caller: the
    same call may go through later.
    """
    code = error.code()
    if code in (grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.CANCELLED):
        return Unavailable("DEADLINE_EXCEEDED", "The service did not answer in time.")
    kind = _KINDS.get(code)
    status = rpc_status.from_call(error)  # type: ignore[arg-type]  # aio errors carry the same trailers as sync calls
    if kind is None:
        return Internal("INTERNAL", "A service failed.")
    if status is None:
        if code is grpc.StatusCode.UNAVAILABLE:
            return Unavailable("UNREACHABLE", "The service can't be reached.")
        return ERRORS_BY_KIND[kind](code.name, error.details() or "The call failed.")
    return _from_details(ERRORS_BY_KIND[kind], status)


def _from_details(
    error_type: type[ServiceError], status: status_pb2.Status
) -> ServiceError:
    reason = error_type.kind.name
    retry_after: timedelta | None = None
    violations: list[FieldViolation] = []
    for detail in status.details:
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            error_info = error_details_pb2.ErrorInfo()
            detail.Unpack(error_info)
            reason = error_info.reason
        elif detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
            bad_request = error_details_pb2.BadRequest()
            detail.Unpack(bad_request)
            violations = [
                FieldViolation(violation.field, violation.description)
                for violation in bad_request.field_violations
            ]
        elif detail.Is(error_details_pb2.RetryInfo.DESCRIPTOR):
            retry_info = error_details_pb2.RetryInfo()
            detail.Unpack(retry_info)
            retry_after = retry_info.retry_delay.ToTimedelta()
    return error_type(
        reason, status.message, retry_after=retry_after, violations=violations
    )
