"""What all runs of a conductor share."""

from dataclasses import dataclass
from datetime import timedelta

from roundtable_gateway.conductor.account_barrier import AccountBarriers
from roundtable_gateway.conductor.budget import DayBudget
from roundtable_gateway.conductor.ports import Ledger, TurnRunner
from roundtable_gateway.conductor.retries import RetryPolicy
from roundtable_gateway.conductor.turn_slots import TurnSlots
from roundtable_kit.clock import Clock


@dataclass(frozen=True, slots=True)
class RunTools:
    """What all runs of a conductor share.

    Attributes:
        lease: How long a claim lasts; it is prolonged three times as often.
        slots: Turns that may go on at once over all runs.
        barriers: Where turns wait while an account refuses.
        day: What all runs may spend in a day.
        window_tokens: What the model can take; longer documents are read in shares.
    """

    ledger: Ledger
    runner: TurnRunner
    retries: RetryPolicy
    clock: Clock
    lease: timedelta
    slots: TurnSlots
    barriers: AccountBarriers
    day: DayBudget
    window_tokens: int
