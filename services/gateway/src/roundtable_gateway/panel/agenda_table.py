"""The findings that an agenda is made of, and which of them are of one matter."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations

from roundtable_gateway.domain.cluster import Cluster
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.panel.advice import advice_of, conflict
from roundtable_gateway.panel.opposition import praise_meets_attack
from roundtable_gateway.panel.order import natural
from roundtable_gateway.panel.passages import found_spans, sharing_words


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Two findings of one matter."""

    a: Finding
    b: Finding
    are_on_same_words: bool


class Table:
    """The findings that count, and which cluster each is in."""

    def __init__(
        self, findings: Iterable[Finding], clusters: Iterable[Cluster]
    ) -> None:
        """Read each finding once, however many it is compared with."""
        self.findings = sorted(findings, key=lambda finding: natural(finding.id))
        self._cluster_of = {
            finding_id: cluster.id
            for cluster in clusters
            for finding_id in cluster.finding_ids
        }
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, finding in enumerate(self.findings):
            self._places[self.cluster_of(finding)].append(place)
        self._advice = {each.id: advice_of(each) for each in self.findings}
        self._on_same_words = sharing_words(
            [found_spans(finding.quotes) for finding in self.findings]
        )

    def cluster_of(self, finding: Finding) -> str:
        """The cluster that a finding is in, by id."""
        return self._cluster_of[finding.id]

    def members(self, cluster_id: str) -> list[Finding]:
        """The findings of a cluster that count."""
        return [self.findings[place] for place in self._places[cluster_id]]

    def neighbours(self) -> Iterator[Neighbours]:
        """Each two of one matter: of some of the same words, or of one cluster."""
        of_one_cluster = (
            pair for places in self._places.values() for pair in combinations(places, 2)
        )
        for pair in sorted(self._on_same_words.union(of_one_cluster)):
            one, other = (self.findings[place] for place in pair)
            yield Neighbours(one, other, pair in self._on_same_words)

    def say_opposite(self, a: Finding, b: Finding) -> bool:
        """Whether two findings would be opposed if they were of the same words."""
        return praise_meets_attack(a, b) or conflict(
            self._advice[a.id], self._advice[b.id]
        )

    def cited(self, finding_ids: Iterable[str]) -> tuple[Finding, ...]:
        """Those of some findings that count, by id."""
        wanted = set(finding_ids)
        return tuple(f for f in self.findings if f.id in wanted)
