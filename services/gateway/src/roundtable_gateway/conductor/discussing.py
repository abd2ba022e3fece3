"""What agenda and discussion share: what is asked, and whether it is worth asking."""

from collections.abc import Iterable, Mapping, Sequence

from roundtable_gateway.conductor.proceedings import Proceedings
from roundtable_gateway.conductor.turn_ids import digest_of, evidence_of
from roundtable_gateway.domain.decision import DecisionReason
from roundtable_gateway.domain.discussion import AgendaItem
from roundtable_gateway.domain.finding import Finding
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


def discussion_digest(
    items: Sequence[AgendaItem], findings: Mapping[str, Finding]
) -> str:
    """Return what names the discussion of an agenda, the same in all of its rounds."""
    named = [
        (
            item.id,
            item.reason,
            item.question,
            item.cluster_id,
            item.criterion,
            item.paragraph_ids,
            item.panelist_ids,
            evidence_of(_known(item.finding_ids, findings)),
        )
        for item in items
    ]
    return digest_of(named)


def _known(
    finding_ids: Iterable[str], findings: Mapping[str, Finding]
) -> list[Finding]:
    return [findings[each] for each in finding_ids if each in findings]
