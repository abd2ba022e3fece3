"""What surrounds a match and takes the sting out of it."""

import re

from roundtable_rehearsal.document import Document, Sentence
from roundtable_rehearsal.rules.rule import Match
from roundtable_rehearsal.wordlist import word_set

_NEGATIONS = word_set(
    "no not never nothing nobody none neither nor without cannot hardly few avoid myth "
    "instead kein keine keinen keiner keinem nicht nichts niemand nie ohne kaum "
    "vermeiden statt"
)
_PROOF_WORDS = word_set(
    "according source sources survey study benchmark benchmarks measured audit audited "
    "audits tested gartner forrester idc iso soc appendix annex "
    "footnote case-study interviewed sample laut quelle quellen studie umfrage "
    "gemessen geprüft anhang fußnote befragt befragung"
)
# A denial further away than this rarely belongs to the match, and the bound keeps
# a sentence of a million words from being read again for each match in it.
_REACH = 12
_REFERENCE = re.compile(r"\[\^?\d{1,3}\]|https?://|[¹²³⁴-⁹†]|\(\d{4}\)")


def is_negated(match: Match) -> bool:
    """Whether a word before the match in its sentence denies it."""
    sentence = match.paragraph.sentence_at(match.start)
    nearest = max(sentence.first_word, match.first - _REACH)
    return any(
        word.text in _NEGATIONS or word.text.endswith("n't")
        for word in match.paragraph.words[nearest : match.first]
    )


def is_question(sentence: Sentence) -> bool:
    """Whether the sentence asks instead of claiming."""
    end = sentence.paragraph.text[max(sentence.start, sentence.end - 4) : sentence.end]
    return end.rstrip("\"'”\u2019“»)*_ \n").endswith("?")


def paragraphs_with_proof(document: Document) -> frozenset[str]:
    """Name the paragraphs that point to a source, a sample or a measurement."""
    return frozenset(
        paragraph.id
        for paragraph in document.paragraphs
        if not _PROOF_WORDS.isdisjoint(paragraph.vocabulary)
        or _REFERENCE.search(paragraph.text)
    )
