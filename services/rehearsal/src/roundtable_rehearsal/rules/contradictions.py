"""One quantity with two figures.

A figure counts only when the words around it name the quantity, and only those
quantities are known that a document has once. Sentences that compare, look back
or speak of a tier are left out: precision comes before recall.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from roundtable_rehearsal.document import Document, Sentence, Word
from roundtable_rehearsal.rules.figures import Figure, find_figures
from roundtable_rehearsal.rules.quantities import QUANTITIES, Quantity
from roundtable_rehearsal.rules.rule import Advice, Hit, Match, Phrases, Rule
from roundtable_rehearsal.wordlist import word_set

_QUANTITIES: dict[str, list[Quantity]] = {
    label: [quantity for quantity in QUANTITIES if label in quantity.labels]
    for quantity in QUANTITIES
    for label in quantity.labels
}
_LABELS = Phrases(_QUANTITIES)

_CONNECTORS = word_set(
    "of is are was will be shall to at by on in within for about approximately around "
    "over more than least exactly up a an the this under agreement set capped limited "
    "all countries regions every "
    "not exceed exceeds amounts total targeted date planned guaranteed our service "
    "platform system product unserer unsere dienst dienstes plattform beträgt von am "
    "bis zum zur liegt bei ist auf wird maximal rund etwa ab innerhalb den dem der "
    "mindestens"
)
_BETWEEN = word_set(
    "free day days full written prior business calendar money-back annual guaranteed "
    "monthly happy active paying enterprise-wide kostenlose kostenlosen zufriedene "
    "zufriedenen tage tagen of"
)
_REACH = 6
# A sentence with one of these compares, looks back, or speaks of a special case.
_SPECIAL = word_set(
    "grew grow grown increase increased increases raise raised rose rises drop dropped "
    "previously formerly last until instead versus vs rather forecast target goal aim "
    "compared unlike breach cause insolvency default material basic pro premium "
    "enterprise standard starter plus gold silver bronze tier plan plans edition "
    "critical severity priority high low medium urgent extended early beta internal "
    "or competitor competitors average excluding including extra additional "
    "stieg gestiegen sank früher bisher zuvor statt verglichen durchschnittlich oder "
    "wichtigem kritisch kritische priorität tarif paket zusätzlich pro"
)
_APPROXIMATE = word_set(
    "over more than about around approximately nearly almost least up roughly some "
    "über mehr als rund etwa fast mindestens knapp"
)
_RATES = word_set(
    "user seat employee day hour week month monthly quarter year yearly annually once "
    "nutzer tag stunde woche monat monatlich quartal jahr jährlich einmalig"
)
_PLAIN_BEFORE = word_set(
    "we you it they to wir "
    "our your its their my any each that these those and with new current agreed "
    "contractual overall full our unsere unser ihre ihr die das eine ein und mit have "
    "has offer offers include includes"
)
# Figures of a sentence longer than this stand too far from their labels, and the
# bound keeps the work linear.
_LONGEST_SENTENCE_WORDS = 80
# A month is not always thirty days.
_SAME_WITHIN = Decimal("0.04")
_SAME_WITHIN_APPROXIMATE = Decimal("0.2")

_ADVICE = {
    "en": Advice(
        title="Two figures for one quantity ({name}): {one} and {other}",
        impact="The text says {one} and {other} for the same {name}. Readers will "
        "hold you to the one that suits them.",
        affected_reader="Whoever relies on the figure",
        fix="Settle which of the two is right and use it in both places.",
        would_change_mind_if="The two sentences speak of different cases and say so.",
    ),
    "de": Advice(
        title="Zwei Werte für eine Größe ({name}): {one} und {other}",
        impact="Der Text nennt {one} und {other} für dieselbe Größe. Jeder wird sich "
        "auf den Wert berufen, der ihm passt.",
        affected_reader="Wer sich auf die Zahl verlässt",
        fix="Klären, welcher Wert stimmt, und ihn an beiden Stellen einsetzen.",
        would_change_mind_if="Die Sätze meinen verschiedene Fälle und sagen das.",
    ),
}


@dataclass(frozen=True, slots=True)
class _Statement:
    """A quantity said to have a value, at a place."""

    quantity: Quantity
    qualifier: str
    rate: str
    figure: Figure
    sentence: Sentence
    label: str
    is_approximate: bool

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.quantity.name, self.qualifier, self.rate, self.figure.unit

    @property
    def text(self) -> str:
        written = self.sentence.paragraph.text[self.figure.start : self.figure.end]
        return written.strip()


def _check(document: Document) -> Iterator[Hit]:
    statements = sorted(_statements(document), key=lambda item: item.key)
    for _, group in groupby(statements, key=lambda item: item.key):
        first, *others = group
        other = next((item for item in others if _disagree(first, item)), None)
        if other:
            yield _hit(document, first, other)


def _hit(document: Document, first: _Statement, other: _Statement) -> Hit:
    quotes = dict.fromkeys(
        item.sentence.paragraph.excerpt(item.figure.start, item.figure.end)
        for item in (first, other)
    )
    return Hit(
        advice=_ADVICE[document.voice].about(
            name=first.label, one=first.text, other=other.text
        ),
        severity=first.quantity.severity,
        confidence=80,
        quotes=tuple(quotes),
        fix_kind="choice",
    )


def _disagree(first: _Statement, other: _Statement) -> bool:
    one, two = first.figure.value, other.figure.value
    if first.figure.kind in {"date", "percent"}:
        return one != two
    tolerance = _SAME_WITHIN if first.figure.kind == "duration" else Decimal(0)
    if first.is_approximate or other.is_approximate:
        tolerance = _SAME_WITHIN_APPROXIMATE
    return abs(one - two) > tolerance * max(one, two)


def _statements(document: Document) -> Iterator[_Statement]:
    figures: dict[Sentence, list[Figure]] = {}
    for match in _LABELS.in_document(document):
        sentence = match.paragraph.sentence_at(match.start)
        if not sentence.has_figure or sentence.word_count > _LONGEST_SENTENCE_WORDS:
            continue
        if not _SPECIAL.isdisjoint(word.text for word in sentence.words):
            continue
        if sentence not in figures:
            figures[sentence] = list(find_figures(sentence, document.voice))
        for quantity in _QUANTITIES[match.phrase]:
            if statement := _statement(quantity, match, sentence, figures[sentence]):
                yield statement


def _statement(
    quantity: Quantity, match: Match, sentence: Sentence, figures: list[Figure]
) -> _Statement | None:
    words = sentence.words
    if quantity.company and quantity.company.isdisjoint(word.text for word in words):
        return None
    of_kind = [figure for figure in figures if figure.kind == quantity.kind]
    figure = _figure_after(match, sentence, of_kind) or _figure_before(
        match, sentence, of_kind
    )
    if figure is None:
        return None
    return _Statement(
        quantity=quantity,
        qualifier=_qualifier(match, sentence, figure),
        rate=_rate(words, figure),
        figure=figure,
        sentence=sentence,
        label=match.text,
        is_approximate=_is_approximate(words, figure),
    )


def _figure_after(
    match: Match, sentence: Sentence, figures: list[Figure]
) -> Figure | None:
    """Find the figure of “uptime is at least 99.9 %”, over connecting words only."""
    words = match.paragraph.words
    for index in range(match.last, min(match.last + _REACH, sentence.last_word)):
        if found := _covering(figures, words[index]):
            return found
        if words[index].text not in _CONNECTORS:
            return None
    return None


def _figure_before(
    match: Match, sentence: Sentence, figures: list[Figure]
) -> Figure | None:
    """Find the figure of “a 30-day free trial”."""
    words = match.paragraph.words
    for index in range(
        match.first - 1, max(match.first - _REACH, sentence.first_word) - 1, -1
    ):
        if found := _covering(figures, words[index]):
            return found
        if words[index].text.strip("'s") not in _BETWEEN:
            return None
    return None


def _covering(figures: list[Figure], word: Word) -> Figure | None:
    return next((f for f in figures if f.start < word.end and word.start < f.end), None)


def _qualifier(match: Match, sentence: Sentence, figure: Figure) -> str:
    """Give the word before the label, unless it is the figure or says nothing.

    “Log retention period” and “backup retention period” may well differ.
    """
    if match.first <= sentence.first_word:
        return ""
    before = match.paragraph.words[match.first - 1]
    if figure.start < before.end and before.start < figure.end:
        return ""
    text = before.text
    return "" if text in _PLAIN_BEFORE or text in _CONNECTORS | _BETWEEN else text


def _rate(words: tuple[Word, ...], figure: Figure) -> str:
    """Give “month user” for “$49 per user and month”: other rates may well differ."""
    if figure.kind != "money":
        return ""
    after = [word.text for word in words if word.start >= figure.end][:_REACH]
    return " ".join(sorted(_RATES.intersection(after)))


def _is_approximate(words: tuple[Word, ...], figure: Figure) -> bool:
    before = [word.text for word in words if word.end <= figure.start]
    return not _APPROXIMATE.isdisjoint(before[-2:])


RULES = (
    Rule(
        name="contradictions",
        label={"en": "figures that contradict each other", "de": "Widersprüche"},
        criteria=(
            "consistency",
            "termination",
            "liability",
            "obligations",
            "cost",
            "evidence",
            "metrics",
            "feasibility",
            "clarity",
        ),
        languages=("en", "de"),
        check=_check,
        needs_whole=True,
    ),
)
