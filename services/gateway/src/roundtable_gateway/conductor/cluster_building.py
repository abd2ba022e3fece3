"""Clusters of a run's findings, from links that are known and links that are told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from roundtable_gateway.domain.cluster import Cluster, ClusterLink
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.panel.clusters import build_clusters


@dataclass(frozen=True, slots=True)
class Clustering:
    """Builds clusters once a model has said what it knows.

    Attributes:
        links: Those that code is sure of.
    """

    findings: Sequence[Finding]
    links: Sequence[ClusterLink]

    def build(self, told: Iterable[ClusterLink]) -> tuple[Cluster, ...]:
        """Return the clusters, with what a model has told."""
        return build_clusters(self.findings, [*self.links, *told])


def ranked_anew(
    clusters: Iterable[Cluster], findings: Iterable[Finding]
) -> tuple[Cluster, ...]:
    """Return the same clusters as their members are now: how grave, who leads."""
    return build_clusters(
        findings, [link for cluster in clusters for link in cluster.links]
    )
