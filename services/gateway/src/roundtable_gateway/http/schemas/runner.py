"""The runner and its account over HTTP."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from roundtable_gateway.domain.run import Account, Engine, Usage
from roundtable_gateway.domain.runner import AccountError, AccountProof, RunnerState

_LONGEST_CODE = 4096
_LONGEST_MODEL = 200


@dataclass(frozen=True, slots=True)
class Capacity:
    """How much the runner takes; `queued` turns of this gateway wait for their start.

    Up to `slots` turns go on at once and `busy` do; `warm` processes wait for one.
    """

    slots: int
    busy: int
    warm: int
    queued: int


@dataclass(frozen=True, slots=True)
class AccountLimits:
    """The account's limit that is reached, and when it opens again."""

    reset_time: datetime


@dataclass(frozen=True, slots=True)
class Runner:
    """What answers, on which account, and how it does.

    `working` says whether the account answered when it was last used; null while nobody
    has tried it. `models` is empty while they are not known.
    """

    engine: Engine
    account: Account
    since: datetime
    working: bool | None
    cli_version: str
    models: tuple[str, ...]
    default_model: str | None
    capacity: Capacity
    limits: AccountLimits | None
    last_error: AccountError | None

    @classmethod
    def of(cls, engine: Engine, state: RunnerState, *, queued: int) -> Self:
        """Return the contract's form of a runner's state."""
        reset_time = state.limit_reset_time
        return cls(
            engine=engine,
            account=state.account,
            since=state.since,
            working=state.is_working,
            cli_version=state.cli_version,
            models=state.models,
            default_model=state.default_model,
            capacity=Capacity(state.slots, state.busy, state.warm, queued),
            limits=None if reset_time is None else AccountLimits(reset_time),
            last_error=state.last_error,
        )


@dataclass(frozen=True, slots=True)
class ClaudeLogin:
    """A login under way: open `url`, sign in, and send back the code shown there."""

    login_id: str
    url: str


class LoginCodeBody(BaseModel):
    """The code that the provider showed."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[
        str,
        StringConstraints(
            strip_whitespace=True, max_length=_LONGEST_CODE, pattern=r"^[!-~]+$"
        ),
        Field(repr=False),
    ]


class AccountTestBody(BaseModel):
    """Which model to try; the account's default where none is named."""

    model_config = ConfigDict(extra="forbid")

    model: Annotated[
        str | None, StringConstraints(min_length=1, max_length=_LONGEST_MODEL)
    ] = None


@dataclass(frozen=True, slots=True)
class AccountTest:
    """What came of one tiny turn; `reason` is one of a failed turn's."""

    working: bool
    reason: str | None
    detail: str | None
    seconds: float
    model: str | None
    usage: Usage | None

    @classmethod
    def of(cls, proof: AccountProof) -> Self:
        """Return the contract's form of a proof."""
        return cls(
            working=proof.reason is None,
            reason=proof.reason,
            detail=proof.detail,
            seconds=round(proof.duration.total_seconds(), 3),
            model=proof.model,
            usage=proof.usage,
        )
