"""What became of a run's findings in a later run, on the same text or a revision.

Only findings with evidence are compared: without it nobody can say what became of them.
Strengths are left aside, as there is nothing to mend.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from roundtable_gateway.domain.comparison import (
    ComparedFinding,
    Comparison,
    ComparisonReason,
)
from roundtable_gateway.domain.document import DocumentText
from roundtable_gateway.domain.finding import (
    Disposition,
    Finding,
    FindingKind,
    Quote,
    QuoteStatus,
)
from roundtable_gateway.domain.run import RunDetail
from roundtable_gateway.panel.likeness import Likeness, LikenessMeter, family_of
from roundtable_gateway.panel.opposition import advise_opposite
from roundtable_gateway.panel.order import place_of
from roundtable_gateway.panel.quote_check import QuoteChecker
from roundtable_gateway.panel.revision import Revision
from roundtable_gateway.panel.verify import is_found

_SAME_WORDS = 0.5
_SAME_TERMS = 0.5
_SOME_TEXT = 0.3
_ALIKE_TEXT = 0.45
_SAME_TEXT = 0.8

_FIXED = (ComparisonReason.WORDS_CHANGED, ComparisonReason.NOW_SAID)
_STILL_THERE = (
    ComparisonReason.RAISED_AGAIN,
    ComparisonReason.UNCHANGED_PASSAGE,
    ComparisonReason.STILL_UNSAID,
)
_NEW = (ComparisonReason.NEW_WORDS, ComparisonReason.OLD_WORDS)
_REJECTED_BEFORE = (
    ComparisonReason.SAME_WORDS_REJECTED,
    ComparisonReason.NOT_RAISED_AGAIN,
)


def compare(
    old: RunDetail,
    new: RunDetail,
    *,
    old_text: DocumentText,
    new_text: DocumentText,
) -> Comparison:
    """Compare two runs' findings; the order in which they are listed does not matter.

    Each compared finding of the old run has one entry, and each of the new run has one
    or more: that of the old ones it is like, or its own if it is like none.

    Args:
        old: The earlier run.
        new: The later run.
        old_text: The text that the earlier run was on.
        new_text: The text that the later run was on.
    """
    texts = _Texts(old_text, new_text)
    before, after = _comparable(old.findings), _comparable(new.findings)
    matches = _match(before, after, texts)
    seen = {each.id for found in matches for each in found}
    entries = [
        *(_fate(one, found, texts) for one, found in zip(before, matches, strict=True)),
        *(_arrival(finding, texts) for finding in after if finding.id not in seen),
    ]

    def those(reasons: Sequence[ComparisonReason]) -> tuple[ComparedFinding, ...]:
        return tuple(entry for entry in entries if entry.reason in reasons)

    return Comparison(
        old_run_id=old.run.id,
        new_run_id=new.run.id,
        fixed=those(_FIXED),
        still_there=those(_STILL_THERE),
        new=those(_NEW),
        rejected_before=those(_REJECTED_BEFORE),
    )


class _Texts:
    """Both texts, and what stands in which."""

    def __init__(self, old: DocumentText, new: DocumentText) -> None:
        self.revision = Revision(old, new)
        self._old, self._new = QuoteChecker(old), QuoteChecker(new)

    def is_as_it_was(self, finding: Finding) -> bool:
        """Whether what an old finding rests on is so in the new text."""
        if finding.kind is FindingKind.OMISSION:
            return not any(map(self._new.contains_term, finding.searched_for))
        return all(map(self.revision.stands, _found(finding)))

    def was_as_it_is(self, finding: Finding) -> bool:
        """Whether what a new finding rests on was so in the old text."""
        if finding.kind is FindingKind.OMISSION:
            return not any(map(self._old.contains_term, finding.searched_for))
        return all(map(self.revision.stood, _found(finding)))


def _comparable(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(
        (f for f in findings if f.verified and f.kind is not FindingKind.STRENGTH),
        key=place_of,
    )


def _found(finding: Finding) -> Iterator[Quote]:
    return filter(is_found, finding.quotes)


def _match(
    before: Sequence[Finding], after: Sequence[Finding], texts: _Texts
) -> list[list[Finding]]:
    """For each old finding the new ones that make the same point, closest first."""
    moved = [_moved(finding, texts) for finding in before]
    meter = LikenessMeter([*moved, *after])
    matches = []
    for was, now in zip(before, moved, strict=True):
        alike = [
            (_closeness(like), new)
            for new in after
            if _may_be_same(was, new)
            and _is_same_point(was, new, like := meter.measure(now, new), texts)
        ]
        alike.sort(key=lambda pair: pair[0])
        matches.append([new for _, new in alike])
    return matches


def _may_be_same(was: Finding, new: Finding) -> bool:
    return (
        family_of(new) is family_of(was)
        and new.criterion == was.criterion
        and not advise_opposite(was, new)
    )


def _moved(finding: Finding, texts: _Texts) -> Finding:
    """An old finding with its quotes where they stand in the new text."""
    places = (
        replace(quote, status=QuoteStatus.EXACT, start=place.start, end=place.end)
        for quote in _found(finding)
        for place in texts.revision.later_places(quote)
    )
    # Runs name their findings alike; a meter tells them apart by name.
    return replace(finding, id=f"{finding.id} before", quotes=tuple(places))


def _is_same_point(was: Finding, new: Finding, like: Likeness, texts: _Texts) -> bool:
    """Whether a new finding of the same criterion makes an old one's point.

    On the same words it does unless it says something else of them. Where the words
    changed, it does if it is alike and stands where they stood.
    """
    if like.words >= _SAME_WORDS:
        return like.text >= _SOME_TEXT
    omissions = [f.kind is FindingKind.OMISSION for f in (was, new)]
    if all(omissions):
        return like.terms >= _SAME_TERMS or like.text >= _ALIKE_TEXT
    if any(omissions):
        return like.text >= _SAME_TEXT
    return (
        like.text >= _SOME_TEXT
        and not texts.is_as_it_was(was)
        and any(
            texts.revision.has_same_place(before, after)
            for before in _found(was)
            for after in _found(new)
        )
    )


def _closeness(likeness: Likeness) -> tuple[float, float, float]:
    """Sorts the closest first."""
    return -likeness.words, -likeness.terms, -likeness.text


def _fate(was: Finding, alike: Sequence[Finding], texts: _Texts) -> ComparedFinding:
    """What became of an old finding."""
    is_rejected = [new.rejected_in_run_id is not None for new in alike]
    if not all(is_rejected):
        again = alike[is_rejected.index(False)]
        return ComparedFinding(was.id, again.id, ComparisonReason.RAISED_AGAIN)
    if alike:
        return ComparedFinding(
            was.id, alike[0].id, ComparisonReason.SAME_WORDS_REJECTED
        )
    return ComparedFinding(was.id, None, _silent_fate(was, texts))


def _silent_fate(was: Finding, texts: _Texts) -> ComparisonReason:
    """What became of an old finding that nobody raised again."""
    if was.disposition is Disposition.REJECTED:
        return ComparisonReason.NOT_RAISED_AGAIN
    is_omission = was.kind is FindingKind.OMISSION
    if texts.is_as_it_was(was):
        if is_omission:
            return ComparisonReason.STILL_UNSAID
        return ComparisonReason.UNCHANGED_PASSAGE
    return ComparisonReason.NOW_SAID if is_omission else ComparisonReason.WORDS_CHANGED


def _arrival(new: Finding, texts: _Texts) -> ComparedFinding:
    """Why a new finding that is like no old one is there."""
    if new.rejected_in_run_id is not None:
        reason = ComparisonReason.SAME_WORDS_REJECTED
    elif texts.was_as_it_is(new):
        reason = ComparisonReason.OLD_WORDS
    else:
        reason = ComparisonReason.NEW_WORDS
    return ComparedFinding(None, new.id, reason)
