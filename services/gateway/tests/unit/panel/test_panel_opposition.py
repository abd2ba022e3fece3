"""Which findings pull the author in opposite directions."""

from dataclasses import replace

import pytest

from roundtable_gateway.domain.finding import Finding, FindingKind
from roundtable_gateway.panel.opposition import advise_opposite, are_opposed
from services.gateway.tests.support.panel_samples import (
    document,
    finding,
    quote,
    quote_from,
    unfound,
)

TEXT = document("We restore a backup in 10 minutes.", "Nobody else is as fast.")
RESTORE = quote_from(TEXT, "We restore a backup in 10 minutes.")
MINUTES = quote_from(TEXT, "in 10 minutes")
NOBODY = quote_from(TEXT, "Nobody else is as fast.")


def advice(fix: str = "", rewrite: str | None = None, **changes: object) -> Finding:
    """Return advice on the first sentence; each call's is another finding's."""
    plain = finding("A1", "A", quotes=(RESTORE,), fix=fix, rewrite=rewrite)
    return replace(plain, **changes)  # type: ignore[arg-type]  # any field may change


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Remove the claim.", "Add the restore report."),
        ("Shorten it.", "Expand on how it is done."),
        ("Delete this sentence.", "Keep this sentence."),
        ("Cut it.", "Do not cut it."),
        ("Cut it.", "Add proof rather than cut it."),
        ("It would be far better to remove it.", "Please expand it."),
        ("Name the owner of it and add a date.", "Remove it."),
        ("Trim the paragraph.", "Don't just trim it; say more."),
        ("Add a figure.", "Never add figures here."),
        ("Add the source and keep the figure.", "Remove it."),
        ("Den Satz streichen.", "Den Nachweis ergänzen."),
        ("Kürzen Sie den Absatz.", "Den Absatz nicht kürzen."),
        ("Den zweiten Satz dieses Absatzes ganz streichen.", "Ihn ergänzen."),
        ("Supprimez la phrase.", "Ajoutez une preuve."),
        ("Supprimez la phrase.", "Ne supprimez pas la phrase."),
        ("Elimine la frase.", "Añada una prueba."),
    ],
)
def test_opposite_verbs_on_the_same_words_are_opposed(one: str, other: str) -> None:
    """In every language we know, whichever comes first."""
    assert are_opposed(advice(one), advice(other))
    assert are_opposed(advice(other), advice(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Remove the claim.", "Shorten it."),
        ("Add a report.", "Expand on it."),
        ("Keep it.", "Add a source."),
        ("Remove it or add proof.", "Add proof."),
        ("Say that the costs were cut by half.", "Add a source."),
        ("Tell in which regions the prices include taxes.", "Remove it."),
        ("Tell which taxes the prices shown include.", "Remove it."),
        ("Keep the idea, cut the adverbs.", "Remove it."),
        ("Say who restores it.", "Remove it."),
        ("Replace it with a figure.", "Add a report."),
        ("If there is no proof, remove it.", "Remove it."),
        ("", "Remove it."),
        ("", ""),
    ],
)
def test_other_advice_is_not_opposed(one: str, other: str) -> None:
    """The same direction, both directions at once, or none that we know of."""
    assert not are_opposed(advice(one), advice(other))
    assert not are_opposed(advice(other), advice(one))


SHORT, LONG = "We restore it.", "We restore a backup in 10 minutes, " * 3


@pytest.mark.parametrize(
    ("one", "other", "opposed"),
    [
        pytest.param(SHORT, LONG, True, id="shorter, longer"),
        pytest.param("", LONG, True, id="gone, longer"),
        pytest.param(SHORT, "We restore backups in 10 minutes.", False, id="same size"),
        pytest.param(
            "We restore a backup in 5 minutes.",
            "We restore a backup in 2,000 minutes.",
            True,
            id="lower, higher",
        ),
        pytest.param(
            "We restore a backup in 5 minutes.",
            "We restore a backup in 7.5 minutes.",
            False,
            id="both lower",
        ),
        pytest.param(
            "We restore a backup in 5 minutes.",
            "We restore a backup in 10.0 minutes.",
            False,
            id="lower, the same",
        ),
        pytest.param(
            "We restore a backup in 5 minutes.",
            "We restore 3 backups in 20 minutes.",
            False,
            id="lower, several numbers",
        ),
    ],
)
def test_rewrites_that_go_opposite_ways_are_opposed(
    one: str, other: str, *, opposed: bool
) -> None:
    """Where the fix says nothing, the rewrite's length and its number tell."""
    assert are_opposed(advice("", one), advice("", other)) is opposed


def test_a_rewrite_is_not_asked_where_the_fix_tells() -> None:
    """Nor where it stands for several quotes."""
    longer = advice("Keep it.", LONG)

    assert not are_opposed(longer, advice("", SHORT, quotes=(RESTORE, NOBODY)))
    assert are_opposed(longer, advice("", SHORT))
    assert not are_opposed(longer, advice("Expand it.", SHORT))


@pytest.mark.parametrize(
    ("kind", "quotes", "opposed"),
    [
        (FindingKind.ERROR, (RESTORE,), True),
        (FindingKind.RISK, (MINUTES,), True),
        (FindingKind.RISK, (NOBODY, MINUTES), True),
        (FindingKind.QUESTION, (RESTORE,), False),
        (FindingKind.STRENGTH, (RESTORE,), False),
        (FindingKind.ERROR, (NOBODY,), False),
        (FindingKind.ERROR, (unfound(),), False),
        (FindingKind.OMISSION, (), False),
    ],
)
def test_praise_is_opposed_to_an_attack_on_the_same_words(
    kind: FindingKind, quotes: tuple[object, ...], *, opposed: bool
) -> None:
    """To ask about them is no attack, and what is missing stands nowhere."""
    praise = advice("Keep it.", kind=FindingKind.STRENGTH)
    attack = advice("", kind=kind, quotes=quotes)

    assert are_opposed(praise, attack) is opposed
    assert are_opposed(attack, praise) is opposed


def test_opposite_advice_on_other_words_is_opposite_but_not_opposed() -> None:
    """Here less, there more: both can be followed."""
    less, more = advice("Remove it."), advice("Expand it.", quotes=(NOBODY,))

    assert not are_opposed(less, more)
    assert advise_opposite(less, more)


def test_quotes_that_only_touch_share_no_words() -> None:
    """The end of one is the beginning of the other."""
    less = advice("Remove it.", quotes=(quote(0, 10),))
    more = advice("Expand it.", quotes=(quote(10, 20),))

    assert not are_opposed(less, more)
