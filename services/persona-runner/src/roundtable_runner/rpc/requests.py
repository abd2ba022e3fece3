"""Reads requests into the domain's types; what is wrong is told by its field."""

import re

from roundtable.runner.v1 import account_service_pb2, turn_service_pb2
from roundtable_runner.rpc.request_check import RequestCheck
from roundtable_runner.rpc.request_tasks import read_task
from roundtable_runner.rpc.task_checks import check_task
from roundtable_runner.turn.task import Effort, EngineKind, TurnAttempt

_ENGINES = {
    turn_service_pb2.TURN_ENGINE_CLAUDE: EngineKind.CLAUDE,
    turn_service_pb2.TURN_ENGINE_ENDPOINT: EngineKind.ENDPOINT,
    turn_service_pb2.TURN_ENGINE_REHEARSAL: EngineKind.REHEARSAL,
}
# It becomes an argument of the CLI: nothing that could be read as a flag.
_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/@\[\]-]{0,127}")
_EFFORTS = frozenset(effort.value for effort in Effort)


def read_start(request: turn_service_pb2.StartTurnRequest) -> TurnAttempt:
    """Return the attempt to start. Raises InvalidArgument."""
    check = RequestCheck()
    check.given(request.run_id, "run_id")
    check.given(request.turn_id, "turn_id")
    check.that(request.attempt >= 1, "attempt", "is 1 or more")
    check.that(request.fencing_token >= 0, "fencing_token", "is 0 or more")
    check.that(request.engine in _ENGINES, "engine", "is CLAUDE, ENDPOINT or REHEARSAL")
    _check_model(request.model, check)
    check.that(request.effort in _EFFORTS, "effort", "is low, medium, high or empty")
    check_task(request, check)
    check.done()
    return TurnAttempt(
        run_id=request.run_id,
        fencing_token=request.fencing_token,
        turn_id=request.turn_id,
        number=request.attempt,
        engine=_ENGINES[request.engine],
        model=request.model,
        task=read_task(request),
        effort=Effort(request.effort),
    )


def check_attach(request: turn_service_pb2.AttachTurnRequest) -> None:
    """Raise InvalidArgument when a field is wrong."""
    check = RequestCheck()
    check.that(request.from_index >= 0, "from_index", "is 0 or more")
    check.done()


def check_test(request: account_service_pb2.TestAccountRequest) -> None:
    """Raise InvalidArgument when a field is wrong."""
    check = RequestCheck()
    _check_model(request.model, check)
    check.done()


def _check_model(name: str, check: RequestCheck) -> None:
    is_right = not name or _MODEL.fullmatch(name) is not None
    check.that(is_right, "model", "is no model's name")
