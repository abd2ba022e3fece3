"""What a run may still spend."""

from roundtable_gateway.domain.run import Budget, Usage


class BudgetMeter:
    """Counts attempts and cost against a run's budget.

    Args:
        budget: What the author allows.
        spent: What the run's log says is spent.
    """

    def __init__(self, budget: Budget, spent: Usage) -> None:
        self._budget = budget
        self._turns = spent.turns
        self._cost_usd = spent.cost_usd or 0.0

    def take_turn(self) -> bool:
        """Count one more attempt and return True, or False when none is left."""
        if self._budget.turns is not None and self._turns >= self._budget.turns:
            return False
        limit = self._budget.cost_usd
        if limit is not None and self._cost_usd >= limit:
            return False
        self._turns += 1
        return True

    def spend(self, usage: Usage) -> None:
        """Count what an attempt has cost."""
        self._cost_usd += usage.cost_usd or 0.0
