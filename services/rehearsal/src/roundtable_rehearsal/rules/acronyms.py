"""Acronyms that the text never spells out."""

import re
from collections import Counter
from collections.abc import Iterator

from roundtable_rehearsal.document import Document, Paragraph
from roundtable_rehearsal.rules.rule import ANY_LANGUAGE, Advice, Hit, Rule
from roundtable_rehearsal.wordlist import word_set

_ACRONYM = re.compile(r"(?<![\w$&/.`\-])([A-Z]{2,6})(?:s\b)?(?![\w&/\-])")
_DEFINITION = re.compile(
    r"\(\s?[“\"„*']{0,3}([A-Z]{2,6})s?\b"  # Recovery Point Objective (RPO)
    r"|\b([A-Z]{2,6})s?[*\"”]{0,3}\s?\((?=[^()\n]{6})"  # RPO (recovery point objective)
    r"|\b([A-Z]{2,6})[*\"”“]{0,3}\s?"
    r"(?:=|:|\u2013|—|\bstands for\b|\bmeans\b|\bsteht für\b)"
)
# Words that a reader of any trade meets in the newspaper, and what is no acronym.
_COMMON = word_set(
    "ARM CI GET IDE MIT POST PUT README UNIX "
    "AG AI AM API APP ATM BBC BGB CD CEO CET CFO CIO CISO COO CPU CSS CSV CTO CV DIN "
    "DNA DOC DSGVO DVD ED EDV EG EMEA ETC EU EUR FAQ FBI FYI GB GBP GBR GDPR GMT GPS "
    "HR HTML HTTP HTTPS IBAN ID IDS IEC IP IQ ISBN ISO IT ITS JPEG JPG JSON KB KG KI "
    "KPI LED LLC LLM LTD MB MFA MHZ NASA NATO NB NDA NGO NHS NO NOT OECD OK OR PC PDF "
    "PHP PIN PLC PM PNG PPT PR PS QA QR RAM REST ROI RSS SAP SDK SE SLA SMS SQL SSD "
    "SSL SSO TB TLS TODO TOP TV UI UK UN UNESCO URL US USA USB USD USP UTC UX VAT VIP "
    "VPN WC WHO WIFI WLAN XML YAML ZIP AND THE FOR YOU ALL NEW NEVER MUST SHALL MAY II "
    "III IV VI VII VIII IX XI XII TBD TBC TBA FIXME XX XXX XXXX UND DER DIE DAS ART "
    "ABS NR"
)
_SHOUTING_SHARE = 0.5
# What stands in capitals among capitals so often is a word, not an acronym.
_OFTEN = 5

_ADVICE = {
    "en": Advice(
        title="Acronym never spelled out: {phrase}",
        impact="A reader who does not know {phrase} loses the sentence, and one who "
        "does may think of another meaning.",
        affected_reader="Readers from outside the author's trade",
        fix="Write it out at its first use: “Long Name ({phrase})”.",
        would_change_mind_if="Everyone in the stated audience uses the term daily.",
    ),
    "de": Advice(
        title="Abkürzung nie ausgeschrieben: {phrase}",
        impact="Wer {phrase} nicht kennt, verliert den Satz; wer es kennt, denkt "
        "vielleicht an etwas anderes.",
        affected_reader="Leser von außerhalb des Fachs",
        fix="Beim ersten Vorkommen ausschreiben: „Langer Name ({phrase})“.",
        would_change_mind_if="Alle angesprochenen Leser benutzen den Begriff täglich.",
    ),
}


def _check(document: Document) -> Iterator[Hit]:
    advice = _ADVICE[document.voice]
    seen = _defined(document) | _COMMON
    shouted: Counter[str] = Counter()
    for paragraph in document.paragraphs:
        for match in _ACRONYM.finditer(paragraph.text):
            acronym = match[1]
            if acronym in seen or shouted[acronym] == _OFTEN:
                continue
            if _is_shouted(paragraph, match.start()):
                shouted[acronym] += 1
                continue
            seen.add(acronym)
            yield Hit(
                advice=advice.about(phrase=acronym),
                severity="minor",
                confidence=70,
                quotes=(paragraph.excerpt(match.start(), match.end()),),
            )


def _defined(document: Document) -> set[str]:
    return {
        next(group for group in match.groups() if group)
        for paragraph in document.paragraphs
        for match in _DEFINITION.finditer(paragraph.text)
    }


def _is_shouted(paragraph: Paragraph, position: int) -> bool:
    """Whether the words around are in capitals too, as in a heading."""
    window = paragraph.text[max(0, position - 40) : position + 40]
    words = [word for word in window.split() if word[:1].isalpha()]
    capitals = sum(word.isupper() for word in words)
    return capitals > 1 and capitals > len(words) * _SHOUTING_SHARE


RULES = (
    Rule(
        name="undefined_acronyms",
        label={"en": "undefined acronyms", "de": "ungeklärte Abkürzungen"},
        criteria=("definitions", "audience_fit", "clarity", "consistency"),
        languages=ANY_LANGUAGE,
        check=_check,
        needs_whole=True,
    ),
)
