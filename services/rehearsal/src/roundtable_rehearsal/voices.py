"""The language to answer in where there is no document, and words cut to length."""

from collections.abc import Iterable

from roundtable_rehearsal.document import Document, Paragraph
from roundtable_rehearsal.language import Voice
from roundtable_rehearsal.material import GivenFinding

_MOST_CHARACTERS = 300


def voice_of(findings: Iterable[GivenFinding]) -> Voice:
    """Name the language in which findings are written; English if unknown."""
    texts = (
        text
        for finding in findings
        for text in (finding.title, finding.fix, *(q.text for q in finding.quotes))
    )
    return Document((Paragraph("", "\n".join(texts)),), "other").voice


def clip(text: str, *, most_words: int) -> str:
    """Give a text's first words, on one line."""
    words = text.split()
    clipped = " ".join(words[:most_words])[:_MOST_CHARACTERS]
    return clipped + (" …" if clipped != " ".join(words) else "")


def listed(items: list[str], voice: Voice) -> str:
    """Give one or more items as a sentence names them."""
    *head, last = items
    conjunction = "und" if voice == "de" else "and"
    return f"{', '.join(head)} {conjunction} {last}" if head else last
