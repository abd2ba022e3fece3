"""Which findings code puts together, and which it asks a model about."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import pytest

from roundtable_gateway.domain.cluster import Cluster, ClusterLink, ClusterRule, FoundBy
from roundtable_gateway.domain.finding import Finding, FindingKind, Severity
from roundtable_gateway.panel.clusters import (
    MOST_UNSURE_PAIRS,
    build_clusters,
    found_by,
    propose,
)
from services.gateway.tests.support.panel_samples import (
    document,
    finding,
    quote,
    quote_from,
    unfound,
)

TEXT = document(
    "Our backups never fail and anyone can restore them in ten minutes.",
    "The service is available 99.99 % of the time. We ship by Friday.",
    "Many customers in several regions trust us.",
)
NEVER = quote_from(TEXT, "Our backups never fail")
WHOLE = quote_from(
    TEXT, "Our backups never fail and anyone can restore them in ten minutes."
)
ANYONE = quote_from(TEXT, "anyone can restore them")
FRIDAY = quote_from(TEXT, "We ship by Friday.")
MANY = quote_from(TEXT, "Many customers")
SEVERAL = quote_from(TEXT, "several regions")

CLAIM = {
    "title": "The backup claim has no evidence",
    "impact": "Buyers doubt an absolute promise about backups.",
    "fix": "Cite the restore tests of the last year.",
}
CLAIM_TOO = {
    "title": "Absolute backup claim without evidence",
    "impact": "A buyer will doubt the absolute promise.",
    "fix": "Cite restore tests of the last year.",
}
CLAIM_OTHERWISE = {
    "title": "Backups: an absolute promise",
    "impact": "A security officer will not believe it.",
    "fix": "Show the last restore tests or soften the claim.",
}
NO_OWNER = {
    "title": "No owner is named",
    "impact": "Nobody knows who is on duty at night.",
    "fix": "Name the team.",
}
VAGUE_MANY = {
    "title": "Vague quantity: many",
    "impact": "Readers cannot judge the size.",
    "fix": "Give the number.",
}
VAGUE_SEVERAL = {**VAGUE_MANY, "title": "Vague quantity: several"}
ROLLBACK = {
    "title": "No rollback",
    "impact": "A failed migration leaves no way back.",
    "fix": "Describe how to go back.",
    "kind": FindingKind.OMISSION,
}
ROLLBACK_TOO = {
    "title": "Rollback is missing",
    "impact": "If the migration fails there is no way back.",
    "fix": "Describe the rollback.",
    "kind": FindingKind.OMISSION,
}
LEFTOVER = {
    "title": "A placeholder was left: Friday",
    "impact": "The reader learns no date.",
    "fix": "Give the date of the Friday that is meant.",
}
STRENGTH = {"kind": FindingKind.STRENGTH}
OMISSION = {"kind": FindingKind.OMISSION}
QUESTION = {"kind": FindingKind.QUESTION}


class Pair(NamedTuple):
    """Two findings of two seats."""

    one: Mapping[str, object]
    other: Mapping[str, object]


SURE = {
    "same words, alike text": Pair(
        {**CLAIM, "quotes": (NEVER,)}, {**CLAIM_TOO, "quotes": (NEVER,)}
    ),
    "a quote within a quote": Pair(
        {**CLAIM, "quotes": (WHOLE,)}, {**CLAIM_TOO, "quotes": (NEVER,)}
    ),
    "one of several quotes": Pair(
        {**CLAIM, "quotes": (FRIDAY, NEVER)}, {**CLAIM_TOO, "quotes": (NEVER, MANY)}
    ),
    "a risk and an error": Pair(
        {**CLAIM, "quotes": (NEVER,)},
        {**CLAIM_TOO, "quotes": (NEVER,), "kind": FindingKind.RISK},
    ),
    "two strengths": Pair(
        {**CLAIM, "quotes": (NEVER,), **STRENGTH},
        {**CLAIM_TOO, "quotes": (NEVER,), **STRENGTH},
    ),
    "two questions": Pair(
        {**CLAIM, "quotes": (NEVER,), **QUESTION},
        {**CLAIM_TOO, "quotes": (NEVER,), **QUESTION},
    ),
    "same text, no words": Pair(CLAIM, {**CLAIM, "quotes": (unfound(),)}),
    "same text, words of one": Pair(CLAIM, {**CLAIM, "quotes": (NEVER,)}),
    "omissions of the same": Pair(
        {**ROLLBACK, "searched_for": ("rollback", "revert")},
        {**ROLLBACK_TOO, "searched_for": ("Rollback",)},
    ),
}
VERY_POINT = {
    "one point under two criteria": Pair(
        {**LEFTOVER, "quotes": (FRIDAY,)},
        {
            **LEFTOVER,
            "quotes": (FRIDAY,),
            "criterion": "clarity",
            "impact": "Nobody can plan the pilot.",
        },
    ),
    "one point under two criteria, in one answer": Pair(
        {**LEFTOVER, "quotes": (FRIDAY,), "turn_id": "run_1-1-A"},
        {
            **LEFTOVER,
            "quotes": (FRIDAY,),
            "turn_id": "run_1-1-A",
            "criterion": "clarity",
        },
    ),
}
UNSURE = {
    "same words, another text": Pair(
        {**CLAIM, "quotes": (WHOLE,)}, {**NO_OWNER, "quotes": (WHOLE,)}
    ),
    "same words, another criterion": Pair(
        {**CLAIM, "quotes": (NEVER,)},
        {**CLAIM_TOO, "quotes": (NEVER,), "criterion": "clarity"},
    ),
    "one point under two criteria, on other words": Pair(
        {**LEFTOVER, "quotes": (FRIDAY,)},
        {**LEFTOVER, "quotes": (WHOLE,), "criterion": "clarity"},
    ),
    "another point under another criterion, same words": Pair(
        {**LEFTOVER, "quotes": (FRIDAY,)},
        {**NO_OWNER, "quotes": (FRIDAY,), "criterion": "clarity"},
    ),
    "alike text, words of one": Pair({**CLAIM, "quotes": (NEVER,)}, CLAIM_TOO),
    "same text in one paragraph": Pair(
        {**VAGUE_MANY, "quotes": (MANY,)}, {**VAGUE_MANY, "quotes": (SEVERAL,)}
    ),
    "same text in two places": Pair(
        {**VAGUE_MANY, "quotes": (MANY,), "paragraph_ids": ()},
        {**VAGUE_SEVERAL, "quotes": (FRIDAY,), "paragraph_ids": ()},
    ),
    "alike text on one passage": Pair(
        {**CLAIM, "quotes": (NEVER,)},
        {**CLAIM_OTHERWISE, "quotes": (ANYONE,)},
    ),
    "omissions with one term in common": Pair(
        {**ROLLBACK, "searched_for": ("rollback", "revert", "undo")},
        {**NO_OWNER, "searched_for": ("owner", "team", "undo"), **OMISSION},
    ),
}
APART = {
    "alike text on two passages": Pair(
        {**CLAIM, "quotes": (NEVER,)},
        {**CLAIM_OTHERWISE, "quotes": (FRIDAY,), "paragraph_ids": ("P2",)},
    ),
    "strengths that may be one": Pair(
        {**CLAIM, "quotes": (NEVER,), **STRENGTH},
        {**NO_OWNER, "quotes": (NEVER,), **STRENGTH},
    ),
    "nothing in common": Pair(
        {**CLAIM, "quotes": (NEVER,)}, {**NO_OWNER, "quotes": (FRIDAY,)}
    ),
    "strength and error": Pair(
        {**CLAIM, "quotes": (NEVER,)}, {**CLAIM, "quotes": (NEVER,), **STRENGTH}
    ),
    "question and error": Pair(
        {**CLAIM, "quotes": (NEVER,)}, {**CLAIM, "quotes": (NEVER,), **QUESTION}
    ),
    "question and strength": Pair({**CLAIM, **STRENGTH}, {**CLAIM, **QUESTION}),
    "opposed advice": Pair(
        {**CLAIM, "quotes": (NEVER,), "fix": "Remove the claim about restore tests."},
        {**CLAIM, "quotes": (NEVER,), "fix": "Expand the claim by restore tests."},
    ),
    "opposed advice elsewhere": Pair(
        {**CLAIM, "fix": "Remove the claim."}, {**CLAIM, "fix": "Expand the claim."}
    ),
    "told apart by who wrote them": Pair(
        {**CLAIM, "quotes": (NEVER,), "turn_id": "run_1-1-A"},
        {**CLAIM_TOO, "quotes": (NEVER,), "turn_id": "run_1-1-A"},
    ),
    "other terms": Pair(
        {**ROLLBACK, "searched_for": ("rollback",)},
        {**NO_OWNER, "searched_for": ("owner",), "kind": FindingKind.OMISSION},
    ),
}


def findings_of(pair: Pair) -> tuple[Finding, Finding]:
    """Return A's finding and B's."""
    return finding("A1", "A", **pair.one), finding("B1", "B", **pair.other)


@pytest.mark.parametrize("pair", SURE.values(), ids=SURE.keys())
def test_code_links_what_it_is_sure_of(pair: Pair) -> None:
    """One fix would resolve both, and no model is asked."""
    proposal = propose(findings_of(pair))

    assert [(k.first_finding_id, k.second_finding_id) for k in proposal.links] == [
        ("A1", "B1")
    ]
    assert proposal.unsure == ()


@pytest.mark.parametrize("pair", VERY_POINT.values(), ids=VERY_POINT.keys())
def test_the_very_same_point_is_one_whatever_the_criterion(pair: Pair) -> None:
    """The same words, nearly the same title and fix: seats file it differently."""
    proposal = propose(findings_of(pair))

    assert proposal.links == (ClusterLink("A1", "B1", ClusterRule.SAME_WORDS),)
    assert proposal.unsure == ()


@pytest.mark.parametrize("pair", UNSURE.values(), ids=UNSURE.keys())
def test_a_model_is_asked_where_code_is_not_sure(pair: Pair) -> None:
    """The pair is not linked."""
    findings = findings_of(pair)

    proposal = propose(findings)

    assert proposal.links == ()
    assert proposal.unsure == (findings,)


@pytest.mark.parametrize("pair", APART.values(), ids=APART.keys())
def test_the_rest_is_kept_apart_unasked(pair: Pair) -> None:
    """Nobody is asked whether praise and blame are one."""
    proposal = propose(findings_of(pair))

    assert (proposal.links, proposal.unsure) == ((), ())


def test_links_say_by_which_rule() -> None:
    """Words come before text."""
    same_words = propose(findings_of(SURE["same words, alike text"]))
    same_text = propose(findings_of(SURE["same text, no words"]))

    assert [link.rule for link in same_words.links] == [ClusterRule.SAME_WORDS]
    assert [link.rule for link in same_text.links] == [ClusterRule.SAME_TEXT]


def test_a_doublet_in_one_answer_is_linked() -> None:
    """Told apart or not: the same words with the same text are one point."""
    twice = [finding(each, "A", **CLAIM, quotes=(NEVER,)) for each in ("A1", "A2")]

    assert len(propose(twice).links) == 1


def test_of_pairs_between_the_same_findings_only_the_surest_is_asked() -> None:
    """What is linked already is asked about once."""
    findings = [
        finding("A1", "A", **CLAIM, quotes=(WHOLE,)),
        finding("B1", "B", **CLAIM_TOO, quotes=(WHOLE,)),
        finding("C1", "C", **NO_OWNER, quotes=(ANYONE,)),
    ]

    proposal = propose(findings)

    assert [(k.first_finding_id, k.second_finding_id) for k in proposal.links] == [
        ("A1", "B1")
    ]
    assert len(proposal.unsure) == 1
    assert proposal.unsure[0][1].id == "C1"


def test_what_is_said_of_two_places_is_asked_about_last() -> None:
    """However alike the texts are."""
    findings = [
        finding("A1", "A", **VAGUE_MANY, quotes=(MANY,), paragraph_ids=()),
        finding("B1", "B", **VAGUE_SEVERAL, quotes=(FRIDAY,), paragraph_ids=()),
        finding("C1", "C", **CLAIM, quotes=(WHOLE,)),
        finding("D1", "D", **NO_OWNER, quotes=(WHOLE,)),
    ]

    unsure = propose(findings).unsure

    assert [(first.id, second.id) for first, second in unsure] == [
        ("C1", "D1"),
        ("A1", "B1"),
    ]


def test_no_more_than_a_score_of_pairs_is_asked_about() -> None:
    """The surest of them."""
    findings = [
        finding(f"{seat}1", seat, quotes=(quote(0, 20),), title=f"{seat * 9} point")
        for seat in "ABCDEFGH"
    ]

    assert len(propose(findings).unsure) == MOST_UNSURE_PAIRS


def link(first: str, second: str, rule: ClusterRule = ClusterRule.MODEL) -> ClusterLink:
    """Return a link."""
    return ClusterLink(first, second, rule)


def members(clusters: tuple[Cluster, ...]) -> list[set[str]]:
    """Give the members of each cluster, in the clusters' order."""
    return [set(cluster.finding_ids) for cluster in clusters]


