"""Clusters: which findings one fix would resolve. Members are kept, never dropped.

Code proposes. What is sure it links; what is not it leaves to a yes/no question to a
model, and doubt keeps findings apart. Nothing that pulls in opposite directions, and no
two kinds that one fix cannot resolve, ever share a cluster, not even by way of a third.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from roundtable_gateway.domain.cluster import Cluster, ClusterLink, ClusterRule, FoundBy
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.panel.likeness import (
    ALIKE_TEXT,
    SAME_TERMS,
    SAME_TEXT,
    SAME_WORDS,
    SOME_TEXT,
    Family,
    Likeness,
    LikenessMeter,
    family_of,
)
from roundtable_gateway.panel.order import Place, natural, place_of
from roundtable_gateway.panel.partition import Group, Partition
from roundtable_gateway.panel.severities import rank

MOST_UNSURE_PAIRS = 20

# So much of a quote in common is worth a question.
_SOME_WORDS = 0.2

_RULES = tuple(ClusterRule)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What code can say of which findings belong together.

    Attributes:
        links: Pairs that it is sure of.
        unsure: Pairs that a model should be asked about, surest first.
    """

    links: tuple[ClusterLink, ...]
    unsure: tuple[tuple[Finding, Finding], ...]


def propose(findings: Iterable[Finding]) -> Proposal:
    """Propose what belongs together; the order of the findings does not matter.

    No pair is unsure that the links join already or that must stay apart, and of all
    pairs that would join the same two groups only the surest is.
    """
    ordered = _ordered(findings)
    meter = LikenessMeter(ordered)
    links: list[ClusterLink] = []
    unsure: list[_Pair] = []
    for a, b in meter.related():
        if family_of(a) is not family_of(b):
            continue
        pair = _Pair(a, b, meter.measure(a, b))
        rule = pair.sure_rule()
        if rule:
            links.append(ClusterLink(a.id, b.id, rule))
        elif pair.is_worth_asking():
            unsure.append(pair)
    partition = Partition(ordered)
    kept = tuple(link for link in _by_rule(links) if partition.join(link))
    asked = _one_per_groups(sorted(unsure, key=_Pair.doubt), partition)
    return Proposal(kept, tuple(asked)[:MOST_UNSURE_PAIRS])


def build_clusters(
    findings: Iterable[Finding], links: Iterable[ClusterLink]
) -> tuple[Cluster, ...]:
    """Put findings together by links; every finding is in exactly one cluster.

    A link that would bring together what must stay apart is left out, as is one to a
    finding that is not there. Clusters are named in the document's order, whatever
    their severities, and come ranked: those with verified members first, then gravest,
    then largest. The order of the arguments does not matter.
    """
    ordered = _ordered(findings)
    partition = Partition(ordered)
    kept = [link for link in _by_rule(links) if partition.join(link)]
    links_of: defaultdict[Group, list[ClusterLink]] = defaultdict(list)
    for link in kept:
        links_of[partition.of(link.first_finding_id)].append(link)
    ranked = sorted(
        (_rank(group), number, group)
        for number, group in enumerate(sorted(partition.groups(), key=_place), start=1)
    )
    return tuple(
        _cluster(f"K{number}", group.members, links_of[group])
        for _, number, group in ranked
    )


def found_by(cluster: Cluster, findings: Iterable[Finding]) -> FoundBy:
    """Tell who found a cluster: seats of the panel, the control, or both."""
    members = set(cluster.finding_ids)
    is_control = {f.panelist_id is None for f in findings if f.id in members}
    if len(is_control) > 1:
        return FoundBy.BOTH
    return FoundBy.CONTROL if True in is_control else FoundBy.PANEL


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two findings of one family, and how alike they are."""

    a: Finding
    b: Finding
    likeness: Likeness

    def sure_rule(self) -> ClusterRule | None:
        """What makes code sure that one fix would resolve both, if anything does."""
        like = self.likeness
        is_same_text = like.text >= SAME_TEXT
        may_be_one = is_same_text or not self._told_apart
        if like.are_of_same_words and like.gist >= SAME_TEXT and may_be_one:
            # One seat files a point under clarity, another files it elsewhere.
            return ClusterRule.SAME_WORDS
        if self.a.criterion != self.b.criterion:
            return None
        if like.words >= SAME_WORDS and like.text >= ALIKE_TEXT:
            return ClusterRule.SAME_WORDS if may_be_one else None
        if self._told_apart or like.are_apart:
            return None
        is_same_gap = like.terms >= SAME_TERMS and like.text >= SOME_TEXT
        return ClusterRule.SAME_TEXT if is_same_gap or is_same_text else None

    def is_worth_asking(self) -> bool:
        """Whether a model may see more than code; nothing hangs on it for praise."""
        if self._told_apart or family_of(self.a) is Family.STRENGTH:
            return False
        like = self.likeness
        if self.a.criterion != self.b.criterion or self._is_elsewhere:
            return like.words >= SAME_WORDS or like.text >= ALIKE_TEXT
        return like.words >= _SOME_WORDS or like.terms > 0 or like.text >= SOME_TEXT

    def doubt(self) -> tuple[bool, float, str, str]:
        """Sorts the surest first; the same of two places is most often two points."""
        like = self.likeness
        alike = like.words + like.terms + like.text
        return self._is_elsewhere, -alike, self.a.id, self.b.id

    @property
    def _is_elsewhere(self) -> bool:
        return self.likeness.are_apart and not self.likeness.are_near

    @property
    def _told_apart(self) -> bool:
        """Whether one answer holds both: who wrote it saw two points."""
        return self.a.turn_id == self.b.turn_id


def _one_per_groups(
    pairs: Iterable[_Pair], partition: Partition
) -> Iterator[tuple[Finding, Finding]]:
    """The first pair of any two groups that may be joined."""
    seen: set[frozenset[int]] = set()
    for pair in pairs:
        ours, theirs = partition.of(pair.a.id), partition.of(pair.b.id)
        both = frozenset({id(ours), id(theirs)})
        if ours is not theirs and both not in seen and ours.may_join(theirs):
            seen.add(both)
            yield pair.a, pair.b


def _ordered(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda finding: natural(finding.id))


def _by_rule(links: Iterable[ClusterLink]) -> list[ClusterLink]:
    """Each link once, what code is sure of first, so that it outweighs a model."""
    return sorted(
        set(links),
        key=lambda link: (
            _RULES.index(link.rule),
            natural(link.first_finding_id),
            natural(link.second_finding_id),
            link.reason or "",
        ),
    )


def _cluster(
    cluster_id: str, members: list[Finding], links: list[ClusterLink]
) -> Cluster:
    led = sorted(members, key=_lead)
    return Cluster(
        id=cluster_id,
        severity=led[0].severity,
        lead_finding_id=led[0].id,
        finding_ids=tuple(member.id for member in led),
        links=tuple(links),
    )


def _lead(finding: Finding) -> tuple[int, bool, int, object]:
    return (
        rank(finding.severity),
        not finding.verified,
        -finding.confidence,
        natural(finding.id),
    )


def _rank(group: Group) -> tuple[bool, int, int]:
    return (
        not any(member.verified for member in group.members),
        min(rank(member.severity) for member in group.members),
        -len(group.members),
    )


def _place(group: Group) -> Place:
    return min(map(place_of, group.members))
