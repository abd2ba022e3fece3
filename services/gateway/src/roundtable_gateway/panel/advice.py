"""Where a finding's advice takes the words: to less, to more, or nowhere.

Read from the verbs of the fix in the languages we know and, where these tell nothing,
from the rewrite. Advice that says both ("remove it or add proof") says neither.
"""

import re
from collections.abc import Iterator, Sequence
from enum import Enum, auto

from roundtable_gateway.domain.finding import Finding, FindingKind
from roundtable_gateway.panel.language import is_negation
from roundtable_gateway.panel.normalization import normalize
from roundtable_gateway.panel.verify import is_found


class Direction(Enum):
    """Where a piece of advice takes the words it is about."""

    LESS = auto()
    MORE = auto()
    KEEP = auto()
    LOWER = auto()
    HIGHER = auto()


Advice = frozenset[Direction]

_CONFLICTS = (
    (Direction.LESS, Direction.MORE),
    (Direction.LESS, Direction.KEEP),
    (Direction.LOWER, Direction.HIGHER),
)
_NEGATED = {
    Direction.LESS: Direction.KEEP,
    Direction.MORE: Direction.LESS,
    Direction.KEEP: Direction.LESS,
}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.casefold().split())


def _verbs(direction: Direction, text: str) -> dict[str, Direction]:
    return dict.fromkeys(_words(text), direction)


# In the forms that give advice: imperative and infinitive.
_VERBS = {
    **_verbs(
        Direction.LESS,
        """
        remove delete drop cut shorten trim omit condense strike tighten abridge prune
        streichen streiche streicht löschen lösche entfernen entferne entfernt kürzen
        kürze kürzt weglassen straffen straffe
        supprimer supprimez supprime retirer retirez retire enlever enlevez enlève
        raccourcir raccourcissez raccourcis couper coupez abréger abrégez
        eliminar elimine elimina suprimir suprima suprime quitar quite quita acortar
        acorte acorta borrar borre borra recortar recorte recorta
        """,
    ),
    **_verbs(
        Direction.MORE,
        """
        add expand extend elaborate lengthen include insert append
        hinzufügen ergänzen ergänze ergänzt erweitern erweitere erweitert einfügen
        ausbauen ausführen
        ajouter ajoutez ajoute développer développez développe étoffer étoffez étoffe
        compléter complétez complète inclure incluez insérer insérez
        añadir añada añade agregar agregue agrega ampliar amplíe amplía desarrollar
        desarrolle incluir incluya incluye
        """,
    ),
    **_verbs(
        Direction.KEEP,
        """
        keep retain preserve
        behalten behalte beibehalten belassen bewahren
        garder gardez garde conserver conservez maintenir maintenez
        mantener mantenga mantén conservar conserve conserva
        """,
    ),
}

# A verb gives advice at the beginning of a clause ("Please remove it") or behind one of
# these words; German puts an infinitive last. Elsewhere it tells ("costs were cut").
_BEGINNING = 4
_AHEAD_OF_ADVICE = _words("and or then but to und oder zu et ou puis de à y o e luego")
_GERMAN_INFINITIVE = "en"

# How far before a verb its negation may stand: "don't just cut".
_NEGATION_REACH = 2

# A rewrite this much shorter or longer than the words it replaces changes their length
# on purpose.
_MUCH_SHORTER = 0.6
_MUCH_LONGER = 1.6

_CLAUSE_END = re.compile(r"[.,;:!?()\[\]\n]+(?!\d)")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_GROUPED_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


def advice_of(finding: Finding) -> Advice:
    """The directions of a finding's advice.

    None if it gives none, or contradicts itself, or praises: to praise is no advice.
    """
    if finding.kind is FindingKind.STRENGTH:
        return frozenset()
    said = frozenset(_directions(finding.fix)) or frozenset(_rewritten(finding))
    return frozenset() if conflict(said, said) else said


def conflict(a: Advice, b: Advice) -> bool:
    """Whether two pieces of advice cannot both be followed."""
    return any(
        (one in a and other in b) or (one in b and other in a)
        for one, other in _CONFLICTS
    )


def _directions(text: str) -> Iterator[Direction]:
    for clause in _CLAUSE_END.split(normalize(text).text):
        words = _WORD.findall(clause)
        for index, word in enumerate(words):
            if word in _VERBS and _gives_advice(words, index):
                before = words[max(index - _NEGATION_REACH, 0) : index]
                is_negated = any(map(is_negation, before))
                yield _NEGATED[_VERBS[word]] if is_negated else _VERBS[word]


def _gives_advice(words: Sequence[str], index: int) -> bool:
    """Whether a verb stands in its clause where advice does."""
    if index < _BEGINNING or words[index - 1] in _AHEAD_OF_ADVICE:
        return True
    return index == len(words) - 1 and words[index].endswith(_GERMAN_INFINITIVE)


def _rewritten(finding: Finding) -> Iterator[Direction]:
    """Where a rewrite takes the length of the words it replaces, and their number."""
    quoted = [quote.text for quote in finding.quotes if is_found(quote) and quote.text]
    if finding.rewrite is None or len(quoted) != 1:
        return
    ratio = len(finding.rewrite) / len(quoted[0])
    if ratio <= _MUCH_SHORTER:
        yield Direction.LESS
    if ratio >= _MUCH_LONGER:
        yield Direction.MORE
    was, becomes = _only_number(quoted[0]), _only_number(finding.rewrite)
    if was is not None and becomes is not None and was != becomes:
        yield Direction.HIGHER if becomes > was else Direction.LOWER


def _only_number(text: str) -> float | None:
    """The number of a text that has exactly one."""
    numbers = _NUMBER.findall(text)
    if len(numbers) != 1:
        return None
    number: str = numbers[0]
    if _GROUPED_NUMBER.fullmatch(number):
        return float(re.sub(r"[.,]", "", number))
    whole, _, fraction = number.replace(",", ".").partition(".")
    return float(f"{whole}.{fraction.replace('.', '') or '0'}")
