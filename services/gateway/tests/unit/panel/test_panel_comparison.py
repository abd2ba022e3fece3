"""What became of findings: fixed, still there, new, rejected before."""

from dataclasses import replace
from itertools import permutations, product
from typing import SupportsIndex

import pytest

from roundtable_gateway.domain.comparison import (
    ComparedFinding,
    Comparison,
    ComparisonReason,
)
from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.domain.finding import (
    Disposition,
    Finding,
    FindingKind,
    Quote,
)
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.panel.comparison import compare
from roundtable_gateway.panel.revision import Revision
from services.gateway.tests.support.panel_samples import (
    document,
    finding,
    quote,
    quote_from,
    unfound,
)
from services.gateway.tests.support.samples import run_summary

BACKUPS = "Our backups never fail and anyone can restore them in ten minutes."
DATES = "We ship by Friday. The pilot ends TBD and the launch follows TBD."
COSTS = "Costs rise by 5 % a year, which the board of Acme has approved."
OLD = document(BACKUPS, DATES, COSTS)

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
NO_OWNER = {
    "title": "No owner is named",
    "impact": "Nobody knows who is on duty at night.",
    "fix": "Name the team.",
}
GAP = {**NO_OWNER, "kind": FindingKind.OMISSION, "searched_for": ("owner", "team")}


def on(text: DocumentText, words: str, **changes: object) -> Finding:
    """Return a finding on words of a document."""
    return finding(
        "A1", "A", **{**CLAIM, "quotes": (quote_from(text, words),), **changes}
    )


def compared(
    old: tuple[Finding, ...],
    new: tuple[Finding, ...],
    *,
    text: DocumentText = OLD,
) -> Comparison:
    """Compare a run on the old text with one on another."""
    return compare(
        RunDetail(run_summary("run_1"), (), old, None),
        RunDetail(run_summary("run_2"), (), new, None),
        old_text=OLD,
        new_text=text,
    )


def entries(comparison: Comparison) -> dict[str, list[tuple[str | None, ...]]]:
    """Give what each list holds."""
    lists = {
        "fixed": comparison.fixed,
        "still there": comparison.still_there,
        "new": comparison.new,
        "rejected before": comparison.rejected_before,
    }
    return {
        name: [(e.old_finding_id, e.new_finding_id, e.reason.value) for e in found]
        for name, found in lists.items()
        if found
    }


NEVER = on(OLD, "Our backups never fail")
SOFTER = document(BACKUPS.replace("never", "rarely"), DATES, COSTS)
MOVED = document(COSTS, "Welcome.", BACKUPS, DATES)
GONE = document(DATES, COSTS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(OLD, ("still there", "UNCHANGED_PASSAGE"), id="same text"),
        pytest.param(MOVED, ("still there", "UNCHANGED_PASSAGE"), id="moved"),
        pytest.param(
            document("Our  backups\nnever fail, ever.", DATES),
            ("still there", "UNCHANGED_PASSAGE"),
            id="set otherwise",
        ),
        pytest.param(SOFTER, ("fixed", "WORDS_CHANGED"), id="changed"),
        pytest.param(GONE, ("fixed", "WORDS_CHANGED"), id="gone"),
        pytest.param(
            document(BACKUPS.replace("Our", "OUR"), DATES),
            ("fixed", "WORDS_CHANGED"),
            id="other capitals",
        ),
        pytest.param(
            document(BACKUPS.replace("fail", "failed"), DATES),
            ("fixed", "WORDS_CHANGED"),
            id="a longer word",
        ),
    ],
)
def test_what_became_of_a_finding_that_nobody_raised_again(
    text: DocumentText, expected: tuple[str, str]
) -> None:
    """Words that stand as they did are not fixed, whatever the panel says."""
    name, reason = expected

    assert entries(compared((NEVER,), (), text=text)) == {name: [("A1", None, reason)]}


