"""Enums across the wire: `RUN_STATE_RUNNING` there is `RunState.RUNNING` here."""

from enum import StrEnum
from typing import Any, Generic, TypeVar

from roundtable.store.v1 import process_pb2, run_pb2, turn_pb2
from roundtable_gateway.domain.cluster import ClusterRule
from roundtable_gateway.domain.decision import Outcome
from roundtable_gateway.domain.discussion import AgendaReason, Move, Position
from roundtable_gateway.domain.finding import (
    Disposition,
    FindingKind,
    FixKind,
    QuoteMethod,
    QuoteStatus,
    Severity,
    Verdict,
)
from roundtable_gateway.domain.run import (
    Engine,
    Mode,
    RunState,
    Stage,
    StageResult,
    TurnKind,
    TurnState,
)
from roundtable_kit.errors import Internal

E = TypeVar("E", bound=StrEnum)


class EnumCodec(Generic[E]):
    """Translates one enum both ways.

    Args:
        wire: The generated enum's wrapper.
        prefix: What its value names begin with, such as ``RUN_STATE_``.
        members: The domain's enum; the wire must know every member.
    """

    def __init__(self, wire: Any, prefix: str, members: type[E]) -> None:
        self._name = prefix.rstrip("_").lower()
        self._to_wire = {member: wire.Value(prefix + member.name) for member in members}
        self._from_wire = {value: member for member, value in self._to_wire.items()}

    def to_wire(self, member: E | None) -> Any:
        """Return the wire's value; None becomes the unspecified one."""
        return 0 if member is None else self._to_wire[member]

    def optional(self, value: int) -> E | None:
        """Return the member, None for the unspecified value."""
        return None if value == 0 else self.required(value)

    def required(self, value: int) -> E:
        """Return the member. Raises Internal for a value this gateway doesn't know."""
        member = self._from_wire.get(value)
        if member is None:
            raise unknown_value(self._name)
        return member


def named(members: type[E], value: str) -> E:
    """Return the member that the wire has as a word. Raises Internal for no such."""
    try:
        return members(value)
    except ValueError as error:
        raise unknown_value(members.__name__.lower()) from error


def unknown_value(name: str) -> Internal:
    """Return the error for a value that a newer peer has brought up."""
    return Internal(
        "UNKNOWN_VALUE",
        f"Another service speaks of a {name} that this gateway doesn't know; "
        "upgrade the gateway.",
    )


RUN_STATES = EnumCodec(run_pb2.RunState, "RUN_STATE_", RunState)
STAGES = EnumCodec(run_pb2.Stage, "STAGE_", Stage)
STAGE_RESULTS = EnumCodec(run_pb2.StageResult, "STAGE_RESULT_", StageResult)
ENGINES = EnumCodec(run_pb2.Engine, "ENGINE_", Engine)
MODES = EnumCodec(run_pb2.Mode, "MODE_", Mode)
TURN_KINDS = EnumCodec(turn_pb2.TurnKind, "TURN_KIND_", TurnKind)
TURN_STATES = EnumCodec(turn_pb2.TurnState, "TURN_STATE_", TurnState)
VERDICTS = EnumCodec(turn_pb2.Verdict, "VERDICT_", Verdict)
FINDING_KINDS = EnumCodec(turn_pb2.FindingKind, "FINDING_KIND_", FindingKind)
SEVERITIES = EnumCodec(turn_pb2.Severity, "SEVERITY_", Severity)
FIX_KINDS = EnumCodec(turn_pb2.FixKind, "FIX_KIND_", FixKind)
DISPOSITIONS = EnumCodec(turn_pb2.Disposition, "DISPOSITION_", Disposition)
QUOTE_STATUSES = EnumCodec(turn_pb2.QuoteStatus, "QUOTE_STATUS_", QuoteStatus)
QUOTE_METHODS = EnumCodec(turn_pb2.QuoteMethod, "QUOTE_METHOD_", QuoteMethod)
OUTCOMES = EnumCodec(turn_pb2.Outcome, "OUTCOME_", Outcome)
CLUSTER_RULES = EnumCodec(process_pb2.ClusterRule, "CLUSTER_RULE_", ClusterRule)
AGENDA_REASONS = EnumCodec(process_pb2.AgendaReason, "AGENDA_REASON_", AgendaReason)
MOVES = EnumCodec(process_pb2.Move, "MOVE_", Move)
POSITIONS = EnumCodec(process_pb2.Position, "POSITION_", Position)
