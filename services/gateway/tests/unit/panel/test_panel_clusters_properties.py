"""What clusters promise for any findings and any links."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable_gateway.domain.cluster import ClusterLink, ClusterRule
from roundtable_gateway.domain.finding import Finding, FindingKind, Severity
from roundtable_gateway.panel.clusters import (
    MOST_UNSURE_PAIRS,
    build_clusters,
    propose,
)
from roundtable_gateway.panel.likeness import family_of
from roundtable_gateway.panel.opposition import are_opposed
from roundtable_gateway.panel.severities import gravest
from services.gateway.tests.support.panel_samples import finding, quote, unfound

# How long an example takes says nothing on a busy machine.
PATIENT = settings(deadline=None, max_examples=50)

QUOTES = st.sampled_from(
    [quote(0, 20), quote(5, 30), quote(25, 60), quote(60, 90), unfound()]
)
FIXES = st.sampled_from(
    ["Remove it.", "Expand it.", "Keep it.", "Add a figure.", "Name the owner.", ""]
)
TITLES = st.sampled_from(
    ["A claim without proof", "Claim has no proof", "No owner is named", "Vague"]
)


@st.composite
def finding_lists(draw: st.DrawFn) -> list[Finding]:
    """Draw up to ten findings of three seats and the control, ids all different."""
    return [
        finding(
            f"F{number}",
            draw(st.sampled_from(["A", "B", "C", None])),
            kind=draw(st.sampled_from(FindingKind)),
            severity=draw(st.sampled_from(Severity)),
            criterion=draw(st.sampled_from(["evidence", "clarity"])),
            title=draw(TITLES),
            fix=draw(FIXES),
            quotes=tuple(draw(st.lists(QUOTES, max_size=2))),
            searched_for=tuple(draw(st.lists(st.sampled_from(["owner", "date"])))),
            confidence=draw(st.sampled_from([50, 90])),
            verified=draw(st.booleans()),
        )
        for number in range(1, draw(st.integers(0, 10)) + 1)
    ]


NAMES = st.sampled_from([f"F{number}" for number in range(1, 12)])
LINKS = st.lists(
    st.builds(ClusterLink, NAMES, NAMES, st.sampled_from(ClusterRule)), max_size=20
)


@PATIENT
@given(findings=finding_lists(), links=LINKS)
def test_every_finding_is_in_exactly_one_cluster(
    findings: list[Finding], links: list[ClusterLink]
) -> None:
    """Count in is count out, and no name is given twice."""
    clusters = build_clusters(findings, links)

    held = [each for cluster in clusters for each in cluster.finding_ids]
    assert sorted(held) == sorted(each.id for each in findings)
    names = sorted(int(cluster.id.removeprefix("K")) for cluster in clusters)
    assert names == list(range(1, len(clusters) + 1))


@PATIENT
@given(findings=finding_lists(), links=LINKS)
def test_no_cluster_holds_what_must_stay_apart(
    findings: list[Finding], links: list[ClusterLink]
) -> None:
    """No opposed pair, and no strength or question but among its like."""
    by_id = {each.id: each for each in findings}

    for cluster in build_clusters(findings, links):
        for a, b in combinations([by_id[each] for each in cluster.finding_ids], 2):
            assert not are_opposed(a, b)
            assert family_of(a) is family_of(b)


@PATIENT
@given(findings=finding_lists(), links=LINKS, data=st.data())
def test_the_order_of_findings_and_links_does_not_matter(
    findings: list[Finding], links: list[ClusterLink], data: st.DataObject
) -> None:
    """Neither to what is proposed nor to what is built."""
    findings_otherwise = data.draw(st.permutations(findings))
    links_otherwise = data.draw(st.permutations(links))

    assert propose(findings) == propose(findings_otherwise)
    assert build_clusters(findings, links) == build_clusters(
        findings_otherwise, links_otherwise
    )


@PATIENT
@given(findings=finding_lists(), links=LINKS)
def test_links_hold_each_cluster_together(
    findings: list[Finding], links: list[ClusterLink]
) -> None:
    """From the lead every member can be reached, by links that were given."""
    for cluster in build_clusters(findings, links):
        assert set(cluster.links) <= set(links)
        assert reached(cluster.lead_finding_id, cluster.links) == set(
            cluster.finding_ids
        )


def reached(start: str, links: Sequence[ClusterLink]) -> set[str]:
    """Return what links lead to from a finding."""
    found, before = {start}, set[str]()
    while found != before:
        before = set(found)
        for link in links:
            ends = {link.first_finding_id, link.second_finding_id}
            if ends & found:
                found |= ends
    return found


@PATIENT
@given(findings=finding_lists(), links=LINKS)
def test_a_cluster_is_as_grave_as_its_lead_and_its_gravest(
    findings: list[Finding], links: list[ClusterLink]
) -> None:
    """The lead comes first."""
    severities = {each.id: each.severity for each in findings}

    for cluster in build_clusters(findings, links):
        assert cluster.lead_finding_id == cluster.finding_ids[0]
        assert cluster.severity is severities[cluster.lead_finding_id]
        assert cluster.severity is gravest(severities[e] for e in cluster.finding_ids)


@PATIENT
@given(findings=finding_lists(), links=LINKS)
def test_clusters_rebuilt_from_their_own_links_are_the_same(
    findings: list[Finding], links: list[ClusterLink]
) -> None:
    """And keep names and members whatever becomes of severities."""
    clusters = build_clusters(findings, links)
    kept = [link for cluster in clusters for link in cluster.links]
    moved = [replace(each, severity=Severity.NOTE) for each in findings]

    assert build_clusters(findings, kept) == clusters
    assert {(c.id, frozenset(c.finding_ids)) for c in build_clusters(moved, kept)} == {
        (c.id, frozenset(c.finding_ids)) for c in clusters
    }


@PATIENT
@given(findings=finding_lists())
def test_what_is_proposed_can_be_joined(findings: list[Finding]) -> None:
    """Sure links are all kept, and each unsure pair alone would join two clusters."""
    proposal = propose(findings)

    clusters = build_clusters(findings, proposal.links)

    assert {k for cluster in clusters for k in cluster.links} == set(proposal.links)
    assert len(proposal.unsure) <= MOST_UNSURE_PAIRS
    for first, second in proposal.unsure:
        told = ClusterLink(first.id, second.id, ClusterRule.MODEL)
        joined = build_clusters(findings, [*proposal.links, told])
        assert len(joined) == len(clusters) - 1
