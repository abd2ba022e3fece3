"""Claims that nothing in the text backs: superlatives, figures, unnamed studies."""

import re
from collections.abc import Iterator

from roundtable_rehearsal.document import Document
from roundtable_rehearsal.rules.context import (
    is_negated,
    is_question,
    paragraphs_with_proof,
)
from roundtable_rehearsal.rules.rule import Advice, Hit, Phrases, Rule
from roundtable_rehearsal.wordlist import word_set

_SUPERLATIVES = Phrases(
    (
        "the best",
        "the only one",
        "the only platform",
        "the only product",
        "the only provider",
        "the only solution",
        "the only tool",
        "the fastest",
        "the cheapest",
        "the easiest",
        "the leading",
        "the number one",
        "the most advanced",
        "the most complete",
        "the most powerful",
        "the most secure",
        "the most trusted",
        "the most reliable",
        "best-in-class",
        "best in class",
        "world-class",
        "world's most",
        "world's best",
        "world's first",
        "world's leading",
        "industry-leading",
        "industry leading",
        "market-leading",
        "market leader",
        "number one",
        "unmatched",
        "unrivaled",
        "unrivalled",
        "unparalleled",
        "revolutionary",
        "cutting-edge",
        "state-of-the-art",
        "game-changing",
        "next-generation",
        "military-grade",
        "bank-grade",
        "marktführer",
        "marktführend",
        "marktführende",
        "branchenführend",
        "branchenführende",
        "weltweit führend",
        "weltweit führende",
        "einzigartig",
        "einzigartige",
        "unübertroffen",
        "unübertroffene",
        "revolutionär",
        "revolutionäre",
        "die beste",
        "der beste",
        "das beste",
        "das einzige",
        "der einzige",
        "nummer eins",
        "die schnellste",
        "der schnellste",
    )
)
# “the best way to reach us” compares nothing that a buyer would want proved.
_HARMLESS_AFTER = word_set(
    "way time practice practices of part person thing place effort efforts possible "
    "difference exception remaining weg fall sinne"
)
_UNNAMED = Phrases(
    (
        "studies show",
        "studies have shown",
        "research shows",
        "research suggests",
        "experts agree",
        "experts say",
        "analysts agree",
        "it is well known",
        "it is widely known",
        "everyone knows",
        "as everyone knows",
        "many experts",
        "highest standards",
        "all relevant regulations",
        "all applicable regulations",
        "höchsten standards",
        "studien zeigen",
        "studien belegen",
        "untersuchungen zeigen",
        "experten sind sich einig",
        "bekanntlich",
        "es ist allgemein bekannt",
    )
)
_GAINS = word_set(
    "cut cuts cutting reduce reduces reducing reduced save saves saving savings faster "
    "quicker boost boosts increase increases increased improve improves improved lower "
    "lowers more less fewer better cheaper higher senkt senken sinkt reduziert "
    "reduzieren spart sparen schneller steigert steigern erhöht mehr weniger besser "
    "günstiger"
)
_SHARE = re.compile(
    r"\b\d{1,3}(?:[.,]\d{1,2})?\s?(?:%|percent\b|prozent\b)|\b\d{1,3}x\b"
)

