"""The panel's outcome, by the policy and nothing else."""

from roundtable_gateway.conductor.manifest import ran
from roundtable_gateway.conductor.proceedings import Proceedings
from roundtable_gateway.domain.event import DecisionSet
from roundtable_gateway.domain.run import ManifestEntry, Stage
from roundtable_gateway.panel.tally import tally


async def decide(proceedings: Proceedings) -> ManifestEntry:
    """Set the decision that follows from what the log says."""
    record = proceedings.record
    decision = tally(
        proceedings.run,
        tuple(record.turns.values()),
        tuple(record.findings.values()),
        record.stances,
    )
    if decision != record.decision:
        await proceedings.tell(Stage.DECISION, DecisionSet(decision))
    return ran(Stage.DECISION)
