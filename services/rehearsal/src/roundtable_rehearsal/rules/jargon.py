"""Words of the trade, and long words where short ones do."""

from collections.abc import Iterator

from roundtable_rehearsal.document import Document
from roundtable_rehearsal.rules.rule import Advice, Hit, Phrases, Rule

_PLAINER = {
    "utilize": "use",
    "utilise": "use",
    "utilizes": "uses",
    "utilises": "uses",
    "utilized": "used",
    "utilised": "used",
    "utilizing": "using",
    "utilising": "using",
    "in order to": "to",
    "prior to": "before",
    "due to the fact that": "because",
    "at this point in time": "now",
    "in the event that": "if",
    "with regard to": "about",
    "with regards to": "about",
    "a majority of": "most",
}
_BUZZWORDS = (
    "synergy",
    "synergies",
    "synergistic",
    "paradigm shift",
    "holistic",
    "best-of-breed",
    "low-hanging fruit",
    "boil the ocean",
    "circle back",
    "move the needle",
    "value-add",
    "value proposition",
    "thought leader",
    "thought leadership",
    "actionable insights",
    "digital transformation journey",
    "frictionless",
    "seamless",
    "seamlessly",
    "turnkey",
    "hyperscale",
    "disruptive",
    "supercharge",
    "future-proof",
    "mission-critical",
    "ecosystem play",
    "leverage our",
    "leveraging",
    "leverages",
    "operationalize",
    "operationalise",
    "ganzheitlich",
    "ganzheitliche",
    "ganzheitlichen",
    "synergien",
    "synergieeffekte",
    "zukunftssicher",
    "zukunftssichere",
    "nahtlos",
    "nahtlose",
    "paradigmenwechsel",
    "leuchtturmprojekt",
    "mehrwert",
    "mehrwerte",
    "disruptiv",
)
_PLAINER_PHRASES = Phrases(_PLAINER)
_BUZZWORD_PHRASES = Phrases(_BUZZWORDS)

_PLAINER_ADVICE = Advice(
    title="Longer than needed: “{phrase}”",
    impact="“{phrase}” costs the reader time and says no more than “{plain}”.",
    affected_reader="Readers in a hurry",
    fix="Write “{plain}”.",
    would_change_mind_if="The phrase is a fixed term of the trade or of law.",
)
_BUZZWORD_ADVICE = {
    "en": Advice(
        title="Jargon: “{phrase}”",
        impact="“{phrase}” could stand in any text of any company; the reader learns "
        "nothing about this one.",
        affected_reader="Readers from outside the author's trade",
        fix="Say what happens instead: who does what, with which effect.",
        would_change_mind_if="The audience asked for the term.",
    ),
    "de": Advice(
        title="Worthülse: „{phrase}“",
        impact="„{phrase}“ könnte in jedem Text jeder Firma stehen; über diese erfährt "
        "man nichts.",
        affected_reader="Leser von außerhalb des Fachs",
        fix="Stattdessen sagen, was geschieht: wer was tut, mit welcher Wirkung.",
        would_change_mind_if="Die Leser haben nach dem Begriff gefragt.",
    ),
}


def _check_plainer(document: Document) -> Iterator[Hit]:
    for match in _PLAINER_PHRASES.in_document(document):
        plain = _PLAINER[match.phrase]
        if match.text[0].isupper():
            plain = plain.capitalize()
        quote = match.paragraph.excerpt(match.start, match.end)
        yield Hit(
            advice=_PLAINER_ADVICE.about(phrase=match.text, plain=plain),
            severity="note",
            confidence=80,
            quotes=(quote,),
            rewrite=quote.replacing(match.start, match.end, plain),
            fix_kind="mechanical",
        )


def _check_buzzwords(document: Document) -> Iterator[Hit]:
    advice = _BUZZWORD_ADVICE[document.voice]
    for match in _BUZZWORD_PHRASES.in_document(document):
        yield Hit(
            advice=advice.about(phrase=match.text),
            severity="minor",
            confidence=65,
            quotes=(match.paragraph.excerpt(match.start, match.end),),
        )


RULES = (
    Rule(
        name="jargon",
        label={"en": "jargon", "de": "Worthülsen"},
        criteria=("audience_fit", "differentiation", "clarity", "problem"),
        languages=("en", "de"),
        check=_check_buzzwords,
    ),
    Rule(
        name="long_words",
        label={"en": "long words for short ones", "de": "Umständliches"},
        criteria=("clarity", "audience_fit"),
        languages=("en",),
        check=_check_plainer,
        document_types=("marketing_copy", "proposal", "prd", "design_doc", "other"),
    ),
)
