"""Clusters: findings that one fix would resolve."""

from dataclasses import dataclass
from enum import StrEnum

from roundtable_gateway.domain.finding import Severity


class ClusterRule(StrEnum):
    """What can join two findings."""

    SAME_WORDS = "same_words"
    SAME_TEXT = "same_text"
    MODEL = "model"


class FoundBy(StrEnum):
    """Who found what a cluster is about."""

    PANEL = "panel"
    CONTROL = "control"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class ClusterLink:
    """Why two findings are in one cluster; a reason only where a model was asked."""

    first_finding_id: str
    second_finding_id: str
    rule: ClusterRule
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """Findings that one fix would resolve; every finding of a run is in exactly one.

    Attributes:
        id: Its name in the run, such as "K1".
        severity: Its members' gravest.
        lead_finding_id: The member that speaks for it.
        finding_ids: Its members, the lead first.
        links: Why they are together; empty for a cluster of one.
    """

    id: str
    severity: Severity
    lead_finding_id: str
    finding_ids: tuple[str, ...]
    links: tuple[ClusterLink, ...] = ()