def test_a_finding_on_several_words_is_fixed_when_one_is_changed() -> None:
    """A contradiction is resolved on either side."""
    both = on(OLD, "We ship by Friday.")
    both = replace(both, quotes=(*both.quotes, quote_from(OLD, "Costs rise by 5 %")))
    text = document(BACKUPS, DATES.replace("Friday", "Monday"), COSTS)

    assert entries(compared((both,), (), text=text)) == {
        "fixed": [("A1", None, "WORDS_CHANGED")]
    }


@pytest.mark.parametrize(
    ("paragraphs", "expected"),
    [
        pytest.param((BACKUPS, DATES), "still there", id="all are there"),
        pytest.param(
            (BACKUPS, DATES.replace("ends TBD", "ends in May")),
            "fixed",
            id="one is not",
        ),
        pytest.param((DATES, "Costs: TBD."), "still there", id="one more elsewhere"),
        pytest.param(
            (DATES.replace("TBD", "soon"), "Costs: TBD."), "fixed", id="another one"
        ),
    ],
)
def test_words_that_stand_in_several_places(
    paragraphs: tuple[str, ...], expected: str
) -> None:
    """A mend of one is seen, although others stand."""
    assert list(
        entries(compared((on(OLD, "TBD"),), (), text=document(*paragraphs)))
    ) == [expected]


def test_a_quote_that_cuts_a_word_is_found_again() -> None:
    """It stood so before."""
    assert list(entries(compared((on(OLD, "Our backup"),), ()))) == ["still there"]


def test_what_nobody_sees_stands_nowhere() -> None:
    """A soft hyphen is nothing that could be looked for."""
    unseen = replace(NEVER.quotes[0], text="\u00ad")

    assert not Revision(OLD, OLD).stands(unseen)


@pytest.mark.parametrize(
    ("text", "raised", "is_again"),
    [
        pytest.param(OLD, on(OLD, "backups never fail"), True, id="same words"),
        pytest.param(
            OLD,
            on(OLD, "Our backups never fail", **CLAIM_TOO, kind=FindingKind.RISK),
            True,
            id="alike, as a risk",
        ),
        pytest.param(
            SOFTER, on(SOFTER, "Our backups rarely fail"), True, id="on changed words"
        ),
        pytest.param(
            OLD,
            on(OLD, "Our backups never fail", **NO_OWNER),
            False,
            id="another point on the same words",
        ),
        pytest.param(
            OLD, on(OLD, "backups", criterion="clarity"), False, id="another criterion"
        ),
        pytest.param(
            OLD, on(OLD, "backups", kind=FindingKind.QUESTION), False, id="a question"
        ),
        pytest.param(
            OLD,
            on(OLD, "backups", title="Expand it", fix="Remove the restore tests."),
            True,
            id="other advice, not opposed",
        ),
        pytest.param(OLD, on(OLD, "Costs rise"), False, id="alike, on other words"),
        pytest.param(
            GONE, on(GONE, "Costs rise by 5 %"), False, id="words gone, others blamed"
        ),
        pytest.param(OLD, finding("A1", "A", **GAP), False, id="an omission"),
    ],
)
def test_what_counts_as_raised_again(
    text: DocumentText, raised: Finding, *, is_again: bool
) -> None:
    """The same point on the same words, or alike where the words were changed."""
    comparison = compared((NEVER,), (replace(raised, id="B7"),), text=text)

    again = [(e.old_finding_id, e.new_finding_id) for e in comparison.still_there]
    assert (("A1", "B7") in again) is is_again
    assert ("new" in entries(comparison)) is not is_again


def test_opposite_advice_on_the_same_words_is_another_point() -> None:
    """First it was too long, now it is too short."""
    less = on(OLD, "Our backups never fail", fix="Remove the claim of the last year.")
    more = on(OLD, "Our backups never fail", fix="Expand the claim of the last year.")

    assert entries(compared((less,), (more,))) == {
        "still there": [("A1", None, "UNCHANGED_PASSAGE")],
        "new": [(None, "A1", "OLD_WORDS")],
    }


OWNED = document(BACKUPS, DATES, COSTS, "The owner is Robin.")
OMITTED = finding("A1", "A", **GAP)


