"""Names of turns, the same for every conductor that plans them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from roundtable_gateway.domain.discussion import AgendaItem
from roundtable_gateway.domain.finding import Finding

CONTROL = "control"
_DIGITS = 8

# What is told of a finding's words in a digest: the id stands for all that never
# changes; dispositions and severities change by what comes later.
Evidence = tuple[str, bool, tuple[str, ...]]


def review_id(run_id: str, reader: str) -> str:
    """Name the blind reading of a seat or of the control."""
    return f"{run_id}-1-{reader}"


def sweep_reader(panelist_id: str, number: int) -> str:
    """Name a seat as the reader of a section."""
    return f"{panelist_id}-s{number}"


def repair_id(run_id: str, reader: str) -> str:
    """Name the repair of what a reader handed in."""
    return f"{run_id}-2-{reader}"


def cluster_id(run_id: str, digest: str) -> str:
    """Name the question about pairs."""
    return f"{run_id}-3-{digest}"


def discussion_id(run_id: str, panelist_id: str, *, round: int, digest: str) -> str:  # noqa: A002 - the glossary's word
    """Name a seat's word in a round."""
    return f"{run_id}-5-{round}-{panelist_id}-{digest}"


def synthesis_id(run_id: str, digest: str) -> str:
    """Name the moderator's turn."""
    return f"{run_id}-7-{digest}"


def digest_of(asked: object) -> str:
    """Return eight digits that differ where what is asked differs.

    Args:
        asked: Strings, numbers, truth values and sequences of them.
    """
    text = json.dumps(asked, ensure_ascii=False, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()[:_DIGITS]


def evidence_of(findings: Iterable[Finding]) -> list[Evidence]:
    """Return what a digest is told of findings."""
    return [
        (each.id, each.verified, tuple(quote.given for quote in each.quotes))
        for each in findings
    ]


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
