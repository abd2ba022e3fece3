"""What a word in a discussion weighs."""

from dataclasses import replace

import pytest

from roundtable_gateway.domain.discussion import Move, Position, Stance
from roundtable_gateway.domain.finding import (
    Finding,
    FindingKind,
    Quote,
    QuoteStatus,
    Severity,
)
from roundtable_gateway.panel.stances import (
    as_reviewed,
    find_challenges,
    moved_severity,
    weigh,
)
from services.gateway.tests.support.panel_samples import (
    finding,
    item,
    quote,
    stance,
    unfound,
)

AGREE, DISAGREE, UNSURE = Position.AGREE, Position.DISAGREE, Position.UNSURE
MAJOR, MINOR = Severity.MAJOR, Severity.MINOR

OWN_WORDS, OTHER_WORDS, NEW_WORDS = quote(0, 20), quote(100, 120), quote(50, 60)
MINE = finding("B1", "B", severity=MINOR, quotes=(OWN_WORDS,))
THEIRS = finding("A1", "A", quotes=(OTHER_WORDS,))
PRAISE = finding(
    "B2", "B", kind=FindingKind.STRENGTH, severity=Severity.NOTE, quotes=(OTHER_WORDS,)
)


def said(
    about: Finding | None,
    position: Position = AGREE,
    severity: Severity | None = None,
    *,
    on: tuple[str, ...] = ("A1", "B1"),
    own: tuple[Finding, ...] = (MINE,),
    earlier: tuple[Stance, ...] = (),
    quotes: tuple[Quote, ...] = (),
    changed_by: str | None = None,
) -> Stance:
    """Weigh what panelist B says."""
    return weigh(
        item(*on, cluster_id="K1" if about else None),
        panelist_id="B",
        turn_id="run_1-5-2-B-0a1b2c3d",
        round=3 if earlier else 2,
        finding=about,
        move=Move.REFINE,
        position=position,
        severity=severity,
        argument="So it is.",
        changed_by=changed_by,
        quotes=quotes,
        own_findings=own,
        earlier=earlier,
    )


def test_a_stance_keeps_what_was_said() -> None:
    """All that the panelist said is in it."""
    weighed = said(
        THEIRS, UNSURE, MAJOR, quotes=(NEW_WORDS,), changed_by="Paragraph 4.", own=()
    )

    assert weighed == Stance(
        item_id="I1",
        panelist_id="B",
        turn_id="run_1-5-2-B-0a1b2c3d",
        round=2,
        finding_id="A1",
        move=Move.REFINE,
        position=UNSURE,
        severity_before=None,
        severity_after=MAJOR,
        argument="So it is.",
        changed_by="Paragraph 4.",
        quotes=(NEW_WORDS,),
        is_change=False,
        is_evidenced=True,
    )


@pytest.mark.parametrize(
    ("weighed", "before", "after", "is_change"),
    [
        pytest.param(said(MINE), MINOR, MINOR, False, id="stands by its own"),
        pytest.param(
            said(MINE, AGREE, MAJOR), MINOR, MAJOR, True, id="its own, graver"
        ),
        pytest.param(said(MINE, DISAGREE), MINOR, MINOR, True, id="drops its own"),
        pytest.param(said(MINE, UNSURE), MINOR, MINOR, True, id="doubts its own"),
        pytest.param(
            said(THEIRS, AGREE, MINOR), MINOR, MINOR, False, id="same matter, as before"
        ),
        pytest.param(
            said(THEIRS, AGREE, MAJOR), MINOR, MAJOR, True, id="same matter, graver"
        ),
        pytest.param(
            said(THEIRS, AGREE, MAJOR, own=()), None, MAJOR, True, id="joins another's"
        ),
        pytest.param(
            said(THEIRS, AGREE, MAJOR, on=("A1",)),
            None,
            MAJOR,
            True,
            id="joins another's, its own being off the item",
        ),
        pytest.param(
            said(THEIRS, DISAGREE, MINOR, own=()),
            None,
            MINOR,
            False,
            id="never held it",
        ),
        pytest.param(
            said(THEIRS, UNSURE, own=()), None, None, False, id="can't say, as before"
        ),
        pytest.param(
            said(THEIRS, DISAGREE, own=(PRAISE,), on=("A1", "B2")),
            None,
            None,
            False,
            id="praised what the other attacks",
        ),
        pytest.param(
            said(THEIRS, AGREE, MAJOR, own=(PRAISE,), on=("A1", "B2")),
            None,
            MAJOR,
            True,
            id="gives up its praise",
        ),
        pytest.param(said(None, AGREE), None, None, False, id="marks"),
        pytest.param(
            said(None, AGREE, MAJOR), None, None, False, id="marks have no severity"
        ),
        pytest.param(
            said(None, UNSURE, changed_by="P4"), None, None, True, id="marks, moved"
        ),
    ],
)
def test_what_a_change_is_in_the_first_round(
    weighed: Stance,
    before: Severity | None,
    after: Severity | None,
    *,
    is_change: bool,
) -> None:
    """A change is one from what the panelist's review held."""
    assert (weighed.severity_before, weighed.severity_after) == (before, after)
    assert weighed.is_change is is_change


MOVED = stance("B", finding_id="B1", severity_before=MINOR, severity_after=MAJOR)
UNMOVED = replace(MOVED, is_evidenced=False)
OF_MARKS = stance("B", finding_id=None, severity_after=None, position=DISAGREE)


