"""Which accepted rewrites can go into the author's text, and which can't; pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.finding import Disposition, Finding, Severity
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.exports import words
from roundtable_gateway.exports.offered_rewrites import OfferedRewrite

_SEVERITY_ORDER = list(Severity)


class LeftOutReason(StrEnum):
    """Why an accepted finding changes nothing in the text."""

    NO_REWRITE = "NO_REWRITE"
    NOT_ONE_PLACE = "NOT_ONE_PLACE"
    OVERLAP = "OVERLAP"
    READ_DIFFERENTLY = "READ_DIFFERENTLY"
    NO_PLAIN_WORDS = "NO_PLAIN_WORDS"
    TRACKED_CHANGE = "TRACKED_CHANGE"
    SEVERAL_PARAGRAPHS = "SEVERAL_PARAGRAPHS"
    HEADER_OR_FOOTER = "HEADER_OR_FOOTER"
    MARKUP_CUT = "MARKUP_CUT"
    NOT_IN_ENCODING = "NOT_IN_ENCODING"


_DETAILS = {
    LeftOutReason.NO_REWRITE: "It offers no rewrite; its fix is for you to make.",
    LeftOutReason.NOT_ONE_PLACE: (
        "It rests on no quote, on several or on one that leaves words out, so it does "
        "not say which words to replace."
    ),
    LeftOutReason.OVERLAP: (
        "It rewrites words that {other} rewrites too, which is graver or comes first."
    ),
    LeftOutReason.READ_DIFFERENTLY: (
        "The file is read differently now than when the review was made. Upload it "
        "again and run the panel on that."
    ),
    LeftOutReason.NO_PLAIN_WORDS: (
        "Its words hold more than words, such as a note, a picture, a formula or a "
        "text box."
    ),
    LeftOutReason.TRACKED_CHANGE: (
        "Its words were inserted by a tracked change. Accept or reject that first."
    ),
    LeftOutReason.SEVERAL_PARAGRAPHS: "Its words stand in several paragraphs.",
    LeftOutReason.HEADER_OR_FOOTER: "Its words stand in a header or a footer.",
    LeftOutReason.MARKUP_CUT: "Its words take part of a Markdown mark or a link.",
    LeftOutReason.NOT_IN_ENCODING: (
        "The file's encoding has no sign for some of its letters. Save the file as "
        "UTF-8."
    ),
}


@dataclass(frozen=True, slots=True)
class PlannedRewrite:
    """Words of the document and what comes in their place.

    Attributes:
        role: Whose idea it was.
        start: Offset in the document's text, in Unicode code points.
        end: Offset behind the last character.
    """

    finding_id: str
    role: str
    paragraph_id: str | None
    start: int
    end: int
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An accepted finding that changes nothing, and why.

    Attributes:
        other_finding_id: The finding whose rewrite went before, where one did.
    """

    finding_id: str
    reason: LeftOutReason
    detail: str
    other_finding_id: str | None = None


@dataclass(frozen=True, slots=True)
class RewritePlan:
    """What becomes of each accepted finding; those applied never overlap.

    Attributes:
        applied: In the order of the text.
        left_out: In the order of the run's findings.
    """

    applied: tuple[PlannedRewrite, ...]
    left_out: tuple[LeftOut, ...]

    def without(self, reasons: Sequence[LeftOutReason | None]) -> "RewritePlan":
        """Return the plan once each of the applied had its try.

        Args:
            reasons: Of each in turn why it could not be made, None if it was.
        """
        tried = list(zip(self.applied, reasons, strict=True))
        failed = (
            _left_out(each.finding_id, reason) for each, reason in tried if reason
        )
        return RewritePlan(
            tuple(each for each, reason in tried if reason is None),
            (*self.left_out, *failed),
        )


def plan_rewrites(detail: RunDetail, text: DocumentText) -> RewritePlan:
    """Plan what the author has accepted; of rewrites that overlap the gravest wins."""
    roles = words.roles(detail.run)
    accepted = [f for f in detail.findings if f.disposition is Disposition.ACCEPTED]
    left_out: list[LeftOut] = []
    applied: list[PlannedRewrite] = []
    for finding in sorted(accepted, key=_rank):
        role = roles.get(finding.panelist_id or "", words.CONTROL)
        planned = _planned(finding, role, text)
        if isinstance(planned, LeftOutReason):
            left_out.append(_left_out(finding.id, planned))
            continue
        other = next(_overlapping(planned, applied), None)
        if other is None:
            applied.append(planned)
        else:
            overlap = LeftOutReason.OVERLAP
            left_out.append(_left_out(finding.id, overlap, other.finding_id))
    order = {finding.id: place for place, finding in enumerate(detail.findings)}
    return RewritePlan(
        tuple(sorted(applied, key=lambda each: each.start)),
        tuple(sorted(left_out, key=lambda each: order[each.finding_id])),
    )


def _rank(finding: Finding) -> tuple[int, int]:
    return _SEVERITY_ORDER.index(finding.severity), -finding.confidence


def _planned(
    finding: Finding, role: str, text: DocumentText
) -> PlannedRewrite | LeftOutReason:
    offered = OfferedRewrite.of(finding)
    if offered is None:
        return LeftOutReason.NO_REWRITE
    quote = offered.replaced
    if quote is None or quote.start is None or quote.end is None:
        return LeftOutReason.NOT_ONE_PLACE
    return PlannedRewrite(
        finding_id=finding.id,
        role=role,
        paragraph_id=quote.paragraph_id,
        start=quote.start,
        end=quote.end,
        old=text.text[quote.start : quote.end],
        new=offered.words,
    )


def _overlapping(
    planned: PlannedRewrite, others: Iterable[PlannedRewrite]
) -> Iterator[PlannedRewrite]:
    for each in others:
        if planned.start < each.end and each.start < planned.end:
            yield each


def _left_out(
    finding_id: str, reason: LeftOutReason, other: str | None = None
) -> LeftOut:
    detail = _DETAILS[reason].format(other=other)
    return LeftOut(finding_id, reason, detail, other)
