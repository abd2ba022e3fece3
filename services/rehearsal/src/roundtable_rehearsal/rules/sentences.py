"""How the text reads: overlong sentences, duties without an actor, Flesch."""

import re
from collections.abc import Iterator
from itertools import islice

from roundtable_rehearsal.document import Document, Sentence, Word
from roundtable_rehearsal.rules.rule import Advice, Hit, Rule
from roundtable_rehearsal.wordlist import word_set

_LONGEST_SENTENCE_WORDS = 35
_NOT_PROSE = frozenset("|{};=<>")

_MODALS = word_set("will shall must should")
_IRREGULAR = word_set(
    "done made sent given taken kept held built paid written shown set met put sold "
    "told brought bought chosen drawn run read sought"
)
# A participle of these says what the subject is, not what is done to it.
_STATES = word_set(
    "required expected allowed entitled obliged permitted based limited located "
    "related interested pleased excited delighted committed needed supposed concerned "
    "satisfied agreed"
)
_ACTORS = frozenset({"by", "von", "durch"})
_MODALS_DE = word_set("wird werden muss müssen soll sollen sollte sollten darf dürfen")
_PARTICIPLE_DE = re.compile(r"(?:[a-zäöü]{1,8})?ge[a-zäöüß]{2,20}(?:t|en)|\w{3,20}iert")

# Flesch reading ease below which a text of that type is hard for its readers. A
# contract is read twice on purpose; a page that sells is read once.
_LEAST_EASE = {"marketing_copy": 40, "contract": 10, "design_doc": 15}
_LEAST_EASE_OTHERWISE = 25
_SHORTEST_SAMPLE_WORDS = 100
_LONGEST_SAMPLE_WORDS = 20_000
_VOWEL_GROUP = re.compile(r"[aeiouyàâäéèêëîïôöùûü]+")

_LONG_ADVICE = {
    "en": Advice(
        title="Sentence of {count} words",
        impact="By word {count} most readers have lost the beginning and start again, "
        "or skip it.",
        affected_reader="Readers at first reading",
        fix="Split it: one thought, one sentence.",
        would_change_mind_if="It is a list that only looks like a sentence.",
    ),
    "de": Advice(
        title="Satz mit {count} Wörtern",
        impact="Nach {count} Wörtern ist der Anfang vergessen; man liest neu oder "
        "überspringt ihn.",
        affected_reader="Leser beim ersten Lesen",
        fix="Teilen: ein Gedanke, ein Satz.",
        would_change_mind_if="Es ist eine Aufzählung, die nur wie ein Satz aussieht.",
    ),
}
_ACTOR_ADVICE = {
    "en": Advice(
        title="A duty that nobody has: “{phrase}”",
        impact="“{phrase}” does not say by whom, so each side may think of the other.",
        affected_reader="Whoever has to act",
        fix="Name who does it: turn the sentence round and begin with the actor.",
        would_change_mind_if="A sentence nearby names the actor for all of these.",
    ),
    "de": Advice(
        title="Eine Pflicht, die niemand hat: „{phrase}“",
        impact="„{phrase}“ sagt nicht, durch wen; jede Seite mag an die andere denken.",
        affected_reader="Wer handeln muss",
        fix="Nennen, wer es tut: den Satz umdrehen und mit der Person beginnen.",
        would_change_mind_if="Ein Satz daneben nennt sie für alle diese Fälle.",
    ),
}
_EASE_ADVICE = Advice(
    title="Hard to read: Flesch reading ease {ease}",
    impact="At {ease} on the Flesch scale (100 is easy, below {least} is hard for "
    "this kind of text) much of it needs a second reading. This is the longest "
    "sentence of the text.",
    affected_reader="Readers at first reading",
    fix="Shorter sentences and shorter words, beginning with this sentence.",
    would_change_mind_if="Only specialists read it, and they know its long words.",
)


def _is_prose(sentence: Sentence) -> bool:
    text = sentence.text
    return _NOT_PROSE.isdisjoint(text) and "```" not in text


