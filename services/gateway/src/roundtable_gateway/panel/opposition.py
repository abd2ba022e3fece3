"""Whether two findings pull the author in opposite directions."""

from roundtable_gateway.domain.finding import Finding, FindingKind
from roundtable_gateway.panel.advice import advice_of, conflict
from roundtable_gateway.panel.passages import share_words

_ATTACKS = frozenset({FindingKind.ERROR, FindingKind.RISK})


def are_opposed(a: Finding, b: Finding) -> bool:
    """Whether two findings say of the same words what cannot both be followed.

    Shorten against expand, keep against remove, rewrites that go opposite ways, or
    praise for the very words that an error or a risk attacks.
    """
    return share_words(a, b) and say_opposite(a, b)


def say_opposite(a: Finding, b: Finding) -> bool:
    """Whether two findings would be opposed if they were of the same words."""
    return praise_meets_attack(a, b) or advise_opposite(a, b)


def advise_opposite(a: Finding, b: Finding) -> bool:
    """Whether the advice of two findings goes opposite ways, wherever they stand."""
    return conflict(advice_of(a), advice_of(b))


def praise_meets_attack(a: Finding, b: Finding) -> bool:
    """Whether one praises and the other names an error or a risk."""
    kinds = {a.kind, b.kind}
    return FindingKind.STRENGTH in kinds and bool(kinds & _ATTACKS)
