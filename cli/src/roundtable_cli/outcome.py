"""The exit code that a run's end stands for."""

from roundtable_cli.errors import ExitCode
from roundtable_cli.run import Run

_BY_OUTCOME = {
    "ship": ExitCode.SUCCESS,
    "fix_then_ship": ExitCode.CHANGES_WANTED,
    "rework": ExitCode.CHANGES_WANTED,
}


def exit_code_of(run: Run) -> ExitCode:
    """Return 0 to ship, 1 if changes are wanted, 2 if there is no decision to go by."""
    if run.state != "succeeded" or run.decision is None:
        return ExitCode.NO_DECISION
    return _BY_OUTCOME.get(run.decision.outcome, ExitCode.NO_DECISION)
