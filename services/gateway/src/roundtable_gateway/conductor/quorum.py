"""Whether enough seats have finished for a discussion to be worth holding."""

from roundtable_gateway.conductor.proceedings import Proceedings
from roundtable_gateway.domain.decision import DecisionReason
from roundtable_gateway.panel.tally import tally

QUORUM = DecisionReason.QUORUM.value


def lacks_quorum(proceedings: Proceedings) -> bool:
    """Return whether the panel can't decide, whatever it discusses."""
    record = proceedings.record
    decision = tally(
        proceedings.run,
        tuple(record.turns.values()),
        tuple(record.findings.values()),
        (),
    )
    return decision.reason is DecisionReason.QUORUM