def test_a_third_never_brings_together_what_is_opposed() -> None:
    """The link that would is left out, and what code is sure of counts first."""
    less = finding("A1", "A", fix="Remove it.", quotes=(quote(0, 5),))
    neutral = finding("B1", "B", quotes=(quote(10, 15),))
    more = finding("C1", "C", fix="Expand it.", quotes=(quote(20, 25),))
    told = link("A1", "B1")
    sure = link("B1", "C1", ClusterRule.SAME_WORDS)

    clusters = build_clusters([less, neutral, more], [told, sure])

    assert members(clusters) == [{"B1", "C1"}, {"A1"}]
    assert [cluster.links for cluster in clusters] == [(sure,), ()]


@pytest.mark.parametrize(
    "bad",
    [
        link("A1", "Z9"),
        link("Z9", "A1"),
        link("A1", "A1"),
        link("A1", "B1"),
    ],
)
def test_a_link_that_cannot_be_is_left_out(bad: ClusterLink) -> None:
    """To what is not there, to itself, or from blame to praise."""
    findings = [finding("A1", "A"), finding("B1", "B", kind=FindingKind.STRENGTH)]

    clusters = build_clusters(findings, [bad])

    assert members(clusters) == [{"A1"}, {"B1"}]
    assert all(cluster.links == () for cluster in clusters)


