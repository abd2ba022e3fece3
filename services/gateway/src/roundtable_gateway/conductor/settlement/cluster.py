"""Settles the question about pairs: what one fix would resolve becomes one cluster."""

from collections.abc import Iterator

from roundtable_gateway.conductor.cluster_building import Clustering
from roundtable_gateway.conductor.gate import UnfitAnswerError
from roundtable_gateway.conductor.parts import ClusterResult, TurnResult
from roundtable_gateway.conductor.settlement.settlement import Settled, Settlement
from roundtable_gateway.domain.cluster import ClusterLink, ClusterRule
from roundtable_gateway.domain.event import ClustersSet
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.domain.run import Turn


class ClusterSettlement(Settlement):
    """Builds the clusters with what the model said of the pairs in the task."""

    def __init__(
        self, pairs: tuple[tuple[Finding, Finding], ...], clustering: Clustering
    ) -> None:
        self._pairs = pairs
        self._clustering = clustering

    def settle(self, turn: Turn, result: TurnResult) -> Settled:
        """Return the clusters; a pair without an answer is kept apart."""
        if not isinstance(result, ClusterResult):
            raise UnfitAnswerError
        clusters = self._clustering.build(self._links(result))
        return Settled(turn, facts=(ClustersSet(clusters),))

    def _links(self, result: ClusterResult) -> Iterator[ClusterLink]:
        answers = {answer.number: answer for answer in reversed(result.answers)}
        for number, (first, second) in enumerate(self._pairs, start=1):
            answer = answers.get(number)
            if answer is not None and answer.is_same:
                yield ClusterLink(
                    first.id, second.id, ClusterRule.MODEL, answer.reason or None
                )
