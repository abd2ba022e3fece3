"""Promises without a limit: of security, and of anything else."""

from collections.abc import Iterator

from roundtable_rehearsal.document import Document, Excerpt
from roundtable_rehearsal.rules.context import is_negated, is_question
from roundtable_rehearsal.rules.rule import Advice, Hit, Match, Phrases, Rule

_DEGREES_EN = (
    "100 %",
    "100 percent",
    "absolutely",
    "completely",
    "entirely",
    "perfectly",
    "totally",
    "guaranteed",
)
_DEGREES_DE = (
    "100 %",
    "100 prozent",
    "hundertprozentig",
    "absolut",
    "vollkommen",
    "völlig",
    "garantiert",
)
# Phrase → what is left once the absolute is dropped.
_DROPPABLE = {
    f"{degree} {quality}": quality
    for degrees, qualities in (
        (_DEGREES_EN, ("secure", "safe", "protected", "security", "protection")),
        (_DEGREES_DE, ("sicher", "geschützt")),
    )
    for degree in degrees
    for quality in qualities
} | {
    "absolute security": "security",
    "complete security": "security",
    "total security": "security",
    "complete protection": "protection",
    "total protection": "protection",
    "unhackable": "hardened",
    "hack-proof": "hardened",
    "hackproof": "hardened",
    "impenetrable": "hardened",
    "unbreakable encryption": "strong encryption",
}
# Here only the author can say what is meant instead.
_UNBOUNDED_SECURITY = (
    "can never be hacked",
    "cannot be hacked",
    "can't be hacked",
    "never be hacked",
    "can never be breached",
    "cannot be breached",
    "can't be breached",
    "never be breached",
    "never be compromised",
    "impossible to hack",
    "impossible to breach",
    "zero risk",
    "guarantee security",
    "guarantees security",
    "guarantee the security",
    "guarantees the security",
    "guarantee your security",
    "guarantees your security",
    "security is guaranteed",
    "safety is guaranteed",
    "absolute sicherheit",
    "unhackbar",
    "niemals gehackt",
    "sicherheit ist garantiert",
    "garantieren sicherheit",
    "null risiko",
)
_UNBOUNDED = (
    "zero downtime",
    "never goes down",
    "never fails",
    "never loses a",
    "never lose a",
    "works with everything",
    "no disaster can",
    "guaranteed",
    "never fail",
    "always works",
    "always available",
    "always correct",
    "always accurate",
    "works every time",
    "without exception",
    "without any risk",
    "risk-free",
    "results guaranteed",
    "guaranteed results",
    "guaranteed success",
    "success is guaranteed",
    "we guarantee that",
    "guaranteed to",
    "is guaranteed",
    "are guaranteed",
    "everyone loves",
    "everybody loves",
    "works for everyone",
    "solves every",
    "solves all",
    "eliminates all",
    "eliminate all",
    "eliminates every",
    "100 % accurate",
    "100 % accuracy",
    "100 % uptime",
    "100 % reliable",
    "completely eliminates",
    "keine ausfallzeiten",
    "fällt nie aus",
    "funktioniert immer",
    "immer verfügbar",
    "ohne ausnahme",
    "risikofrei",
    "garantierter erfolg",
    "garantierte ergebnisse",
    "100 % zuverlässig",
    "100 % verfügbarkeit",
    "löst alle",
)
_VOWELS = "aeiou"