def test_the_gravest_leads_then_the_verified_then_the_surest_then_by_name() -> None:
    """The lead's severity is the cluster's."""
    minor = finding("A1", "A", severity=Severity.MINOR, confidence=99)
    findings = [
        minor,
        finding("A10", "A", confidence=90),
        finding("A2", "A", confidence=90),
        finding("B1", "B", confidence=95, verified=False),
        finding("X1", None, confidence=50),
    ]
    links = [link("A1", other.id) for other in findings[1:]]

    (cluster,) = build_clusters(findings, links)

    assert cluster.finding_ids == ("A2", "A10", "X1", "B1", "A1")
    assert (cluster.lead_finding_id, cluster.severity) == ("A2", Severity.MAJOR)


def test_clusters_are_named_in_reading_order_and_ranked_by_weight() -> None:
    """A name outlives a change of severity; the verified come first, then the grave."""
    findings = [
        finding("A1", "A", severity=Severity.NOTE, quotes=(quote(0, 5),)),
        finding("A2", "A", severity=Severity.BLOCKER, verified=False),
        finding("A3", "A", quotes=(quote(90, 95),)),
        finding("A4", "A", quotes=(quote(50, 55),)),
        finding("B4", "B", quotes=(quote(40, 55),)),
    ]
    clusters = build_clusters(findings, [link("A4", "B4")])

    moved = [replace(findings[0], severity=Severity.BLOCKER), *findings[1:]]
    ranked_anew = build_clusters(moved, [link("A4", "B4")])

    assert [(each.id, each.lead_finding_id) for each in clusters] == [
        ("K2", "A4"),
        ("K3", "A3"),
        ("K1", "A1"),
        ("K4", "A2"),
    ]
    assert [each.id for each in ranked_anew] == ["K1", "K2", "K3", "K4"]


@pytest.mark.parametrize(
    ("panelist_ids", "expected"),
    [
        (("A", "B"), FoundBy.PANEL),
        ((None,), FoundBy.CONTROL),
        (("A", None), FoundBy.BOTH),
    ],
)
def test_who_found_a_cluster(
    panelist_ids: tuple[str | None, ...], expected: FoundBy
) -> None:
    """Others' findings tell nothing of it."""
    findings = [finding(f"F{n}", each) for n, each in enumerate(panelist_ids)]
    others = [finding("F8", "C"), finding("F9", None)]
    ids = tuple(each.id for each in findings)
    cluster = Cluster("K1", Severity.MAJOR, ids[0], ids)

    assert found_by(cluster, [*findings, *others]) is expected
