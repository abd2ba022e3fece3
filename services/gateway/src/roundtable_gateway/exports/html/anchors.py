"""Where findings, quotes and paragraphs can be jumped to.

Anchors are made of places, never of words that somebody wrote.
"""

from collections.abc import Iterable

from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.finding import Finding, Quote
from roundtable_gateway.exports.html.markup import Html, element, foreign, fragment
from roundtable_gateway.exports.report import Report
from roundtable_gateway.panel.verify import is_found


def is_marked(finding: Finding, quote: Quote) -> bool:
    """Tell whether a quote is marked in the document: only if code has found it."""
    return finding.verified and is_found(quote) and quote.start is not None


def finding_anchor(number: int) -> str:
    """Return the anchor of a finding."""
    return f"finding-{number}"


def quote_anchor(number: int, quote_number: int) -> str:
    """Return the anchor of a finding's quote in the document's text."""
    return f"quote-{number}-{quote_number}"


def paragraph_anchor(number: int) -> str:
    """Return the anchor of a paragraph."""
    return f"paragraph-{number}"


def link(anchor: str, words: str) -> Html:
    """Return a link within the report."""
    return element("a", words, href=f"#{anchor}")


class Anchors:
    """Links to what a report holds; what it does not hold is told without one."""

    def __init__(self, report: Report, text: DocumentText) -> None:
        self._anchors = {
            each.finding.id: finding_anchor(each.number) for each in report.findings
        } | {
            paragraph.id: paragraph_anchor(number)
            for number, paragraph in enumerate(text.paragraphs, 1)
        }

    def link(self, target: str) -> Html:
        """Return a link to a finding or a paragraph by its id."""
        anchor = self._anchors.get(target)
        return link(anchor, target) if anchor else foreign("bdi", target)

    def links(self, targets: Iterable[str]) -> Html:
        """Return links behind one another."""
        parts: list[Html | str] = []
        for target in targets:
            parts += [", ", self.link(target)]
        return fragment(parts[1:])
