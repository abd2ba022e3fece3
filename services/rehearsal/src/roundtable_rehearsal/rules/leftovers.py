"""What a draft leaves behind: placeholders, notes to self, doubled words."""

import re
from collections.abc import Iterator
from itertools import pairwise

from roundtable_rehearsal.document import Document
from roundtable_rehearsal.rules.rule import ANY_LANGUAGE, Advice, Hit, Rule

_PLACEHOLDER = re.compile(
    r"\b(?:TBD|TBC|TBA|FIXME)\b"
    r"|\bTODO\b(?!\s(?:list|lists|app|apps|item|items)\b)"
    r"|\b(?i:lorem\s{1,3}ipsum)\b"
    r"|\[(?i:insert|your|placeholder|todo|tbd|tbc|xx|enter|add|company|client|customer"
    r"|name|date|amount|figure|number|price|firma|firmenname|datum|betrag|platzhalter"
    r"|hier|bitte|kunde)\b[^\[\]\n]{0,60}\](?![(:])"
    r"|(?<!\w)X{2,6}(?:[.,]X{1,3})?\s?(?:%|€|EUR\b|USD\b)"
    r"|[$€£]\s?X{2,6}\b"
    r"|\?{3}"
    r"|\bX{3}\b"
)
_DOUBLED_WORDS = frozenset({"the", "a", "an", "and", "of", "to", "for", "with", "our"})

_PLACEHOLDER_ADVICE = {
    "en": Advice(
        title="Left over from the draft: “{phrase}”",
        impact="“{phrase}” tells the reader that the text is not finished, and hides "
        "what was to stand here.",
        affected_reader="Every reader",
        fix="Fill in what belongs here or cut the sentence.",
        would_change_mind_if="The text is about such placeholders.",
    ),
    "de": Advice(
        title="Rest aus dem Entwurf: „{phrase}“",
        impact="„{phrase}“ zeigt, dass der Text nicht fertig ist, und verdeckt, was "
        "hier stehen sollte.",
        affected_reader="Alle Leser",
        fix="Einsetzen, was hierher gehört, oder den Satz streichen.",
        would_change_mind_if="Der Text handelt von solchen Platzhaltern.",
    ),
}
_DOUBLED_ADVICE = Advice(
    title="Doubled word: “{phrase}”",
    impact="A slip that makes the rest look unread.",
    affected_reader="Every reader",
    fix="Delete one of the two.",
    would_change_mind_if="The repetition is meant.",
)


def _check_placeholders(document: Document) -> Iterator[Hit]:
    advice = _PLACEHOLDER_ADVICE[document.voice]
    for paragraph in document.paragraphs:
        for match in _PLACEHOLDER.finditer(paragraph.text):
            yield Hit(
                advice=advice.about(phrase=match[0].strip()),
                severity="major",
                confidence=95,
                quotes=(paragraph.excerpt(match.start(), match.end()),),
                fix_kind="choice",
            )


def _check_doubled(document: Document) -> Iterator[Hit]:
    for paragraph in document.paragraphs:
        for first, second in pairwise(paragraph.words):
            gap = paragraph.text[first.end : second.start]
            if (
                first.text != second.text
                or first.text not in _DOUBLED_WORDS
                or gap.strip()
            ):
                continue
            quote = paragraph.excerpt(first.start, second.end)
            yield Hit(
                advice=_DOUBLED_ADVICE.about(
                    phrase=paragraph.text[first.start : second.end]
                ),
                severity="minor",
                confidence=95,
                quotes=(quote,),
                rewrite=quote.replacing(first.end, second.end, ""),
                fix_kind="mechanical",
            )


RULES = (
    Rule(
        name="leftovers",
        label={"en": "leftovers of the draft", "de": "Reste aus dem Entwurf"},
        criteria=(
            "completeness",
            "clarity",
            "scope",
            "acceptance",
            "obligations",
            "consistency",
            "problem",
            "definitions",
            "cost",
            "operability",
            "call_to_action",
        ),
        languages=ANY_LANGUAGE,
        check=_check_placeholders,
    ),
    Rule(
        name="doubled_words",
        label={"en": "doubled words", "de": "doppelte Wörter"},
        criteria=("clarity", "consistency", "audience_fit"),
        languages=("en",),
        check=_check_doubled,
    ),
)
