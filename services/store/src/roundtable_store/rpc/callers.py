"""Who asks, from protobuf."""

from roundtable.store.v1 import caller_pb2
from roundtable_store.records.callers import Caller, CallerKind
from roundtable_store.rpc.violations import Violations

_KINDS = {
    caller_pb2.CALLER_KIND_USER: CallerKind.USER,
    caller_pb2.CALLER_KIND_GATEWAY: CallerKind.GATEWAY,
}


def to_caller(caller: caller_pb2.Caller) -> Caller:
    """Return who asks; refuses a caller that does not say (INVALID_FIELD)."""
    violations = Violations()
    kind = _KINDS.get(caller.kind)
    violations.require("caller.kind", kind)
    if kind is CallerKind.USER:
        violations.require("caller.email", caller.email)
    violations.check()
    return Caller(kind or CallerKind.USER, caller.email)