def _check_length(document: Document) -> Iterator[Hit]:
    advice = _LONG_ADVICE[document.voice]
    for sentence in document.sentences:
        if sentence.word_count > _LONGEST_SENTENCE_WORDS and _is_prose(sentence):
            yield Hit(
                advice=advice.about(count=str(sentence.word_count)),
                severity="minor",
                confidence=70,
                quotes=(sentence.paragraph.excerpt(sentence.start, sentence.start),),
            )


def _check_actor(document: Document) -> Iterator[Hit]:
    advice = _ACTOR_ADVICE[document.voice]
    find = _german_duty if document.voice == "de" else _english_duty
    for sentence in document.sentences:
        words = sentence.words
        duty = find(words)
        if duty and _ACTORS.isdisjoint(word.text for word in words):
            first, last = duty
            phrase = sentence.paragraph.text[first.start : last.end]
            yield Hit(
                advice=advice.about(phrase=phrase),
                severity="minor",
                confidence=55,
                quotes=(sentence.paragraph.excerpt(first.start, last.end),),
            )


def _english_duty(words: tuple[Word, ...]) -> tuple[Word, Word] | None:
    """Find “must be reviewed”, also with one adverb between."""
    for index, word in enumerate(words):
        if word.text not in _MODALS:
            continue
        rest = [item for item in words[index + 1 : index + 5] if item.text != "not"]
        if len(rest) > 1 and rest[0].text == "be":
            participle = next((w for w in rest[1:3] if _is_participle(w.text)), None)
            if participle:
                return word, participle
    return None


def _is_participle(text: str) -> bool:
    return text in _IRREGULAR or (text.endswith("ed") and text not in _STATES)


def _german_duty(words: tuple[Word, ...]) -> tuple[Word, Word] | None:
    """Find “… muss … geprüft werden” at the end of a sentence."""
    match words[-2:]:
        case (participle, Word(text="werden") as last) if _PARTICIPLE_DE.fullmatch(
            participle.text
        ):
            is_duty = any(word.text in _MODALS_DE for word in words[:-2])
            return (participle, last) if is_duty else None
    return None


def _check_ease(document: Document) -> Iterator[Hit]:
    least = _LEAST_EASE.get(document.document_type, _LEAST_EASE_OTHERWISE)
    prose = [s for s in document.sentences if s.word_count > 1 and _is_prose(s)]
    if sum(sentence.word_count for sentence in prose) < _SHORTEST_SAMPLE_WORDS:
        return
    ease = _flesch(prose)
    if ease >= least:
        return
    longest = max(prose, key=lambda sentence: sentence.word_count)
    yield Hit(
        advice=_EASE_ADVICE.about(ease=str(ease), least=str(least)),
        severity="minor",
        confidence=60,
        quotes=(longest.paragraph.excerpt(longest.start, longest.start),),
    )


def _flesch(sentences: list[Sentence]) -> int:
    words = syllables = count = 0
    for sentence in sentences:
        for word in islice(sentence.words, _LONGEST_SAMPLE_WORDS):
            syllables += _syllables(word.text)
            words += 1
        count += 1
        if words > _LONGEST_SAMPLE_WORDS:
            break
    return round(206.835 - 1.015 * words / count - 84.6 * syllables / words)


def _syllables(word: str) -> int:
    groups = len(_VOWEL_GROUP.findall(word))
    is_silent = word.endswith("e") and not word.endswith("le") and groups > 1
    return max(1, groups - is_silent)


RULES = (
    Rule(
        name="long_sentences",
        label={"en": "overlong sentences", "de": "überlange Sätze"},
        criteria=("clarity", "audience_fit", "definitions"),
        languages=("en", "de"),
        check=_check_length,
    ),
    Rule(
        name="duties_without_actor",
        label={"en": "duties without an actor", "de": "Pflichten ohne Handelnde"},
        criteria=(
            "obligations",
            "acceptance",
            "feasibility",
            "operability",
            "completeness",
            "scope",
            "clarity",
        ),
        languages=("en", "de"),
        check=_check_actor,
        document_types=("proposal", "prd", "design_doc", "contract", "other"),
    ),
    Rule(
        name="readability",
        label={"en": "reading ease", "de": "Lesbarkeit"},
        criteria=("clarity", "audience_fit"),
        languages=("en",),
        check=_check_ease,
        needs_whole=True,
    ),
)
