"""Groups of findings that grow by links and never hold what must stay apart."""

from collections.abc import Iterable
from dataclasses import dataclass

from roundtable_gateway.domain.cluster import ClusterLink
from roundtable_gateway.domain.finding import Finding
from roundtable_gateway.panel.advice import Advice, advice_of, conflict
from roundtable_gateway.panel.likeness import Family, family_of


@dataclass(eq=False)
class Group:
    """Findings that belong together, and where their advice goes."""

    members: list[Finding]
    family: Family
    advice: Advice

    def may_join(self, other: "Group") -> bool:
        """Whether one fix could resolve both groups."""
        return self.family is other.family and not conflict(self.advice, other.advice)


class Partition:
    """Groups of findings that grow by links; none ever holds what must stay apart."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Begin with a group for each finding."""
        self._groups = {
            finding.id: Group([finding], family_of(finding), advice_of(finding))
            for finding in findings
        }

    def join(self, link: ClusterLink) -> bool:
        """Join by a link; tells whether both its findings are in one group now."""
        ours = self._groups.get(link.first_finding_id)
        theirs = self._groups.get(link.second_finding_id)
        if ours is None or theirs is None:
            return False
        if ours is theirs:
            return link.first_finding_id != link.second_finding_id
        if not ours.may_join(theirs):
            return False
        if len(ours.members) < len(theirs.members):
            ours, theirs = theirs, ours
        ours.members += theirs.members
        ours.advice |= theirs.advice
        self._groups.update((member.id, ours) for member in theirs.members)
        return True

    def of(self, finding_id: str) -> Group:
        """The group that a finding is in."""
        return self._groups[finding_id]

    def groups(self) -> Iterable[Group]:
        """Each group once."""
        return dict.fromkeys(self._groups.values())
