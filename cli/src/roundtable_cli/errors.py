"""What the commands can fail with, and the exit codes they promise.

CliError                        any failure that is told to the user in words
├── GatewayUnreachableError     nobody answers, or nobody any more
│   └── GatewayNotTrustedError  somebody does, without a certificate that counts here
├── RehearsalOnlyError          a review is wanted and only the rehearsal is there
├── RequestRefusedError         the gateway's problem document
├── MalformedAnswerError        an answer that the contract does not allow
├── TokenError                  the user's token cannot be had from the settings
└── LaunchError                 a service did not start or could not be kept
Interrupted                     a signal asked for the end; not a failure
"""

from enum import IntEnum

_WRONG_INPUT = frozenset({400, 404, 413, 415, 422})
_UNKNOWN_CALLER = frozenset({401, 403})
_AWAY = frozenset({502, 503, 504})


class ExitCode(IntEnum):
    """What a command's exit code means; scripts rely on these."""

    SUCCESS = 0
    CHANGES_WANTED = 1
    LAUNCH_FAILED = 1  # an alias: `up` has no decision to tell it from
    ACCOUNT_FAILED = 1  # as above, of `login`
    BROKEN = 1  # as above, of `doctor`
    NO_DECISION = 2
    REHEARSAL_ONLY = 3
    USAGE = 64
    NO_GATEWAY = 69
    NOT_ALLOWED = 77
    INTERNAL = 70
    INTERRUPTED = 130


class CliError(Exception):
    """A failure told in words: what happened, and lines that help to mend it."""

    exit_code = ExitCode.NO_DECISION

    def __init__(self, message: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class GatewayUnreachableError(CliError):
    """Nobody answers at the gateway's address, or nobody any more."""

    exit_code = ExitCode.NO_GATEWAY


class GatewayNotTrustedError(GatewayUnreachableError):
    """Somebody answers there, without a certificate that counts on this machine."""


class RehearsalOnlyError(CliError):
    """A review was asked for and only the rehearsal engine is there."""

    exit_code = ExitCode.REHEARSAL_ONLY


class RequestRefusedError(CliError):
    """The gateway answered with a problem document.

    Attributes:
        status: The HTTP status.
        reason: The problem's UPPER_SNAKE reason, empty when it gave none.
    """

    def __init__(
        self, message: str, details: tuple[str, ...], *, status: int, reason: str
    ) -> None:
        super().__init__(message, details)
        self.status = status
        self.reason = reason
        if status in _WRONG_INPUT:
            self.exit_code = ExitCode.USAGE
        elif status in _UNKNOWN_CALLER:
            self.exit_code = ExitCode.NOT_ALLOWED
        elif status in _AWAY:
            self.exit_code = ExitCode.NO_GATEWAY


class LaunchError(CliError):
    """A service did not start, or could not be kept running."""

    exit_code = ExitCode.LAUNCH_FAILED


class Interrupted(Exception):  # noqa: N818 - it reports a wish, not an error
    """A signal asked for the end, and the work has ended.

    Attributes:
        signal_number: The first signal that came.
        is_forced: Whether another one followed.
    """

    def __init__(self, signal_number: int, *, is_forced: bool) -> None:
        super().__init__(signal_number)
        self.signal_number = signal_number
        self.is_forced = is_forced


class MalformedAnswerError(CliError):
    """The gateway answered something that its contract does not allow."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"The gateway's answer is not understood: {what}.",
            ("Client and gateway may be of different versions.",),
        )
