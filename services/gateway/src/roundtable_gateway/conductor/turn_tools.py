"""What all turns of a run share."""

from dataclasses import dataclass

from roundtable_gateway.conductor.afoot import AttemptsAfoot
from roundtable_gateway.conductor.budget import BudgetMeter
from roundtable_gateway.conductor.ports import TurnRunner
from roundtable_gateway.conductor.retries import RetryPolicy
from roundtable_gateway.conductor.run_log import RunLog
from roundtable_gateway.conductor.run_pause import RunPause
from roundtable_gateway.domain.run import RunSummary
from roundtable_kit.clock import Clock


@dataclass(frozen=True, slots=True)
class TurnTools:
    """What all turns of a run share."""

    run: RunSummary
    fencing_token: int
    log: RunLog
    runner: TurnRunner
    afoot: AttemptsAfoot
    retries: RetryPolicy
    budget: BudgetMeter
    clock: Clock
    pause: RunPause
