"""The findings, as an editor's remarks."""

from collections.abc import Iterable, Iterator

from roundtable_gateway.domain.finding import (
    Disposition,
    Finding,
    FindingKind,
    Quote,
)
from roundtable_gateway.exports import stage_words, words
from roundtable_gateway.exports.html.anchors import (
    Anchors,
    finding_anchor,
    is_marked,
    link,
    quote_anchor,
)
from roundtable_gateway.exports.html.markup import (
    Content,
    Html,
    element,
    foreign,
    fragment,
)
from roundtable_gateway.exports.offered_rewrites import OfferedRewrite
from roundtable_gateway.exports.reported_findings import ReportedFinding


def findings(reported: Iterable[ReportedFinding], anchors: Anchors) -> Html:
    """Return findings one below the other."""
    return fragment(_finding(each, anchors) for each in reported)


def _finding(reported: ReportedFinding, anchors: Anchors) -> Html:
    finding, tone = reported.finding, words.tone(reported.finding)
    return element(
        "article",
        element(
            "p",
            element("strong", tone.capitalize(), class_="tone"),
            foreign("span", finding.id),
            element("span", finding.kind.value.capitalize()),
            foreign("span", reported.criterion),
            foreign("span", reported.role),
            class_="facts",
        ),
        foreign("h3", finding.title),
        *_cluster(reported, anchors),
        *_quotes(reported, anchors),
        *_reasons(finding),
        id=finding_anchor(reported.number),
        class_=f"finding tone-{tone}{' member' if reported.same_as else ''}",
    )


def _cluster(reported: ReportedFinding, anchors: Anchors) -> Iterator[Html]:
    if reported.same_as is not None:
        same = anchors.link(reported.same_as)
        yield element("p", "Same point as ", same, ".", class_="aside")
        return
    told: list[Content] = []
    if reported.found_by is not None:
        found_by = stage_words.FOUND_BY[reported.found_by]
        told.append(f"{found_by.capitalize()}. ")
    if reported.together_with:
        whose = foreign("span", ", ".join(reported.together_with))
        told += ["Raised too in ", whose, "."]
    if told:
        yield element("p", *told, class_="aside")


def _quotes(reported: ReportedFinding, anchors: Anchors) -> Iterator[Html]:
    for number, quote in enumerate(reported.finding.quotes, 1):
        yield element(
            "blockquote",
            foreign("p", words.quoted_words(quote)),
            element("footer", _place(reported, number, quote, anchors)),
            class_=quote.status.value.replace("_", "-"),
        )


def _place(
    reported: ReportedFinding, number: int, quote: Quote, anchors: Anchors
) -> Html:
    place = words.quote_place(quote)
    if not is_marked(reported.finding, quote):
        return anchors.link(place)
    return link(quote_anchor(reported.number, number), place)


def _reasons(finding: Finding) -> Iterator[Html]:
    if finding.kind is FindingKind.OMISSION and finding.searched_for:
        yield _labelled("Searched for", f"{', '.join(finding.searched_for)}.")
    if finding.impact:
        yield foreign("p", finding.impact)
    if finding.fix:
        yield _labelled("Fix", finding.fix)
    if offered := OfferedRewrite.of(finding):
        yield _rewrite(offered)
    if finding.disposition is not Disposition.OPEN:
        yield _labelled("Author", words.author_words(finding))


def _rewrite(offered: OfferedRewrite) -> Html:
    new = foreign("ins", offered.words)
    if offered.replaced is None:
        return _labelled("Rewrite", new)
    old = foreign("del", words.quoted_words(offered.replaced))
    return element("p", element("b", "Rewrite"), " instead of ", old, ": ", new)


def _labelled(label: str, content: Content) -> Html:
    shown = foreign("span", content) if isinstance(content, str) else content
    return element("p", element("b", f"{label}:"), " ", shown)
