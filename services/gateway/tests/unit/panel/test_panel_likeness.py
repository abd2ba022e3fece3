"""Which findings are worth comparing: the exhaustive answer without comparing all."""

from itertools import combinations
from typing import Self

from hypothesis import given, settings
from hypothesis import strategies as st

from roundtable_gateway.domain.cluster import ClusterLink, ClusterRule
from roundtable_gateway.domain.finding import Finding, FindingKind
from roundtable_gateway.panel.agenda import set_agenda
from roundtable_gateway.panel.clusters import build_clusters, propose
from roundtable_gateway.panel.likeness import SOME_TEXT, LikenessMeter
from roundtable_gateway.panel.normalization import Span
from roundtable_gateway.panel.passages import shared_length, sharing_words
from roundtable_gateway.panel.wording import Wordings
from services.gateway.tests.support.panel_samples import (
    alone,
    finding,
    quote,
    review,
    unfound,
)
from services.gateway.tests.support.samples import RUBRIC, run_summary

# How long an example takes says nothing on a busy machine.
PATIENT = settings(deadline=None, max_examples=200)

LEASTS = st.sampled_from([0.1, SOME_TEXT, 0.45, 0.5, 0.8, 1.0])
WORDS = st.sampled_from(
    ["backup", "backups", "claim", "claims", "proof", "owner", "the", "12", "語言", ""]
)
TEXTS = st.lists(st.lists(WORDS, max_size=6).map(" ".join), max_size=12)
SPANS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 10)).map(
        lambda placed: Span(placed[0], sum(placed))
    ),
    max_size=3,
)
QUOTES = st.sampled_from([quote(0, 20), quote(5, 30), quote(30, 60), unfound()])


@st.composite
def finding_lists(draw: st.DrawFn) -> list[Finding]:
    """Draw up to ten findings, ids all different."""
    return [
        finding(
            f"F{number}",
            "A",
            kind=draw(st.sampled_from(FindingKind)),
            title=" ".join(draw(st.lists(WORDS, max_size=3))),
            impact=" ".join(draw(st.lists(WORDS, max_size=3))),
            fix=" ".join(draw(st.lists(WORDS, max_size=3))),
            quotes=tuple(draw(st.lists(QUOTES, max_size=2))),
            searched_for=tuple(draw(st.lists(st.sampled_from(["owner", "Date"])))),
        )
        for number in range(draw(st.integers(0, 10)))
    ]


@PATIENT
@given(texts=TEXTS, least=LEASTS)
def test_alike_texts_are_those_that_comparing_all_would_find(
    texts: list[str], least: float
) -> None:
    """Each pair once."""
    wordings = Wordings(texts)

    pairs = list(wordings.alike_pairs(least))

    assert sorted(pairs) == [
        (one, other)
        for one, other in combinations(range(len(texts)), 2)
        if wordings.likeness(one, other) >= least
    ]


@PATIENT
@given(stretches=st.lists(SPANS, max_size=8))
def test_stretches_that_share_words_are_those_that_comparing_all_would_find(
    stretches: list[list[Span]],
) -> None:
    """One letter in common is enough; a stretch without a letter shares none."""
    assert sharing_words(stretches) == {
        (one, other)
        for one, other in combinations(range(len(stretches)), 2)
        if any(shared_length(a, b) for a in stretches[one] for b in stretches[other])
    }


@PATIENT
@given(findings=finding_lists())
def test_related_findings_are_those_that_comparing_all_would_find(
    findings: list[Finding],
) -> None:
    """All that have words, a term or some text in common, and no others."""
    meter = LikenessMeter(findings)

    def have_something(a: Finding, b: Finding) -> bool:
        like = meter.measure(a, b)
        return like.words > 0 or like.terms > 0 or like.text >= SOME_TEXT

    assert meter.related() == [
        (a, b) for a, b in combinations(findings, 2) if have_something(a, b)
    ]


class Watched(str):
    """A word that counts how often any of its sort is compared."""

    __slots__ = ()
    comparisons = 0

    @classmethod
    def afresh(cls, word: str) -> Self:
        """Return a word, with nothing counted so far."""
        cls.comparisons = 0
        return cls(word)

    def __eq__(self, other: object) -> bool:
        """Count, and compare."""
        Watched.comparisons += 1
        return super().__eq__(other)

    def __ne__(self, other: object) -> bool:
        """Count, and compare."""
        Watched.comparisons += 1
        return super().__ne__(other)

    __hash__ = str.__hash__


def strangers(count: int, **changes: object) -> list[Finding]:
    """Return findings that have nothing in common but for what is given."""
    return [
        finding(
            f"{'AB'[n % 2]}{n}",
            "AB"[n % 2],
            title=f"{n * 7919}",
            quotes=(quote(n * 30, n * 30 + 20),),
            **changes,
        )
        for n in range(count)
    ]


def test_findings_that_have_nothing_in_common_are_not_compared() -> None:
    """Two hundred have 19,900 pairs; only the one that shares words is measured."""
    findings = strangers(200, criterion=Watched.afresh("evidence"))
    twin = finding(
        "C1", "C", criterion=findings[0].criterion, quotes=findings[0].quotes
    )

    proposal = propose([*findings, twin])

    assert [(a.id, b.id) for a, b in proposal.unsure] == [("A0", "C1")]
    assert 0 < Watched.comparisons < 5


def test_the_agenda_compares_only_what_is_of_one_matter() -> None:
    """Not each seat's findings with all of the others'."""
    seats = {"A": Watched.afresh("A"), "B": Watched("B")}
    findings = [
        finding(each.id, seats[str(each.panelist_id)], quotes=each.quotes)
        for each in strangers(200)
    ]
    panelists = run_summary(seats="AB").panelists

    items = set_agenda(
        panelists, [review("A"), review("B")], findings, alone(*findings), RUBRIC
    )

    assert items == ()
    assert Watched.comparisons < 5 * len(findings)


def test_links_are_dealt_to_clusters_without_asking_each_cluster() -> None:
    """However many clusters there are, a link finds its own."""
    name = Watched.afresh("0")
    pair = [finding(each, None, quotes=(quote(0, 20),)) for each in (name, "1")]
    link = ClusterLink(name, "1", ClusterRule.SAME_WORDS)

    clusters = build_clusters([*pair, *strangers(200)], [link])

    assert [each.finding_ids for each in clusters if each.links] == [(name, "1")]
    assert Watched.comparisons < 20