_SECURITY_ADVICE = {
    "en": Advice(
        title="Absolute security claim: “{phrase}”",
        impact="No system is without risk. A security reviewer stops reading at "
        "“{phrase}”, and after an incident the sentence is held against you.",
        affected_reader="Security and legal reviewers on the buyer's side",
        fix="Drop the absolute and name what is really done: which control, checked "
        "by whom, how often.",
        would_change_mind_if="A signed warranty in the contract that covers exactly "
        "this promise.",
    ),
    "de": Advice(
        title="Absolutes Sicherheitsversprechen: „{phrase}“",
        impact="Kein System ist ohne Risiko. Bei „{phrase}“ hört eine Prüferin auf zu "
        "lesen, und nach einem Vorfall wird der Satz gegen Sie verwendet.",
        affected_reader="Sicherheits- und Rechtsabteilung auf der Käuferseite",
        fix="Das Absolute streichen und nennen, was wirklich getan wird: welche "
        "Maßnahme, von wem geprüft, wie oft.",
        would_change_mind_if="Eine vertragliche Zusage, die genau dieses Versprechen "
        "deckt.",
    ),
}
_ABSOLUTE_ADVICE = {
    "en": Advice(
        title="Promise without a limit: “{phrase}”",
        impact="One counter-example proves “{phrase}” wrong, and a careful reader "
        "looks for it.",
        affected_reader="Readers who will hold you to the text",
        fix="Replace “{phrase}” by the measured figure and the conditions it holds "
        "under.",
        would_change_mind_if="A measurement over a stated period beside the claim.",
    ),
    "de": Advice(
        title="Versprechen ohne Grenze: „{phrase}“",
        impact="Ein einziges Gegenbeispiel widerlegt „{phrase}“, und wer sorgfältig "
        "liest, sucht danach.",
        affected_reader="Leser, die Sie beim Wort nehmen",
        fix="„{phrase}“ durch den gemessenen Wert und seine Bedingungen ersetzen.",
        would_change_mind_if="Eine Messung über einen genannten Zeitraum neben der "
        "Aussage.",
    ),
}

_SECURITY_PHRASES = Phrases((*_DROPPABLE, *_UNBOUNDED_SECURITY))
_ABSOLUTE_PHRASES = Phrases(_UNBOUNDED)


def _claims(document: Document, phrases: Phrases) -> Iterator[Match]:
    for match in phrases.in_document(document):
        asked = is_question(match.paragraph.sentence_at(match.start))
        if not asked and not is_negated(match):
            yield match


def _check_security(document: Document) -> Iterator[Hit]:
    advice = _SECURITY_ADVICE[document.voice]
    for match in _claims(document, _SECURITY_PHRASES):
        quote = match.paragraph.excerpt(match.start, match.end)
        rewrite = _without_absolute(match, quote)
        yield Hit(
            advice=advice.about(phrase=match.text),
            severity="blocker",
            confidence=90,
            kind="risk",
            quotes=(quote,),
            rewrite=rewrite,
            fix_kind="mechanical" if rewrite else "choice",
        )


def _without_absolute(match: Match, quote: Excerpt) -> str | None:
    """Drop the absolute, and mend an article that it leaves behind."""
    rest = _DROPPABLE.get(match.phrase)
    if rest is None:
        return None
    if match.text[0].isupper():
        rest = rest[0].upper() + rest[1:]
    start = match.start
    before = match.paragraph.words[match.first - 1] if match.first else None
    if before and before.text in {"a", "an"} and before.start >= quote.start:
        article = "an" if rest[0].lower() in _VOWELS else "a"
        written = match.paragraph.text[before.start]
        rest = f"{written}{article[1:]} {rest}"
        start = before.start
    return quote.replacing(start, match.end, rest)


def _check_absolutes(document: Document) -> Iterator[Hit]:
    advice = _ABSOLUTE_ADVICE[document.voice]
    for match in _claims(document, _ABSOLUTE_PHRASES):
        yield Hit(
            advice=advice.about(phrase=match.text),
            severity="major",
            confidence=75,
            kind="risk",
            quotes=(match.paragraph.excerpt(match.start, match.end),),
        )


RULES = (
    Rule(
        name="absolute_security",
        label={
            "en": "absolute security claims",
            "de": "absolute Sicherheitsversprechen",
        },
        criteria=(
            "security",
            "evidence",
            "data_protection",
            "liability",
            "risk",
            "feasibility",
            "consistency",
            "clarity",
        ),
        languages=("en", "de"),
        check=_check_security,
    ),
    Rule(
        name="absolutes",
        label={"en": "promises without a limit", "de": "Versprechen ohne Grenze"},
        criteria=(
            "evidence",
            "risk",
            "liability",
            "operability",
            "feasibility",
            "consistency",
        ),
        languages=("en", "de"),
        check=_check_absolutes,
        # In a contract “guaranteed” is a term with its terms around it.
        document_types=("marketing_copy", "proposal", "prd", "design_doc", "other"),
    ),
)
