"""What a word in a discussion weighs: nothing moves without new evidence.

A panelist holds what its review raised. What it says later is a *change* if it differs
from what the panelist held, and it is *evidenced* if it shows words of the document
that the panelist had not shown before. A change that is not evidenced is kept and
labelled; what the panelist held stays what it was.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from roundtable_gateway.domain.discussion import AgendaItem, Move, Position, Stance
from roundtable_gateway.domain.finding import Finding, Quote, Severity
from roundtable_gateway.panel.decision import Challenge
from roundtable_gateway.panel.opposition import are_opposed
from roundtable_gateway.panel.passages import shows_more
from roundtable_gateway.panel.severities import gravest


def weigh(  # noqa: PLR0913 - what was said, and all that is known of who said it
    item: AgendaItem,
    *,
    panelist_id: str,
    turn_id: str,
    round: int,  # noqa: A002 - the domain's word
    finding: Finding | None,
    move: Move,
    position: Position,
    severity: Severity | None,
    argument: str,
    changed_by: str | None,
    quotes: tuple[Quote, ...],
    own_findings: Sequence[Finding],
    earlier: Sequence[Stance],
) -> Stance:
    """Return what a panelist said of an item, labelled.

    Args:
        item: The item of the agenda.
        panelist_id: Who speaks.
        turn_id: The turn it was said in.
        round: The round it was said in.
        finding: What it speaks of, None for the item's marks.
        move: What the panelist does.
        position: Where it stands.
        severity: How grave it takes the finding to be; None leaves that as it was.
        argument: What it says.
        changed_by: What it says changed its mind.
        quotes: The words it brings, checked.
        own_findings: All that the panelist raised itself, as it stands now.
        earlier: Stances of earlier rounds; those of others and of this round or a later
            one are left aside.
    """
    ours = [s for s in earlier if s.panelist_id == panelist_id and s.round < round]
    before = _held(item, finding, own_findings=own_findings, earlier=ours)
    after = None if finding is None else severity or before.severity
    shown = [
        *(quote for own in own_findings for quote in own.quotes),
        *(quote for stance in ours for quote in stance.quotes),
    ]
    return Stance(
        item_id=item.id,
        panelist_id=panelist_id,
        turn_id=turn_id,
        round=round,
        finding_id=finding.id if finding else None,
        move=move,
        position=position,
        severity_before=before.severity,
        severity_after=after,
        argument=argument,
        changed_by=changed_by,
        quotes=quotes,
        is_change=_is_change(
            before, position, after, says_so=finding is None and bool(changed_by)
        ),
        is_evidenced=any(shows_more(quote, shown) for quote in quotes),
    )


def find_challenges(stances: Iterable[Stance]) -> tuple[Challenge, ...]:
    """The challenges that stand, in an order of their own.

    One stands if it is evidenced and the panelist did not agree with the finding, with
    evidence, in the same round or a later one.
    """
    evidenced = [s for s in stances if s.is_evidenced and s.finding_id is not None]
    agreed: dict[tuple[str, str | None], int] = {}
    for stance in evidenced:
        if stance.position is Position.AGREE:
            key = (stance.panelist_id, stance.finding_id)
            agreed[key] = max(stance.round, agreed.get(key, 0))
    return tuple(
        Challenge(stance.panelist_id, stance.finding_id, stance.quotes)
        for stance in sorted(evidenced, key=_place)
        if stance.finding_id is not None
        and stance.move is Move.CHALLENGE
        and stance.round > agreed.get((stance.panelist_id, stance.finding_id), 0)
    )


def find_withdrawn(
    findings: Iterable[Finding], stances: Iterable[Stance]
) -> frozenset[str]:
    """The findings that their own authors, with evidence, no longer hold, by id.

    The last round counts; in it, whoever also held on to the finding holds it.
    """
    authors = {finding.id: finding.panelist_id for finding in findings}
    said = [
        stance
        for stance in stances
        if stance.is_evidenced
        and stance.finding_id in authors
        and stance.panelist_id == authors[stance.finding_id]
    ]
    last: dict[str | None, int] = {}
    for stance in said:
        last[stance.finding_id] = max(stance.round, last.get(stance.finding_id, 0))
    final = [stance for stance in said if stance.round == last[stance.finding_id]]
    held = {s.finding_id for s in final if s.position is not Position.DISAGREE}
    return frozenset(
        stance.finding_id
        for stance in final
        if stance.finding_id is not None and stance.finding_id not in held
    )


def moved_severity(finding: Finding, stances: Iterable[Stance]) -> Severity | None:
    """The severity that its author gives a finding by now, with evidence.

    None if that is the one it has. The last round counts; in it, the gravest.
    """
    said = [s for s in _by_author(finding, stances) if s.is_evidenced]
    rated = [s for s in said if s.severity_after is not None]
    last = max((stance.round for stance in rated), default=0)
    severity = gravest(s.severity_after for s in rated if s.round == last)
    return None if severity is finding.severity else severity


def as_reviewed(finding: Finding, stances: Iterable[Stance]) -> Finding:
    """The finding as it was before its author moved it in the discussion.

    What the agenda was made of; asking again after a discussion gives the same agenda.
    """
    said = [s for s in _by_author(finding, stances) if s.severity_before is not None]
    first = min(said, key=_place, default=None)
    if first is None or first.severity_before is None:
        return finding
    return replace(finding, severity=first.severity_before)


@dataclass(frozen=True, slots=True)
class _Held:
    """What a panelist held of a finding or a mark; None where it had said nothing."""

    position: Position | None
    severity: Severity | None


def _held(
    item: AgendaItem,
    finding: Finding | None,
    *,
    own_findings: Sequence[Finding],
    earlier: Sequence[Stance],
) -> _Held:
    """What stands of a panelist's view: its last evidenced stance, else its review."""
    finding_id = finding.id if finding else None
    standing = [
        stance
        for stance in earlier
        if stance.is_evidenced
        and stance.finding_id == finding_id
        and (finding is not None or stance.item_id == item.id)
    ]
    if standing:
        last = max(standing, key=_place)
        return _Held(last.position, last.severity_after)
    if finding is None:
        return _Held(None, None)
    return _reviewed(item, finding, own_findings)


