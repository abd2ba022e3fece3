"""Gives the words again for findings whose quotes were not found.

A rehearsal quotes to the character, so that its own findings never come back; those
of others do.
"""

from typing import Any

from roundtable_rehearsal.assessment import Assessment
from roundtable_rehearsal.document import Document, Excerpt, Paragraph
from roundtable_rehearsal.material import GivenFinding, GivenQuote, read_finding
from roundtable_rehearsal.reading import Turn
from roundtable_rehearsal.reply import Reply
from roundtable_rehearsal.review import read_document


def write_repair(turn: Turn) -> Reply:
    """Answer each finding with the document's own words, or take it back.

    Raises:
        TurnError: The material does not keep the contract.
    """
    numbered = {
        fields.number("number"): read_finding(fields)
        for fields in turn.material.objects("findings")
    }
    by_title = _places_by_title(read_document(turn))
    repairs = [
        _repair(number, finding, turn.document, by_title)
        for number, finding in numbered.items()
    ]
    return Reply(prose="", result={"repairs": repairs})


def _places_by_title(assessment: Assessment) -> dict[str, tuple[Excerpt, ...]]:
    return {
        hit.advice.title: hit.quotes
        for findings in assessment.findings
        for hit in findings.hits
    }


def _repair(
    number: int,
    finding: GivenFinding,
    document: Document,
    by_title: dict[str, tuple[Excerpt, ...]],
) -> dict[str, Any]:
    found = [_locate(quote, document) for quote in finding.quotes]
    places = tuple(place for place in found if place) or by_title.get(finding.title, ())
    return {
        "number": number,
        "quotes": [
            {"text": place.text, "paragraph_id": place.paragraph_id}
            for place in dict.fromkeys(places)
        ],
        "is_withdrawn": not places and finding.title not in by_title,
    }


def _locate(quote: GivenQuote, document: Document) -> Excerpt | None:
    """Find a quote, in the paragraph it names rather than in another."""
    words = Paragraph("", quote.text).running_words
    ordered = sorted(
        document.paragraphs, key=lambda paragraph: paragraph.id != quote.paragraph_id
    )
    places = (_find(quote.text, paragraph, words=words) for paragraph in ordered)
    return next((place for place in places if place), None)


def _find(text: str, paragraph: Paragraph, *, words: str) -> Excerpt | None:
    """Find a text to the character, else as the same words in the same order."""
    start = paragraph.text.find(text)
    if text and start >= 0:
        return Excerpt(paragraph.id, start, start + len(text), text)
    place = paragraph.running_words.find(words) if words.strip() else -1
    if place < 0:
        return None
    first = paragraph.running_words.count(" ", 0, place)
    last = first + len(words.split()) - 1
    start, end = paragraph.words[first].start, paragraph.words[last].end
    return Excerpt(paragraph.id, start, end, paragraph.text[start:end])
