"""Which service may call what: its certificate's name against a table."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import grpc
import structlog
from google.protobuf import descriptor_pool

from roundtable_kit.errors import PermissionDenied

_log = structlog.get_logger()

# Full method, such as "/roundtable.store.v1.RunService/GetRun", to names of services.
CallerTable: TypeAlias = Mapping[str, frozenset[str]]


class IncompleteCallersError(Exception):
    """A table that does not fit the services it is for; names each method."""


def require_complete(callers: CallerTable, service_names: tuple[str, ...]) -> None:
    """Check that a table has an entry for every method of the services and no other.

    Raises:
        IncompleteCallersError: A method has no entry, or an entry no method.
    """
    pool = descriptor_pool.Default()
    methods = {
        f"/{name}/{method.name}"
        for name in service_names
        for method in pool.FindServiceByName(name).methods
    }
    if odd := methods ^ callers.keys():
        raise IncompleteCallersError(
            f"the table of callers and the services differ in: {', '.join(sorted(odd))}"
        )


class CallerGate:
    """Lets through the callers that a table names; a method without entry has none."""

    def __init__(self, callers: CallerTable) -> None:
        self._callers = callers

    def admit(self, method: str, context: "grpc.aio.ServicerContext[Any, Any]") -> None:
        """Refuse a caller that is not in the table (SERVICE_NOT_ALLOWED)."""
        caller = _name_of(context)
        if caller in self._callers.get(method, frozenset()):
            return
        _log.warning("caller.refused", caller=caller, method=method)
        raise PermissionDenied(
            "SERVICE_NOT_ALLOWED", "The calling service may not make this call."
        )


def _name_of(context: "grpc.aio.ServicerContext[Any, Any]") -> str | None:
    names = tuple(context.auth_context().get("peer_dns", ()))
    return names[0].decode(errors="replace") if len(names) == 1 else None
