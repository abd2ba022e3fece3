"""The runner, its account, and what can be done about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from roundtable_gateway.domain.run import Account, Usage


@dataclass(frozen=True, slots=True)
class AccountError:
    """Why the account's last use failed; `reason` is one of a failed turn's."""

    reason: str
    detail: str
    time: datetime


@dataclass(frozen=True, slots=True)
class RunnerState:
    """A runner at one moment.

    Attributes:
        account: How its turns are paid for.
        since: Since when it is that account.
        is_working: Whether the account answered when it was last used; None while
            nobody has tried it.
        slots: Turns that can go on at once.
        busy: Turns that go on.
        warm: Processes that wait, started, for a turn.
        models: What the account offers; empty while that is not known.
        default_model: Which of them answers where none is named.
        limit_reset_time: When the account's limit opens again; None for no limit.
        last_error: Why its last use failed; None when it did not.
    """

    account: Account
    since: datetime
    is_working: bool | None
    cli_version: str
    slots: int
    busy: int
    warm: int
    models: tuple[str, ...] = ()
    default_model: str | None = None
    limit_reset_time: datetime | None = None
    last_error: AccountError | None = None


@dataclass(frozen=True, slots=True)
class Login:
    """A login under way: where its owner signs in and is shown a code."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class AccountProof:
    """What came of one tiny turn; `reason` and `detail` are None when it was answered.

    Attributes:
        model: The model that answered; None when none did.
        usage: What it used; None when it came to no model.
    """

    reason: str | None
    detail: str | None
    duration: timedelta
    model: str | None
    usage: Usage | None
