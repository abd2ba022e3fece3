"""What is not there: owner, date, acceptance criterion, call to action and the like."""

from collections.abc import Iterator
from functools import partial

from roundtable_rehearsal.document import Document
from roundtable_rehearsal.rules.absences import ABSENCES
from roundtable_rehearsal.rules.calendar import find_dates
from roundtable_rehearsal.rules.expectations import EXPECTATIONS, Expectation
from roundtable_rehearsal.rules.rule import Advice, Hit, Rule

# A headline or a slogan on its own is not expected to hold everything.
_SHORTEST_DOCUMENT_WORDS = 15

_READER = {"en": "Whoever decides or acts by this text", "de": "Wer danach entscheidet"}
_DOUBT = {
    "en": "It stands in a document that this one points to.",
    "de": "Es steht in einem Dokument, auf das dieses verweist.",
}


def _check(expectation: Expectation, document: Document) -> Iterator[Hit]:
    if document.word_count < _SHORTEST_DOCUMENT_WORDS or _is_met(expectation, document):
        return
    absence = ABSENCES[document.voice][expectation.subject]
    yield Hit(
        advice=Advice(
            title=absence.title,
            impact=absence.impact,
            affected_reader=_READER[document.voice],
            fix=absence.fix,
            would_change_mind_if=_DOUBT[document.voice],
        ),
        severity=expectation.severity,
        confidence=60,
        kind="omission",
        searched_for=expectation.terms,
    )


def _is_met(expectation: Expectation, document: Document) -> bool:
    if any(document.mentions(term) for term in expectation.terms):
        return True
    return expectation.subject == "date" and any(
        True for sentence in document.sentences for _ in find_dates(sentence)
    )


RULES = tuple(
    Rule(
        name=f"missing_{item.subject}",
        label={
            "en": f"absence of {ABSENCES['en'][item.subject].label}",
            "de": f"Fehlen: {ABSENCES['de'][item.subject].label}",
        },
        criteria=(item.criterion,),
        languages=("en", "de"),
        check=partial(_check, item),
        document_types=(item.document_type,),
        needs_whole=True,
    )
    for item in EXPECTATIONS
)
