"""How far a run goes: what its author asks for, else its panel, else its mode."""

from dataclasses import dataclass

from roundtable_gateway.domain.persona import Panel
from roundtable_gateway.domain.run import Mode
from roundtable_gateway.http.schemas.run import CreateRunBody
from roundtable_kit.errors import FieldViolation, InvalidArgument

_ROUNDS_IN_ROUNDTABLE = 1


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How many rounds a panel discusses, and whether a control reads beside it."""

    discussion_rounds: int
    control: bool


def choose_options(body: CreateRunBody, panel: Panel | None) -> RunOptions:
    """Return the options of the run that a body asks for.

    Raises InvalidArgument naming the field for a discussion in mode review.
    """
    return RunOptions(
        discussion_rounds=_discussion_rounds(body, panel),
        control=_control(body, panel),
    )


def _discussion_rounds(body: CreateRunBody, panel: Panel | None) -> int:
    if body.mode is Mode.REVIEW:
        if body.discussion_rounds:
            raise _no_discussion()
        return 0
    if body.discussion_rounds is not None:
        return body.discussion_rounds
    return panel.discussion_rounds if panel else _ROUNDS_IN_ROUNDTABLE


def _control(body: CreateRunBody, panel: Panel | None) -> bool:
    if body.control is not None:
        return body.control
    if body.mode is Mode.REVIEW:
        return False
    return panel.control if panel else True


def _no_discussion() -> InvalidArgument:
    field = "discussion_rounds"
    return InvalidArgument(
        "INVALID_FIELD",
        f"Something is wrong with: {field}.",
        violations=[
            FieldViolation(
                field, "Mode review has no discussion; send 0, or mode roundtable."
            )
        ],
    )
