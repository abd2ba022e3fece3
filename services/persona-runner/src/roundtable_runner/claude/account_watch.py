"""Whether the account works: what each use of it has shown."""

from dataclasses import dataclass
from datetime import datetime

from roundtable_kit.clock import Clock
from roundtable_runner.claude.account import (
    Access,
    AccountKind,
    AccountVariables,
    find_access,
    has_login,
)
from roundtable_runner.claude.fingerprint import Fingerprint, take_fingerprint
from roundtable_runner.turn.parts import FailureReason, TurnFailure

_LOGIN_EXPIRED = TurnFailure(
    FailureReason.AUTH_REQUIRED, "The login could not be renewed: log in again."
)

# Failures of a turn and not of the account: a model had answered.
_ANSWERED = frozenset(
    {
        FailureReason.INVALID_OUTPUT,
        FailureReason.REFUSED,
        FailureReason.OUTPUT_TOO_LONG,
    }
)


@dataclass(frozen=True, slots=True)
class AccountError:
    """Why a use of the account failed; the detail holds no part of a credential."""

    reason: FailureReason
    detail: str
    time: datetime


@dataclass(frozen=True, slots=True)
class AccountState:
    """The account at one moment.

    Attributes:
        kind: How turns are paid for.
        since: Since when with this credential; one that the CLI renewed is the same.
        access: What a process is given; None where there is no account.
        is_working: Whether it answered; None while nobody has tried the credential.
        last_error: Why its last use failed; None when it did not.
        limit_reset_time: When its limit opens again; None while none is reached.
    """

    kind: AccountKind
    since: datetime
    access: Access | None
    is_working: bool | None = None
    last_error: AccountError | None = None
    limit_reset_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Experience:
    """What the uses of one credential have shown."""

    is_working: bool | None = None
    last_error: AccountError | None = None
    limit_reset_time: datetime | None = None


class AccountWatch:
    """Looks the account up each time: a login may come and go while we run."""

    def __init__(self, account: AccountVariables, clock: Clock) -> None:
        self._account = account
        self._clock = clock
        self._since = clock.now()
        self._fingerprint: Fingerprint | None = None
        self._earlier: tuple[Fingerprint | None, datetime] = (None, self._since)
        self._experience = _Experience()
        self._refused: Fingerprint | None = None

    def look(self) -> AccountState:
        """Return the account at this moment and since when it is that one."""
        access = find_access(self._account)
        kind = access.kind if access is not None else AccountKind.NONE
        now = self._clock.now()
        fingerprint = None if access is None else take_fingerprint(access)
        if fingerprint != self._fingerprint:
            self._earlier = self._fingerprint, self._since
            self._fingerprint, self._since = fingerprint, now
            self._experience = self._first(kind, now)
        reset = self._experience.limit_reset_time
        return AccountState(
            kind,
            self._since,
            access,
            self._experience.is_working,
            self._experience.last_error,
            reset if reset is not None and reset > now else None,
        )

    def note(self, used: Fingerprint, failure: TurnFailure | None) -> None:
        """Learn from a use of an account that has ended; None when it was answered.

        What an earlier credential did says nothing of the one that is there now.
        """
        self.look()
        if failure is None or failure.reason in _ANSWERED:
            # The CLI renews a login in the middle of a turn: the same one still.
            if self._is_account(used):
                self._experience, self._refused = _Experience(is_working=True), None
                self._keep_since(used)
        elif used == self._fingerprint or self._is_renewed_in_vain(used, failure):
            self._experience = self._after(failure)

    def forget(self) -> None:
        """Know nothing of the credential any more: it was replaced by its equal."""
        self._experience, self._refused = _Experience(), None
        self._since = self._clock.now()

    def _keep_since(self, used: Fingerprint) -> None:
        earlier, since = self._earlier
        if used == earlier and used != self._fingerprint:
            self._since = since

    def _is_account(self, used: Fingerprint) -> bool:
        return self._fingerprint is not None and used.access == self._fingerprint.access

    def _is_renewed_in_vain(self, used: Fingerprint, failure: TurnFailure) -> bool:
        """Tell a login that the CLI has renewed in the turn from another login.

        It renews one that is refused; where that one is refused as well, it is the
        same login still, and does not work.
        """
        if failure.reason is not FailureReason.AUTH_REQUIRED:
            return False
        if not self._is_account(used):
            return False
        before, self._refused = self._refused, used
        return before not in (None, used)

    def _first(self, kind: AccountKind, now: datetime) -> _Experience:
        """Return what is known of a credential that nobody has used yet."""
        is_login = kind is AccountKind.SUBSCRIPTION
        if is_login and not has_login(self._account.config_dir):
            reason, detail = _LOGIN_EXPIRED.reason, _LOGIN_EXPIRED.detail
            return _Experience(
                is_working=False, last_error=AccountError(reason, detail, now)
            )
        return _Experience()

    def _after(self, failure: TurnFailure) -> _Experience:
        now, before = self._clock.now(), self._experience
        is_refused = failure.reason is FailureReason.AUTH_REQUIRED
        reset = before.limit_reset_time
        if failure.retry_delay is not None and (
            failure.reason is FailureReason.RATE_LIMITED
        ):
            reset = now + failure.retry_delay
        return _Experience(
            is_working=False if is_refused else before.is_working,
            last_error=AccountError(failure.reason, failure.detail, now),
            limit_reset_time=reset,
        )
