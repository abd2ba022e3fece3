"""How alike texts are, in any language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roundtable_gateway.panel.wording import Wordings, plain

CLAIM = "The backup claim has no evidence. Cite the restore tests of the last year."
ALIKE = "Absolute claim without evidence. Cite restore tests or soften the wording."
OTHER = "Nobody knows who decides. Name the owner of the budget."


def likeness(one: str, other: str, *more: str) -> float:
    """Compare two texts among more."""
    return Wordings([one, other, *more]).likeness(0, 1)


@pytest.mark.parametrize(
    ("one", "alike", "other"),
    [
        (CLAIM, ALIKE, OTHER),
        (
            "Die Verfügbarkeit ist nicht belegt. Messwerte nennen.",
            "Verfügbarkeit ohne Beleg. Messwert oder Nachweis nennen.",
            "Der Termin für den Start fehlt. Datum einsetzen.",
        ),
        ("没有证据支持可用性的说法", "可用性的说法缺少证据", "请写明预算的负责人"),
        ("Claims", "claim", "owner"),
    ],
)
def test_texts_that_say_the_same_are_more_alike(
    one: str, alike: str, other: str
) -> None:
    """Whatever the script and the endings of words."""
    assert likeness(one, alike, other) > 2 * likeness(one, other, alike)


def test_what_all_texts_share_tells_less_than_what_two_share() -> None:
    """A phrase of every finding makes no two of them alike."""
    common = likeness("See page one", "See page two", "See page ten", "See page six")
    rare = likeness("See page one", "See page two")

    assert common < rare


@given(one=st.text(), other=st.text(), more=st.lists(st.text()))
def test_likeness_is_a_share_whichever_text_comes_first(
    one: str, other: str, more: list[str]
) -> None:
    """Between 0 and 1, and 1 for a text with itself unless it has no words."""
    ahead, back = likeness(one, other, *more), likeness(other, one, *reversed(more))

    assert ahead == back
    assert 0 <= ahead <= 1
    assert likeness(one, one) == (1 if plain(one) else 0)
