"""What became of a run's findings in a later run, on the same text or a revision.

Only findings with evidence are compared: without it nobody can say what became of them.
Strengths are left aside, as there is nothing to mend.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

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
from roundtable_gateway.panel.likeness import (
    ALIKE_TEXT,
    SAME_TERMS,
    SAME_TEXT,
    SAME_WORDS,
    SOME_TEXT,
    Likeness,
    LikenessMeter,
    family_of,
)
from roundtable_gateway.panel.opposition import advise_opposite
from roundtable_gateway.panel.order import place_of
from roundtable_gateway.panel.quote_check import QuoteChecker
from roundtable_gateway.panel.revision import Revision
from roundtable_gateway.panel.verify import is_found

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
    before = [texts.look_back(finding) for finding in _comparable(old.findings)]
    after = _comparable(new.findings)
    matches = _match(before, after, texts)
    seen = {each.id for found in matches for each in found}
    entries = [
        *(_fate(past, alike) for past, alike in zip(before, matches, strict=True)),
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


@dataclass(frozen=True, slots=True)
class _Past:
    """An old finding in the light of the new text.

    Attributes:
        moved: The finding with its quotes where they stand in the new text.
        holds: Whether what it rests on is as it was.
    """

    finding: Finding
    moved: Finding
    holds: bool


class _Texts:
    """Both texts, and what stands in which."""

    def __init__(self, old: DocumentText, new: DocumentText) -> None:
        self._revision = Revision(old, new)
        self._old, self._new = QuoteChecker(old), QuoteChecker(new)

    def look_back(self, finding: Finding) -> _Past:
        """Look an old finding up in the new text."""
        places = (
            replace(quote, status=QuoteStatus.EXACT, start=place.start, end=place.end)
            for quote in _found(finding)
            for place in self._revision.later_places(quote)
        )
        if finding.kind is FindingKind.OMISSION:
            holds = not any(map(self._new.contains_term, finding.searched_for))
        else:
            holds = all(map(self._revision.stands, _found(finding)))
        # Runs name their findings alike; a meter tells them apart by name.
        moved = replace(finding, id=f"{finding.id} before", quotes=tuple(places))
        return _Past(finding, moved, holds)

    def held(self, finding: Finding) -> bool:
        """Whether what a new finding rests on was so in the old text."""
        if finding.kind is FindingKind.OMISSION:
            return not any(map(self._old.contains_term, finding.searched_for))
        return all(map(self._revision.stood, _found(finding)))

    def share_place(self, old: Finding, new: Finding) -> bool:
        """Whether two findings are about the same place of either text."""
        return any(
            self._revision.has_same_place(before, after)
            for before in _found(old)
            for after in _found(new)
        )


def _comparable(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(
        (f for f in findings if f.verified and f.kind is not FindingKind.STRENGTH),
        key=place_of,
    )


def _found(finding: Finding) -> Iterator[Quote]:
    return filter(is_found, finding.quotes)


def _match(
    before: Sequence[_Past], after: Sequence[Finding], texts: _Texts
) -> list[list[Finding]]:
    """For each old finding the new ones that make the same point, closest first."""
    meter = LikenessMeter([*(past.moved for past in before), *after])
    pasts = {past.moved.id: past for past in before}
    matches: dict[str, list[tuple[Likeness, Finding]]] = {each: [] for each in pasts}
    for moved, new in meter.related():
        past = pasts.get(moved.id)
        if past is None or new.id in pasts or not _is_of_a_sort(past.finding, new):
            continue
        likeness = meter.measure(moved, new)
        is_same = _is_same_point(past, new, likeness, texts)
        if is_same and not advise_opposite(past.finding, new):
            matches[moved.id].append((likeness, new))
    return [
        [new for _, new in sorted(found, key=lambda pair: _closeness(pair[0]))]
        for found in matches.values()
    ]


def _is_of_a_sort(was: Finding, new: Finding) -> bool:
    return new.criterion == was.criterion and family_of(new) is family_of(was)


def _is_same_point(past: _Past, new: Finding, like: Likeness, texts: _Texts) -> bool:
    """Whether a new finding of the same criterion makes an old one's point.

    On the same words it does unless it says something else of them. Where the words
    changed, it does if it is alike and stands where they stood.
    """
    if like.words >= SAME_WORDS:
        return like.text >= SOME_TEXT
    omissions = [f.kind is FindingKind.OMISSION for f in (past.finding, new)]
    if all(omissions):
        return like.terms >= SAME_TERMS or like.text >= ALIKE_TEXT
    if any(omissions):
        return like.text >= SAME_TEXT
    return (
        not past.holds
        and like.text >= SOME_TEXT
        and texts.share_place(past.finding, new)
    )


def _closeness(likeness: Likeness) -> tuple[float, float, float]:
    """Sorts the closest first."""
    return -likeness.words, -likeness.terms, -likeness.text


def _fate(past: _Past, alike: Sequence[Finding]) -> ComparedFinding:
    """What became of an old finding."""
    was = past.finding
    is_rejected = [_came_rejected(new) for new in alike]
    if not all(is_rejected):
        again = alike[is_rejected.index(False)]
        return ComparedFinding(was.id, again.id, ComparisonReason.RAISED_AGAIN)
    if alike:
        return ComparedFinding(
            was.id, alike[0].id, ComparisonReason.SAME_WORDS_REJECTED
        )
    return ComparedFinding(was.id, None, _silent_fate(past))


def _silent_fate(past: _Past) -> ComparisonReason:
    """What became of an old finding that nobody raised again."""
    was = past.finding
    if was.disposition is Disposition.REJECTED:
        return ComparisonReason.NOT_RAISED_AGAIN
    is_omission = was.kind is FindingKind.OMISSION
    if past.holds:
        if is_omission:
            return ComparisonReason.STILL_UNSAID
        return ComparisonReason.UNCHANGED_PASSAGE
    return ComparisonReason.NOW_SAID if is_omission else ComparisonReason.WORDS_CHANGED


def _arrival(new: Finding, texts: _Texts) -> ComparedFinding:
    """Why a new finding that is like no old one is there."""
    if _came_rejected(new):
        reason = ComparisonReason.SAME_WORDS_REJECTED
    elif texts.held(new):
        reason = ComparisonReason.OLD_WORDS
    else:
        reason = ComparisonReason.NEW_WORDS
    return ComparedFinding(None, new.id, reason)


def _came_rejected(new: Finding) -> bool:
    """Whether a new finding was rejected as it came, and the author left it so."""
    was_rejected = new.rejected_in_run_id is not None
    return was_rejected and new.disposition is Disposition.REJECTED
