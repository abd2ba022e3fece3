"""Reads what a turn is told of a run besides its document."""

from collections.abc import Iterable

from roundtable.runner.v1 import turn_part_pb2, turn_task_pb2
from roundtable_runner.rpc.request_check import RequestCheck
from roundtable_runner.rpc.request_subjects import is_key
from roundtable_runner.turn.parts import FindingDraft, QuoteDraft, StatementDraft
from roundtable_runner.turn.schema import KINDS, MOVES, SEVERITIES, STANCES, VERDICTS
from roundtable_runner.turn.task_material import (
    DiscussedFinding,
    DiscussedScore,
    DiscussedStatement,
    DiscussedVerdict,
    DiscussionItem,
)

_MIN_SCORE, _MAX_SCORE = 1, 5


def check_finding(finding: turn_part_pb2.FindingDraft, check: RequestCheck) -> None:
    """Note what is wrong with a finding that others wrote."""
    check.one_of(finding.kind, KINDS, "kind")
    check.one_of(finding.severity, SEVERITIES, "severity")
    check.that(is_key(finding.criterion), "criterion", "is no key")


def check_discussed(
    findings: Iterable[turn_task_pb2.DiscussedFinding], check: RequestCheck
) -> None:
    """Note what is wrong with findings that others hear of."""
    for at, discussed in check.each("findings", findings):
        at.given(discussed.finding_id, "finding_id")
        at.given(discussed.speaker, "speaker")
        check_finding(discussed.finding, at.at("finding"))


def check_items(
    items: Iterable[turn_task_pb2.DiscussionItem], check: RequestCheck
) -> None:
    """Note what is wrong with items of an agenda."""
    for at, item in check.each("items", items):
        at.given(item.item_id, "item_id")
        at.given(item.question, "question")
        check_discussed(item.findings, at)
        _check_scores(item.scores, at)
        _check_statements(item.statements, at)


def read_finding(finding: turn_part_pb2.FindingDraft) -> FindingDraft:
    """Return a finding that was checked."""
    return FindingDraft(
        kind=finding.kind,
        title=finding.title,
        severity=finding.severity,
        criterion=finding.criterion,
        paragraph_ids=tuple(finding.paragraph_ids),
        quotes=_quotes(finding.quotes),
        searched_for=tuple(finding.searched_for),
        impact=finding.impact,
        affected_reader=finding.affected_reader,
        fix=finding.fix,
        rewrite=finding.rewrite if finding.HasField("rewrite") else None,
        fix_kind=finding.fix_kind,
        confidence=finding.confidence,
        would_change_mind_if=finding.would_change_mind_if,
    )


def read_discussed(
    findings: Iterable[turn_task_pb2.DiscussedFinding],
) -> tuple[DiscussedFinding, ...]:
    """Return findings that were checked."""
    return tuple(
        DiscussedFinding(
            finding_id=discussed.finding_id,
            speaker=discussed.speaker,
            finding=read_finding(discussed.finding),
            is_verified=discussed.is_verified,
        )
        for discussed in findings
    )


def check_verdict(verdict: turn_task_pb2.DiscussedVerdict, check: RequestCheck) -> None:
    """Note what is wrong with where a seat stood."""
    if verdict.verdict:
        check.one_of(verdict.verdict, VERDICTS, "verdict")
    if verdict.HasField("overall"):
        is_right = _MIN_SCORE <= verdict.overall <= _MAX_SCORE
        check.that(is_right, "overall", "is 1 to 5")


def read_verdict(verdict: turn_task_pb2.DiscussedVerdict) -> DiscussedVerdict:
    """Return where a seat stood, as it was checked."""
    return DiscussedVerdict(
        overall=verdict.overall if verdict.HasField("overall") else None,
        verdict=verdict.verdict,
        verdict_reason=verdict.verdict_reason,
    )


def read_items(
    items: Iterable[turn_task_pb2.DiscussionItem],
) -> tuple[DiscussionItem, ...]:
    """Return items that were checked."""
    return tuple(
        DiscussionItem(
            item_id=item.item_id,
            question=item.question,
            paragraph_ids=tuple(item.paragraph_ids),
            findings=read_discussed(item.findings),
            scores=tuple(_score(score) for score in item.scores),
            statements=tuple(_said(said) for said in item.statements),
        )
        for item in items
    )


def _check_scores(
    scores: Iterable[turn_task_pb2.DiscussedScore], check: RequestCheck
) -> None:
    for at, score in check.each("scores", scores):
        at.given(score.speaker, "speaker")
        at.that(is_key(score.criterion), "criterion", "is no key")
        is_right = _MIN_SCORE <= score.score <= _MAX_SCORE
        at.that(is_right, "score", "is 1 to 5")


def _check_statements(
    statements: Iterable[turn_task_pb2.DiscussedStatement], check: RequestCheck
) -> None:
    for at, said in check.each("statements", statements):
        at.given(said.speaker, "speaker")
        at.that(said.round > 0, "round", "is 1 or more")
        statement, inner = said.statement, at.at("statement")
        inner.one_of(statement.move, MOVES, "move")
        inner.one_of(statement.stance, STANCES, "stance")
        if statement.severity:
            inner.one_of(statement.severity, SEVERITIES, "severity")


def _score(score: turn_task_pb2.DiscussedScore) -> DiscussedScore:
    return DiscussedScore(
        speaker=score.speaker,
        criterion=score.criterion,
        score=score.score,
        rationale=score.rationale,
    )


def _said(said: turn_task_pb2.DiscussedStatement) -> DiscussedStatement:
    statement = said.statement
    return DiscussedStatement(
        speaker=said.speaker,
        round=said.round,
        statement=StatementDraft(
            item_id=statement.item_id,
            finding_id=statement.finding_id or None,
            quotes=_quotes(statement.quotes),
            argument=statement.argument,
            move=statement.move,
            stance=statement.stance,
            severity=statement.severity or None,
            changed_by=statement.changed_by or None,
        ),
        is_evidenced=said.is_evidenced,
    )


def _quotes(quotes: Iterable[turn_part_pb2.QuoteDraft]) -> tuple[QuoteDraft, ...]:
    return tuple(
        QuoteDraft(
            quote.text,
            quote.paragraph_id if quote.HasField("paragraph_id") else None,
        )
        for quote in quotes
    )