def _reviewed(
    item: AgendaItem, finding: Finding, own_findings: Sequence[Finding]
) -> _Held:
    """What a panelist's review says of a finding.

    Its own finding it agrees with; another's too, if it raised the matter itself, at
    the severity it gave the matter, unless its own finding says the opposite.
    """
    mine = {own.id: own for own in own_findings}
    if finding.id in mine:
        return _Held(Position.AGREE, mine[finding.id].severity)
    on_item = [mine[each] for each in item.finding_ids if each in mine]
    if any(are_opposed(own, finding) for own in on_item):
        return _Held(Position.DISAGREE, None)
    if on_item:
        return _Held(Position.AGREE, gravest(own.severity for own in on_item))
    return _Held(None, None)


def _is_change(
    before: _Held, position: Position, after: Severity | None, *, says_so: bool
) -> bool:
    """Whether a view differs from what was held.

    Who had said nothing of a finding did not hold it: only to agree is a change then.
    Of marks code knows no view before the first, so there the panelist's word is taken.
    """
    if before.position is None:
        return says_so or (after is not None and position is Position.AGREE)
    return position is not before.position or after is not before.severity


def _by_author(finding: Finding, stances: Iterable[Stance]) -> list[Stance]:
    return [
        stance
        for stance in stances
        if stance.finding_id == finding.id and stance.panelist_id == finding.panelist_id
    ]


def _place(stance: Stance) -> tuple[int, str, str, str, str]:
    """An order among stances that depends on nothing but themselves."""
    return (
        stance.round,
        stance.panelist_id,
        stance.finding_id or "",
        stance.item_id,
        stance.turn_id,
    )