@pytest.mark.parametrize(
    ("text", "new", "expected"),
    [
        pytest.param(OLD, (), {"still there": [("A1", None, "STILL_UNSAID")]}, id="no"),
        pytest.param(
            OWNED, (), {"fixed": [("A1", None, "NOW_SAID")]}, id="said by now"
        ),
        pytest.param(
            OLD,
            (
                finding(
                    "B1", "B", **{**GAP, "searched_for": ("Owner",), "title": "Who?"}
                ),
            ),
            {"still there": [("A1", "B1", "RAISED_AGAIN")]},
            id="of the same term",
        ),
        pytest.param(
            OLD,
            (finding("B1", "B", **{**GAP, "searched_for": ("duty",)}),),
            {"still there": [("A1", "B1", "RAISED_AGAIN")]},
            id="alike",
        ),
    ],
)
def test_what_became_of_an_omission(
    text: DocumentText,
    new: tuple[Finding, ...],
    expected: dict[str, list[tuple[str | None, ...]]],
) -> None:
    """It is fixed when one of its terms is there."""
    assert entries(compared((OMITTED,), new, text=text)) == expected


@pytest.mark.parametrize(
    ("raised", "reason"),
    [
        pytest.param(on(OWNED, "We ship by Friday."), "OLD_WORDS", id="overlooked"),
        pytest.param(on(OWNED, "The owner is Robin."), "NEW_WORDS", id="added"),
        pytest.param(finding("A1", "A", **GAP), "OLD_WORDS", id="missing before"),
        pytest.param(
            finding("A1", "A", **{**GAP, "searched_for": ("backups",)}),
            "NEW_WORDS",
            id="taken out",
        ),
    ],
)
def test_what_is_new_says_whether_its_words_are(raised: Finding, reason: str) -> None:
    """What was overlooked is told from what the revision brought."""
    assert entries(compared((), (raised,), text=OWNED)) == {
        "new": [(None, "A1", reason)]
    }


def filler(topic: str, words: int = 600) -> str:
    """Return a long text without a blank line, whose words name its topic."""
    return " ".join(f"{topic}{number * 7919 % 1_000}" for number in range(words))


def place_in(text: DocumentText, start: int) -> Quote:
    """Return a quote of what stands at a place."""
    return replace(quote(start, start + 60), text=text.text[start : start + 60])


@pytest.mark.parametrize(
    ("earlier", "later", "is_same"),
    [
        pytest.param(0, 0, True, id="beginning and beginning"),
        pytest.param(3_000, 3_100, True, id="amid what is as it was"),
        pytest.param(0, 9_000, False, id="beginning and end"),
        pytest.param(9_000, 9_000, False, id="amid what is all new"),
    ],
)
def test_a_place_in_a_long_paragraph_is_what_is_around_it(
    earlier: int, later: int, *, is_same: bool
) -> None:
    """As a whole both paragraphs are alike, yet not every place is one."""
    kept = filler("alpha")
    old = document(kept + filler("beta"))
    new = document(f"So. {kept}" + "".join(map(chr, range(0x4E00, 0x4E00 + 5_000))))

    same = Revision(old, new).has_same_place(
        place_in(old, earlier), place_in(new, later)
    )

    assert same is is_same


class WatchedText(str):
    """A text that counts the letters that are cut out of it."""

    __slots__ = ("cut",)
    cut: int

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        """Count, and cut."""
        piece = super().__getitem__(key)
        self.cut += len(piece)
        return piece


