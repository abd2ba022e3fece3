"""What a panel hands in, in the small: a document, quotes, findings, turns, stances."""

from dataclasses import replace

from roundtable_gateway.domain.cluster import Cluster
from roundtable_gateway.domain.discussion import (
    AgendaItem,
    AgendaReason,
    Move,
    Position,
    Stance,
)
from roundtable_gateway.domain.document import DocumentText, Paragraph
from roundtable_gateway.domain.finding import (
    Finding,
    FindingKind,
    FixKind,
    Quote,
    QuoteMethod,
    QuoteStatus,
    Score,
    Severity,
    Verdict,
)
from roundtable_gateway.domain.run import Turn, TurnKind, TurnState


def document(*paragraphs: str) -> DocumentText:
    """Return a document of these paragraphs."""
    placed, start = [], 0
    for number, text in enumerate(paragraphs, start=1):
        placed.append(Paragraph(f"P{number}", start, start + len(text)))
        start += len(text) + len("\n\n")
    return DocumentText("\n\n".join(paragraphs), tuple(placed))


def quote_from(text: DocumentText, words: str) -> Quote:
    """Return an exact quote of words that stand in a document."""
    start = text.text.index(words)
    home = next(p for p in text.paragraphs if p.start <= start < p.end)
    return replace(quote(start, start + len(words), home.id), text=words, given=words)


def quote(start: int, end: int, paragraph_id: str = "P1") -> Quote:
    """Return an exact quote of which only the place matters."""
    return Quote(
        text="w" * (end - start),
        given="w" * (end - start),
        status=QuoteStatus.EXACT,
        method=QuoteMethod.EXACT,
        paragraph_id=paragraph_id,
        start=start,
        end=end,
    )


def unfound(words: str = "never said") -> Quote:
    """Return a quote that does not stand in the document."""
    return Quote(None, words, QuoteStatus.NOT_FOUND, None, None, None, None)


def finding(finding_id: str, panelist_id: str | None, **changes: object) -> Finding:
    """Return a verified major error of a seat's review; any field can be changed."""
    plain = Finding(
        id=finding_id,
        turn_id=f"run_1-1-{panelist_id or 'control'}",
        panelist_id=panelist_id,
        kind=FindingKind.ERROR,
        title=f"Point {finding_id}",
        severity=Severity.MAJOR,
        criterion="evidence",
        paragraph_ids=("P1",),
        quotes=(),
        searched_for=(),
        impact="",
        affected_reader="",
        fix="",
        rewrite=None,
        fix_kind=FixKind.MEANING,
        confidence=75,
        would_change_mind_if="",
        verified=True,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # any field may change


def review(
    panelist_id: str | None,
    *,
    verdict: Verdict = Verdict.APPROVE,
    overall: int | None = 5,
    state: TurnState = TurnState.SUCCEEDED,
    scores: tuple[Score, ...] = (),
) -> Turn:
    """Return a seat's review, or the control's."""
    return Turn(
        id=f"run_1-1-{panelist_id or 'control'}",
        kind=TurnKind.REVIEW if panelist_id else TurnKind.CONTROL,
        panelist_id=panelist_id,
        round=1,
        attempt=1,
        state=state,
        verdict=verdict,
        verdict_reason=f"{panelist_id} in round 1",
        overall=overall,
        scores=scores,
    )


def word(
    panelist_id: str,
    number: int = 2,
    *,
    verdict: Verdict | None = Verdict.REQUEST_CHANGES,
    overall: int | None = 2,
    state: TurnState = TurnState.SUCCEEDED,
    agenda: str = "0a1b2c3d",
) -> Turn:
    """Return a seat's word in a round of the discussion."""
    return Turn(
        id=f"run_1-5-{number}-{panelist_id}-{agenda}",
        kind=TurnKind.DISCUSSION,
        panelist_id=panelist_id,
        round=number,
        attempt=1,
        state=state,
        verdict=verdict,
        verdict_reason=f"{panelist_id} in round {number}",
        overall=overall,
    )


def stance(panelist_id: str, number: int = 2, **changes: object) -> Stance:
    """Return an evidenced change of mind on finding A1; any field can be changed."""
    plain = Stance(
        item_id="I1",
        panelist_id=panelist_id,
        turn_id=word(panelist_id, number).id,
        round=number,
        finding_id="A1",
        move=Move.SUPPORT,
        position=Position.AGREE,
        severity_before=None,
        severity_after=Severity.MAJOR,
        argument="It says so.",
        changed_by=None,
        quotes=(quote(900, 950),),
        is_change=True,
        is_evidenced=True,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # any field may change


def item(*finding_ids: str, cluster_id: str | None = "K1") -> AgendaItem:
    """Return an item of the agenda about findings, or about marks without a cluster."""
    return AgendaItem(
        id="I1",
        reason=AgendaReason.SEVERITY_GAP if cluster_id else AgendaReason.SCORE_GAP,
        question="How grave is it?",
        cluster_id=cluster_id,
        criterion="evidence",
        finding_ids=finding_ids,
        paragraph_ids=("P1",),
        panelist_ids=("A", "B"),
    )


def alone(*findings: Finding) -> tuple[Cluster, ...]:
    """Return a cluster for each finding, named after it: "K-A1"."""
    return tuple(
        Cluster(f"K-{each.id}", each.severity, each.id, (each.id,)) for each in findings
    )


def together(cluster_id: str, *findings: Finding) -> Cluster:
    """Return a cluster of findings, the first in the lead."""
    lead = findings[0]
    ids = tuple(each.id for each in findings)
    return Cluster(cluster_id, lead.severity, lead.id, ids)
