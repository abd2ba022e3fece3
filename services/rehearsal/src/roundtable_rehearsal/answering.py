"""The answer to an author's question: that rules have none, and what they found near.

A finding is near when the question names it or its paragraph, or shares a longer word
with its title or its quotes.
"""

from typing import Any

from roundtable_rehearsal.document import Paragraph
from roundtable_rehearsal.language import Voice
from roundtable_rehearsal.material import GivenFinding, read_finding
from roundtable_rehearsal.reading import Turn
from roundtable_rehearsal.reply import Reply
from roundtable_rehearsal.voices import clip

_MOST_FINDINGS = 3
_MOST_PARAGRAPHS = 50
_TITLE_WORDS = 15
# Shorter words are in every sentence.
_SHORTEST_WORD = 5

_CANNOT: dict[Voice, str] = {
    "en": "A rehearsal can't answer this: rules read the text, no AI did.",
    "de": "Eine Probe kann das nicht beantworten: Regeln haben den Text gelesen, "
    "keine KI.",
}
_NEAR: dict[Voice, str] = {
    "en": "Near your question my rules found: {findings}.",
    "de": "In der Nähe Ihrer Frage fanden meine Regeln: {findings}.",
}
_NOTHING: dict[Voice, str] = {
    "en": "My rules found nothing near your question.",
    "de": "In der Nähe Ihrer Frage fanden meine Regeln nichts.",
}


def write_answer(turn: Turn) -> Reply:
    """Say that rules have no answer, and name the seat's findings near the question.

    Raises:
        TurnError: The material does not keep the contract.
    """
    asked = _words(turn.material.text("question"))
    findings = [read_finding(fields) for fields in turn.material.objects("findings")]
    ranked = sorted(findings, key=lambda finding: -_nearness(finding, asked))
    near = [each for each in ranked[:_MOST_FINDINGS] if _nearness(each, asked)]
    voice = turn.document.voice
    found = "; ".join(_named(finding) for finding in near)
    rest = _NEAR[voice].format(findings=found) if near else _NOTHING[voice]
    return Reply(prose=f"{_CANNOT[voice]} {rest}", result=_cited(near, turn))


def _cited(near: list[GivenFinding], turn: Turn) -> dict[str, Any]:
    shown = {paragraph.id for paragraph in turn.document.paragraphs}
    places = (place for finding in near for place in finding.paragraph_ids)
    return {
        "paragraph_ids": list(dict.fromkeys(p for p in places if p in shown))[
            :_MOST_PARAGRAPHS
        ],
        "finding_ids": list(dict.fromkeys(finding.finding_id for finding in near)),
    }


def _named(finding: GivenFinding) -> str:
    places = ", ".join(finding.paragraph_ids[:_MOST_FINDINGS])
    title = clip(finding.title, most_words=_TITLE_WORDS)
    name = clip(finding.finding_id, most_words=1)
    return (
        f"{name} ({clip(places, most_words=3)}), {title}"
        if places
        else (f"{name}, {title}")
    )


def _nearness(finding: GivenFinding, asked: frozenset[str]) -> int:
    """Count the words that the question shares; a name it gives counts for all."""
    names = (_words(name) for name in (finding.finding_id, *finding.paragraph_ids))
    if any(name and name <= asked for name in names):
        return len(asked) + 1
    texts = (finding.title, *(quote.text for quote in finding.quotes))
    own = {word for text in texts for word in _words(text)}
    return sum(len(word) >= _SHORTEST_WORD for word in own & asked)


def _words(text: str) -> frozenset[str]:
    return Paragraph("", text).vocabulary
