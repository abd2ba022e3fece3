"""Findings that one fix would resolve are put together; doubt keeps them apart."""

import asyncio
from collections.abc import Iterator, Sequence

from roundtable_gateway.conductor.cluster_building import Clustering
from roundtable_gateway.conductor.manifest import ran
from roundtable_gateway.conductor.planned_turn import PlannedTurn
from roundtable_gateway.conductor.proceedings import Proceedings
from roundtable_gateway.conductor.settlement.cluster import ClusterSettlement
from roundtable_gateway.conductor.tasks import ClusterTask
from roundtable_gateway.conductor.turn_ids import cluster_id, digest_of, evidence_of
from roundtable_gateway.domain.cluster import Cluster, ClusterLink, ClusterRule
from roundtable_gateway.domain.event import ClustersSet
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import ManifestEntry, Stage
from roundtable_gateway.panel.clusters import propose

UNSURE_PAIRS_KEPT_APART = "UNSURE_PAIRS_KEPT_APART"

_Pairs = Sequence[tuple[Finding, Finding]]


async def put_together(proceedings: Proceedings) -> ManifestEntry:
    """Set the clusters; of pairs that code is unsure of a model is asked."""
    record = proceedings.record
    findings = tuple(record.findings.values())
    proposal = await asyncio.to_thread(propose, findings)
    clustering = Clustering(findings, proposal.links)
    turns = list(_questions(proceedings, proposal.unsure, clustering))
    are_sure = await proceedings.ask(Stage.CLUSTERS, *turns)
    told = _told_by_model(record.clusters, of=proposal.unsure)
    clusters = await asyncio.to_thread(clustering.build, told)
    if clusters != record.clusters:
        await proceedings.tell(Stage.CLUSTERS, ClustersSet(clusters))
    return ran(Stage.CLUSTERS, None if are_sure else UNSURE_PAIRS_KEPT_APART)


def _questions(
    proceedings: Proceedings, pairs: _Pairs, clustering: Clustering
) -> Iterator[PlannedTurn]:
    if not pairs:
        return
    asked = [evidence_of(pair) for pair in pairs]
    yield PlannedTurn(
        id=cluster_id(proceedings.run.id, digest_of(asked)),
        task=ClusterTask(tuple(pairs)),
        settlement=ClusterSettlement(tuple(pairs), clustering),
        model=proceedings.common_model,
    )


def _told_by_model(clusters: Sequence[Cluster], *, of: _Pairs) -> list[ClusterLink]:
    """Return what a model said of pairs, as the clusters of the log have kept it."""
    asked = {(first.id, second.id) for first, second in of}
    return [
        link
        for cluster in clusters
        for link in cluster.links
        if link.rule is ClusterRule.MODEL
        and (link.first_finding_id, link.second_finding_id) in asked
    ]