@pytest.mark.parametrize(
    ("length", "most"),
    [
        pytest.param(150, 150, id="a short paragraph once"),
        pytest.param(40_000, 400 * 2_000, id="what is around, of a long one"),
    ],
)
def test_how_much_is_compared_is_bounded(length: int, most: int) -> None:
    """Twenty findings with twenty others in one paragraph, however long it is."""
    texts = [WatchedText(filler(topic, 6_000)[:length]) for topic in ("old", "new")]
    for text in texts:
        text.cut = 0
    old, new = (DocumentText(t, (Paragraph("P1", 0, length),)) for t in texts)
    revision = Revision(old, new)
    places = [quote(n, n + 50) for n in range(0, length - 50, (length - 50) // 20)]
    for text in texts:
        text.cut = 0

    for before, after in product(places[:20], places[:20]):
        revision.has_same_place(before, after)

    assert 0 < texts[0].cut <= most
    assert 0 < texts[1].cut <= most


REJECTED = replace(NEVER, disposition=Disposition.REJECTED)
RE_REJECTED = replace(REJECTED, id="B1", rejected_in_run_id="run_1")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            (REJECTED,),
            (RE_REJECTED,),
            {"rejected before": [("A1", "B1", "SAME_WORDS_REJECTED")]},
            id="raised on the same words",
        ),
        pytest.param(
            (REJECTED,),
            (),
            {"rejected before": [("A1", None, "NOT_RAISED_AGAIN")]},
            id="not raised again",
        ),
        pytest.param(
            (REJECTED,),
            (replace(NEVER, id="B1"),),
            {"still there": [("A1", "B1", "RAISED_AGAIN")]},
            id="raised again and open",
        ),
        pytest.param(
            (REJECTED,),
            (replace(RE_REJECTED, disposition=Disposition.OPEN),),
            {"still there": [("A1", "B1", "RAISED_AGAIN")]},
            id="opened again by the author",
        ),
        pytest.param(
            (),
            (RE_REJECTED,),
            {"rejected before": [(None, "B1", "SAME_WORDS_REJECTED")]},
            id="rejected in a run before the old one",
        ),
        pytest.param(
            (NEVER,),
            (RE_REJECTED, replace(NEVER, id="C1")),
            {"still there": [("A1", "C1", "RAISED_AGAIN")]},
            id="one rejected, one open",
        ),
    ],
)
def test_what_the_author_rejected(
    old: tuple[Finding, ...],
    new: tuple[Finding, ...],
    expected: dict[str, list[tuple[str | None, ...]]],
) -> None:
    """It is neither fixed nor new unless it is open again."""
    assert entries(compared(old, new)) == expected


def test_only_what_has_evidence_and_needs_a_fix_is_compared() -> None:
    """Neither side's unverified findings, nor strengths."""
    aside = (
        replace(NEVER, id="A2", verified=False, quotes=(unfound(),)),
        replace(NEVER, id="A3", kind=FindingKind.STRENGTH),
    )

    assert entries(compared(aside, aside)) == {}


def test_several_that_made_a_point_and_one_that_makes_it_again() -> None:
    """Each old one is accounted for; the new one is not new."""
    others = (NEVER, replace(NEVER, id="B1", panelist_id="B", **CLAIM_TOO))  # type: ignore[arg-type]  # texts alone
    again = on(OLD, "Our backups never fail")

    comparison = compared(others, (again,))

    assert comparison == Comparison(
        old_run_id="run_1",
        new_run_id="run_2",
        fixed=(),
        still_there=(
            ComparedFinding("A1", "A1", ComparisonReason.RAISED_AGAIN),
            ComparedFinding("B1", "A1", ComparisonReason.RAISED_AGAIN),
        ),
        new=(),
        rejected_before=(),
    )


def test_the_closest_of_those_raised_is_the_same_point() -> None:
    """And the order in which a run lists findings does not matter."""
    old = (NEVER, on(OLD, "Costs rise by 5 %", id="A2"), replace(OMITTED, id="A3"))
    new = (
        on(OLD, "Our backups never fail and anyone", id="B1", **CLAIM_TOO),
        on(OLD, "Our backups never fail", id="B2"),
        replace(OMITTED, id="B3"),
    )
    expected = compared(old, new)

    assert expected.still_there[0] == ComparedFinding(
        "A1", "B2", ComparisonReason.RAISED_AGAIN
    )
    for before, after in zip(permutations(old), permutations(new), strict=True):
        assert compared(before, after) == expected
