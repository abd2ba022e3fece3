"""The document's text with its numbered paragraphs and the quotes marked in it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.exports import words
from roundtable_gateway.exports.html.anchors import (
    finding_anchor,
    is_marked,
    paragraph_anchor,
    quote_anchor,
)
from roundtable_gateway.exports.html.markup import (
    Content,
    Html,
    element,
    foreign,
    fragment,
)
from roundtable_gateway.exports.reported_findings import ReportedFinding

_HEADING_MARKS = "#=- \n"


@dataclass(frozen=True, slots=True)
class _Mark:
    """A quote's hold on a stretch of one paragraph.

    Attributes:
        anchor: The quote's, where it begins in this stretch.
        is_end: Whether the quote ends in this stretch.
    """

    start: int
    end: int
    finding: ReportedFinding
    anchor: str | None
    is_end: bool


def document(text: DocumentText, findings: Iterable[ReportedFinding]) -> Html:
    """Return the paragraphs in order, each quote marked and led back to its finding."""
    marks = _marks(text.paragraphs, findings)
    following = (*text.paragraphs[1:], None)
    return fragment(
        _paragraph(
            number,
            paragraph,
            _marked(text.text, paragraph, marks[number]),
            is_heading=_is_heading(text.text, paragraph, after),
        )
        for number, (paragraph, after) in enumerate(
            zip(text.paragraphs, following, strict=True), 1
        )
    )


def _marks(
    paragraphs: Sequence[Paragraph], findings: Iterable[ReportedFinding]
) -> dict[int, list[_Mark]]:
    """Return the marks by the number of their paragraph."""
    placed: dict[int, list[_Mark]] = defaultdict(list)
    ends = [paragraph.end for paragraph in paragraphs]
    for reported in findings:
        for quote_number, quote in enumerate(reported.finding.quotes, 1):
            if not is_marked(reported.finding, quote):
                continue
            start, end = quote.start or 0, quote.end or 0
            first = bisect_right(ends, start)
            after = next(
                (i for i in range(first, len(ends)) if paragraphs[i].start >= end),
                len(ends),
            )
            for index in range(first, after):
                paragraph = paragraphs[index]
                anchor = quote_anchor(reported.number, quote_number)
                mark = _Mark(
                    start=max(start, paragraph.start),
                    end=min(end, paragraph.end),
                    finding=reported,
                    anchor=anchor if index == first else None,
                    is_end=index == after - 1,
                )
                placed[index + 1].append(mark)
    return placed


def _paragraph(
    number: int, paragraph: Paragraph, content: Iterable[Content], *, is_heading: bool
) -> Html:
    return element(
        "div",
        element("span", paragraph.id, class_="number"),
        element("h3" if is_heading else "p", *content, dir="auto"),
        id=paragraph_anchor(number),
        class_="paragraph",
    )


def _is_heading(text: str, paragraph: Paragraph, after: Paragraph | None) -> bool:
    """Tell whether a paragraph is what the one behind it has for its heading."""
    if after is None or after.heading is None:
        return False
    written = text[paragraph.start : paragraph.end]
    return written.strip(_HEADING_MARKS) == after.heading.strip(_HEADING_MARKS)


def _marked(
    text: str, paragraph: Paragraph, marks: Sequence[_Mark]
) -> Iterator[Content]:
    """Yield the paragraph's text, cut wherever a quote begins or ends."""
    cuts = {paragraph.start, paragraph.end}
    cuts.update(edge for mark in marks for edge in (mark.start, mark.end))
    for start, end in pairwise(sorted(cuts)):
        here = [mark for mark in marks if mark.start <= start and end <= mark.end]
        for mark in here:
            if mark.anchor is not None and mark.start == start:
                yield element("span", id=mark.anchor)
        stretch = text[start:end]
        if here:
            yield element("mark", stretch, class_=f"tone-{_gravest(here)}")
        else:
            yield stretch
        for mark in here:
            if mark.is_end and mark.end == end:
                yield _way_back(mark.finding)


def _gravest(marks: Iterable[_Mark]) -> str:
    tones = {words.tone(mark.finding.finding) for mark in marks}
    return next(tone for tone in words.TONES if tone in tones)


def _way_back(reported: ReportedFinding) -> Html:
    link = foreign("a", reported.finding.id, href=f"#{finding_anchor(reported.number)}")
    return element("sup", link)