_SUPERLATIVE_ADVICE = {
    "en": Advice(
        title="Superlative without proof: “{phrase}”",
        impact="“{phrase}” asks for trust instead of earning it; a sceptical reader "
        "discounts the sentences around it too.",
        affected_reader="Readers who compare you with others",
        fix="Name the comparison, its date and its source, or say plainly what the "
        "product does.",
        would_change_mind_if="An independent source named in the same paragraph.",
    ),
    "de": Advice(
        title="Superlativ ohne Beleg: „{phrase}“",
        impact="„{phrase}“ verlangt Vertrauen, statt es zu verdienen; auch die Sätze "
        "daneben verlieren an Gewicht.",
        affected_reader="Leser, die Sie mit anderen vergleichen",
        fix="Vergleich, Datum und Quelle nennen oder schlicht sagen, was das Produkt "
        "leistet.",
        would_change_mind_if="Eine unabhängige Quelle im selben Absatz.",
    ),
}
_FIGURE_ADVICE = {
    "en": Advice(
        title="Figure without a source: {phrase}",
        impact="Nobody can check {phrase}: measured where, against what, by whom?",
        affected_reader="Readers who must defend the purchase with your figures",
        fix="Say what was measured, when, on how many cases, and link the source.",
        would_change_mind_if="A source, a sample or a measurement in the same "
        "paragraph.",
    ),
    "de": Advice(
        title="Zahl ohne Quelle: {phrase}",
        impact="{phrase} kann niemand prüfen: gemessen wo, gegen was, von wem?",
        affected_reader="Leser, die den Kauf mit Ihren Zahlen begründen müssen",
        fix="Sagen, was wann an wie vielen Fällen gemessen wurde, mit Quelle.",
        would_change_mind_if="Quelle, Stichprobe oder Messung im selben Absatz.",
    ),
}
_UNNAMED_ADVICE = {
    "en": Advice(
        title="Unnamed authority: “{phrase}”",
        impact="“{phrase}” without a name is no evidence, and readers know it.",
        affected_reader="Readers who check sources",
        fix="Name the study or the person, with year and link, or drop the phrase.",
        would_change_mind_if="The source named in the same paragraph.",
    ),
    "de": Advice(
        title="Ungenannte Autorität: „{phrase}“",
        impact="„{phrase}“ ohne Namen ist kein Beleg, und Leser wissen das.",
        affected_reader="Leser, die Quellen prüfen",
        fix="Studie oder Person mit Jahr und Fundstelle nennen oder streichen.",
        would_change_mind_if="Die Quelle im selben Absatz.",
    ),
}


def _check_superlatives(document: Document) -> Iterator[Hit]:
    advice = _SUPERLATIVE_ADVICE[document.voice]
    proved = paragraphs_with_proof(document)
    for match in _SUPERLATIVES.in_document(document):
        words = match.paragraph.words
        after = words[match.last].text if match.last < len(words) else ""
        if (
            match.paragraph.id in proved
            or after in _HARMLESS_AFTER
            or is_negated(match)
        ):
            continue
        yield Hit(
            advice=advice.about(phrase=match.text),
            severity="major" if document.document_type == "marketing_copy" else "minor",
            confidence=70,
            quotes=(match.paragraph.excerpt(match.start, match.end),),
        )


def _check_figures(document: Document) -> Iterator[Hit]:
    advice = _FIGURE_ADVICE[document.voice]
    proved = paragraphs_with_proof(document)
    for paragraph in document.paragraphs:
        if paragraph.id in proved or _GAINS.isdisjoint(paragraph.vocabulary):
            continue
        for sentence in paragraph.sentences:
            match = _SHARE.search(paragraph.text, sentence.start, sentence.end)
            if (
                match is None
                or is_question(sentence)
                or _GAINS.isdisjoint(word.text for word in sentence.words)
            ):
                continue
            yield Hit(
                advice=advice.about(phrase=match[0]),
                severity="major",
                confidence=65,
                quotes=(paragraph.excerpt(match.start(), match.end()),),
            )


def _check_unnamed(document: Document) -> Iterator[Hit]:
    advice = _UNNAMED_ADVICE[document.voice]
    proved = paragraphs_with_proof(document)
    for match in _UNNAMED.in_document(document):
        if match.paragraph.id not in proved:
            yield Hit(
                advice=advice.about(phrase=match.text),
                severity="minor",
                confidence=80,
                quotes=(match.paragraph.excerpt(match.start, match.end),),
            )


RULES = (
    Rule(
        name="superlatives",
        label={"en": "superlatives without proof", "de": "Superlative ohne Beleg"},
        criteria=("evidence", "differentiation", "alternatives", "audience_fit"),
        languages=("en", "de"),
        check=_check_superlatives,
    ),
    Rule(
        name="unsourced_figures",
        label={"en": "figures without a source", "de": "Zahlen ohne Quelle"},
        criteria=("evidence", "metrics", "differentiation"),
        languages=("en", "de"),
        check=_check_figures,
        document_types=("marketing_copy", "proposal", "prd", "other"),
    ),
    Rule(
        name="unnamed_authorities",
        label={"en": "unnamed authorities", "de": "ungenannte Autoritäten"},
        criteria=("evidence", "problem", "differentiation"),
        languages=("en", "de"),
        check=_check_unnamed,
    ),
)
