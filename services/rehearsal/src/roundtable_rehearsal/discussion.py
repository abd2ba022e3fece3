"""A seat's word on what the panel disagrees about.

It supports a finding where its own rules make the same point on the same words, and a
mark that it gave itself where its rules have found something; else it takes no side.
Its verdict and its overall mark come from the text alone, so that nothing said in a
discussion moves them: they stay as they were.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from roundtable_rehearsal import scoring
from roundtable_rehearsal.assessment import Assessment
from roundtable_rehearsal.criteria import lens
from roundtable_rehearsal.discussion_words import WORDS, DiscussionWords
from roundtable_rehearsal.material import (
    Fields,
    GivenFinding,
    GivenQuote,
    read_finding,
)
from roundtable_rehearsal.prose import reason
from roundtable_rehearsal.reading import Turn
from roundtable_rehearsal.reply import Reply
from roundtable_rehearsal.review import read_document
from roundtable_rehearsal.rules.rule import Hit
from roundtable_rehearsal.sameness import make_same_point
from roundtable_rehearsal.voices import clip, listed

_OWN = "you"
_TITLE_WORDS = 11
_NAMED_ITEMS = 3
_SHOWN_HITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    item_id: str
    findings: tuple[GivenFinding, ...]
    own_criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """What the seat says of an item; without hits it takes no side."""

    item: _Item
    finding: GivenFinding | None
    hits: tuple[Hit, ...]
    argument: str


def write_discussion(turn: Turn) -> Reply:
    """Say of each item whether the seat's own rules speak to it.

    Raises:
        TurnError: The material does not keep the contract.
    """
    items = {
        fields.text("item_id"): _read_item(fields)
        for fields in turn.material.objects("items")
    }
    assessment = read_document(turn)
    words = WORDS[assessment.document.voice]
    statements = [_speak(item, assessment, words) for item in items.values()]
    stated = [_stated(statement) for statement in statements]
    return Reply(
        prose=_prose(statements, assessment, words),
        result={"statements": stated} | _position(turn, assessment),
    )


def _position(turn: Turn, assessment: Assessment) -> dict[str, Any]:
    """Give mark and verdict as the seat is told that it gave them, else by rules."""
    if told := turn.material.object_if_given("you"):
        return {
            "overall": told.number_if_given("overall"),
            "verdict": told.text("verdict"),
            "verdict_reason": told.text("verdict_reason"),
        }
    marks = [scoring.score(assessment, key) for key in assessment.criteria]
    verdict = scoring.verdict(assessment)
    return {
        "overall": scoring.overall(marks),
        "verdict": verdict,
        "verdict_reason": reason(assessment, verdict),
    }


def _read_item(fields: Fields) -> _Item:
    return _Item(
        item_id=fields.text("item_id"),
        findings=tuple(read_finding(inner) for inner in fields.objects("findings")),
        own_criteria=tuple(
            mark.text("criterion")
            for mark in fields.objects("scores")
            if mark.text("speaker") == _OWN
        ),
    )


def _speak(item: _Item, assessment: Assessment, words: DiscussionWords) -> _Statement:
    if not item.findings:
        return _speak_of_marks(item, assessment, words)
    # What others found first: that a seat stands by its own finding is no news.
    for finding in sorted(item.findings, key=lambda each: each.speaker == _OWN):
        if hit := _own_hit(finding, assessment):
            argument = words.stood_by if finding.speaker == _OWN else words.supported
            title = clip(hit.advice.title, most_words=_TITLE_WORDS)
            return _Statement(
                item=item,
                finding=finding,
                hits=(hit,),
                argument=argument.format(title=title),
            )
    return _Statement(
        item=item, finding=item.findings[0], hits=(), argument=words.silent
    )


def _speak_of_marks(
    item: _Item, assessment: Assessment, words: DiscussionWords
) -> _Statement:
    for criterion in item.own_criteria:
        found = [each for each in assessment.findings if each.criterion == criterion]
        hits = tuple(hit for each in found for hit in each.hits if hit.quotes)
        if hits:
            label = lens(criterion, assessment.document.voice).label
            argument = words.kept.format(
                label=label, count=sum(len(each.hits) for each in found)
            )
            return _Statement(
                item=item, finding=None, hits=hits[:_SHOWN_HITS], argument=argument
            )
    return _Statement(item=item, finding=None, hits=(), argument=words.silent_on_marks)


def _own_hit(finding: GivenFinding, assessment: Assessment) -> Hit | None:
    """Find the hit by which the seat's own rules make the finding's point."""
    hits = (hit for findings in assessment.findings for hit in findings.hits)
    return next((hit for hit in hits if make_same_point(finding, _given(hit))), None)


def _given(hit: Hit) -> GivenFinding:
    return GivenFinding(
        finding_id="",
        speaker=_OWN,
        is_verified=True,
        title=hit.advice.title,
        fix=hit.advice.fix,
        paragraph_ids=tuple(quote.paragraph_id for quote in hit.quotes),
        quotes=tuple(GivenQuote(each.text, each.paragraph_id) for each in hit.quotes),
    )


def _stated(statement: _Statement) -> dict[str, Any]:
    finding, hits = statement.finding, statement.hits
    return {
        "item_id": statement.item.item_id,
        "finding_id": finding.finding_id if finding else None,
        "quotes": _quotes(hits),
        "argument": statement.argument,
        # No move says "no side"; this one neither backs a finding nor attacks it.
        "move": "support" if hits else "refine",
        "stance": "agree" if hits else "unsure",
        "severity": hits[0].severity if finding and hits else None,
        "changed_by": None,
    }


def _quotes(hits: Iterable[Hit]) -> list[dict[str, str]]:
    excerpts = dict.fromkeys(quote for hit in hits for quote in hit.quotes)
    return [{"text": each.text, "paragraph_id": each.paragraph_id} for each in excerpts]


def _prose(
    statements: list[_Statement], assessment: Assessment, words: DiscussionWords
) -> str:
    spoken = [each.item.item_id for each in statements if each.hits]
    parts = [words.opening]
    if spoken:
        named = [clip(item_id, most_words=1) for item_id in spoken[:_NAMED_ITEMS]]
        named += [words.others] if len(spoken) > _NAMED_ITEMS else []
        parts.append(
            words.spoken.format(
                count=len(spoken),
                total=len(statements),
                items=listed(named, assessment.document.voice),
            )
        )
    if len(spoken) < len(statements):
        parts.append(words.unspoken)
    return " ".join([*parts, words.unmoved])
