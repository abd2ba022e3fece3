"""What the panel made of its findings: synthesis, discussion, answers, coverage."""

from collections.abc import Iterable, Iterator, Sequence

from roundtable_gateway.domain.synthesis import Synthesis, SynthesisSentence
from roundtable_gateway.exports import stage_words, words
from roundtable_gateway.exports.html.anchors import Anchors
from roundtable_gateway.exports.html.markup import Html, element, foreign, fragment
from roundtable_gateway.exports.html.reviewers import SeatMarks
from roundtable_gateway.exports.report import Report
from roundtable_gateway.exports.reported_stages import (
    ReportedAnswer,
    ReportedItem,
    ReportedStance,
)


def synthesis(text: Synthesis, anchors: Anchors) -> Html:
    """Return the moderator's text, each sentence with what it rests on."""
    dropped = stage_words.dropped_sentence(text)
    return fragment(
        (
            *(_sentence(each, anchors) for each in text.sentences),
            dropped and element("p", dropped, class_="aside"),
        )
    )


def minority(report: Report, anchors: Anchors, marks: SeatMarks) -> Html:
    """Return who dissents, and what a minority holds against the rest."""
    dissent = (
        element(
            "p",
            marks.mark(reported.dissent.panelist_id),
            foreign("b", reported.role),
            " ",
            foreign("q", reported.dissent.position),
            " ",
            anchors.links(reported.dissent.finding_ids),
            class_="dissent",
        )
        for reported in report.dissent
    )
    held = report.synthesis.minority if report.synthesis else ()
    return fragment((*dissent, *(_sentence(each, anchors) for each in held)))


def discussion(
    items: Iterable[ReportedItem], anchors: Anchors, marks: SeatMarks
) -> Html:
    """Return the agenda with what was said on each item."""
    return fragment(_item(each, anchors, marks) for each in items)


def answers(given: Iterable[ReportedAnswer], marks: SeatMarks) -> Html:
    """Return the author's questions and what was answered."""
    return fragment(
        element(
            "article",
            foreign("h3", each.question),
            element(
                "p",
                each.panelist_id and marks.mark(each.panelist_id),
                foreign("b", each.role),
            ),
            foreign("p", each.text, class_="spoken"),
            class_="reviewer",
        )
        for each in given
    )


def listed(entries: Sequence[str]) -> Html:
    """Return words that somebody wrote, one below the other."""
    return element("ul", *(foreign("li", each) for each in entries))


def pairs(told: Iterable[tuple[str, str]]) -> Html:
    """Return labels and what is told of each."""
    return element(
        "dl",
        *(
            element("div", element("dt", label), element("dd", words_))
            for label, words_ in told
        ),
    )


def _sentence(sentence: SynthesisSentence, anchors: Anchors) -> Html:
    return element(
        "p",
        foreign("span", sentence.text),
        " ",
        anchors.links(sentence.finding_ids),
        class_="sentence",
    )


def _item(reported: ReportedItem, anchors: Anchors, marks: SeatMarks) -> Html:
    item = reported.item
    return element(
        "article",
        element(
            "p",
            foreign("strong", item.id),
            element("span", reported.reason),
            foreign("span", reported.criterion),
            element("span", anchors.links((*item.finding_ids, *item.paragraph_ids))),
            class_="facts",
        ),
        foreign("h3", item.question),
        *(_stance(each, anchors, marks) for each in reported.stances),
        class_="item",
    )


def _stance(reported: ReportedStance, anchors: Anchors, marks: SeatMarks) -> Html:
    stance = reported.stance
    return element(
        "div",
        element(
            "p",
            marks.mark(stance.panelist_id),
            element("span", f"Round {stance.round}"),
            foreign("span", reported.role),
            foreign("span", reported.claim),
            class_="facts",
        ),
        foreign("p", stance.argument),
        *(
            element(
                "blockquote",
                foreign("p", words.quoted_words(quote)),
                element("footer", anchors.link(words.quote_place(quote))),
                class_=quote.status.value.replace("_", "-"),
            )
            for quote in stance.quotes
        ),
        *_change(reported),
        class_="stance",
    )


def _change(reported: ReportedStance) -> Iterator[Html]:
    if reported.label is None:
        return
    why = reported.stance.changed_by
    moved = "moved" if reported.stance.is_evidenced else "unmoved"
    yield element(
        "p",
        element("b", f"{reported.label}:" if why else f"{reported.label}."),
        " ",
        why and foreign("span", why),
        class_=moved,
    )