@pytest.mark.parametrize(
    ("earlier", "about", "position", "severity", "before", "is_change"),
    [
        pytest.param(MOVED, MINE, AGREE, MAJOR, MAJOR, False, id="still moved"),
        pytest.param(MOVED, MINE, AGREE, MINOR, MAJOR, True, id="moves back"),
        pytest.param(MOVED, MINE, AGREE, None, MAJOR, False, id="says no severity"),
        pytest.param(UNMOVED, MINE, AGREE, MAJOR, MINOR, True, id="says it again"),
        pytest.param(UNMOVED, MINE, AGREE, MINOR, MINOR, False, id="as in its review"),
        pytest.param(
            replace(MOVED, panelist_id="C"), MINE, AGREE, MAJOR, MINOR, True, id="C's"
        ),
        pytest.param(
            replace(MOVED, round=3), MINE, AGREE, MAJOR, MINOR, True, id="this round's"
        ),
        pytest.param(
            replace(MOVED, finding_id="A1"), MINE, AGREE, MAJOR, MINOR, True, id="A1's"
        ),
        pytest.param(OF_MARKS, None, DISAGREE, None, None, False, id="marks, still"),
        pytest.param(OF_MARKS, None, AGREE, None, None, True, id="marks, moves"),
        pytest.param(
            replace(OF_MARKS, item_id="I2"), None, AGREE, None, None, False, id="others"
        ),
    ],
)
def test_what_a_change_is_in_a_later_round(
    earlier: Stance,
    about: Finding | None,
    position: Position,
    severity: Severity | None,
    before: Severity | None,
    *,
    is_change: bool,
) -> None:
    """One from its last evidenced stance; what had none has not moved the panelist."""
    weighed = said(about, position, severity, earlier=(earlier,))

    assert (weighed.severity_before, weighed.is_change) == (before, is_change)


WITH_STOP = replace(quote(0, 22), text="w" * 20 + " .")
SHOWN = stance("B", finding_id="A1", quotes=(quote(40, 70),))


@pytest.mark.parametrize(
    ("quotes", "earlier", "is_evidenced"),
    [
        pytest.param((), (), False, id="none"),
        pytest.param((OWN_WORDS,), (), False, id="those of its own finding"),
        pytest.param((quote(5, 12),), (), False, id="a part of those"),
        pytest.param((quote(5, 32),), (), True, id="a few words more than those"),
        pytest.param((quote(5, 31),), (), False, id="a word more than those"),
        pytest.param((quote(90, 93),), (), True, id="short, but wholly new"),
        pytest.param((WITH_STOP,), (), False, id="those and a full stop"),
        pytest.param((OTHER_WORDS,), (), True, id="those of another's finding"),
        pytest.param((unfound(),), (), False, id="not in the document"),
        pytest.param(
            (replace(NEW_WORDS, status=QuoteStatus.AMBIGUOUS),), (), False, id="unclear"
        ),
        pytest.param((OWN_WORDS, NEW_WORDS), (), True, id="one of two is new"),
        pytest.param((NEW_WORDS,), (SHOWN,), False, id="shown in an earlier round"),
        pytest.param(
            (NEW_WORDS,), (replace(SHOWN, round=3),), True, id="shown in this round"
        ),
        pytest.param(
            (NEW_WORDS,), (replace(SHOWN, panelist_id="C"),), True, id="shown by C"
        ),
    ],
)
def test_what_evidence_is(
    quotes: tuple[Quote, ...], earlier: tuple[Stance, ...], *, is_evidenced: bool
) -> None:
    """Words of the document, found, that the panelist had not shown before."""
    weighed = said(THEIRS, quotes=quotes, earlier=earlier)

    assert weighed.is_evidenced is is_evidenced


@pytest.mark.parametrize(
    ("stances", "expected"),
    [
        pytest.param((), None, id="nobody spoke"),
        pytest.param((MOVED,), MAJOR, id="its author, with evidence"),
        pytest.param((UNMOVED,), None, id="its author, without"),
        pytest.param((replace(MOVED, panelist_id="A"),), None, id="somebody else"),
        pytest.param((replace(MOVED, finding_id="B2"),), None, id="of another finding"),
        pytest.param((replace(MOVED, severity_after=MINOR),), None, id="as it is"),
        pytest.param((replace(MOVED, severity_after=None),), None, id="no severity"),
        pytest.param(
            (MOVED, replace(MOVED, round=3, severity_after=Severity.NOTE)),
            Severity.NOTE,
            id="the last round",
        ),
        pytest.param(
            (
                MOVED,
                replace(MOVED, item_id="I2", severity_after=Severity.NOTE),
            ),
            MAJOR,
            id="twice in a round: the gravest",
        ),
    ],
)
def test_only_its_author_moves_a_finding_and_with_evidence(
    stances: tuple[Stance, ...], expected: Severity | None
) -> None:
    """None means that it stays as it is."""
    assert moved_severity(MINE, stances) is expected
    assert moved_severity(MINE, stances[::-1]) is expected


def test_a_finding_can_be_had_as_it_was_before_the_discussion() -> None:
    """The first severity that its author was asked of is the review's."""
    moved_twice = replace(MINE, severity=Severity.BLOCKER)
    stances = (
        replace(MOVED, round=3, severity_before=MAJOR, severity_after=Severity.BLOCKER),
        MOVED,
        replace(MOVED, panelist_id="A", severity_before=Severity.NOTE),
    )

    assert as_reviewed(moved_twice, stances) == MINE
    assert as_reviewed(THEIRS, stances) == THEIRS


def test_challenges_come_in_an_order_of_their_own() -> None:
    """The order of the stances is no matter."""
    stances = [
        replace(stance("B", number), move=Move.CHALLENGE, position=DISAGREE)
        for number in (3, 2)
    ] + [replace(stance("A"), move=Move.CHALLENGE, position=DISAGREE)]

    challenges = find_challenges(stances)

    assert [each.panelist_id for each in challenges] == ["A", "B", "B"]
    assert find_challenges(stances[::-1]) == challenges
