"""Writes results of turns as messages."""

from collections.abc import Iterable

from roundtable.runner.v1 import turn_part_pb2
from roundtable_runner.turn.parts import (
    AnswerResult,
    CitedSentence,
    ClusterResult,
    DiscussionResult,
    FindingDraft,
    QuoteDraft,
    RepairResult,
    ReviewResult,
    ScoreDraft,
    StatementDraft,
    SynthesisResult,
)


def review_to_proto(result: ReviewResult) -> turn_part_pb2.ReviewResult:
    """Return a reader's answer as its message."""
    return turn_part_pb2.ReviewResult(
        text=result.text,
        findings=[finding_to_proto(finding) for finding in result.findings],
        scores=[_score(score) for score in result.scores],
        overall=result.overall,
        verdict=result.verdict,
        verdict_reason=result.verdict_reason,
        not_assessed=result.not_assessed,
    )


def repair_to_proto(result: RepairResult) -> turn_part_pb2.RepairResult:
    """Return what became of findings as its message."""
    return turn_part_pb2.RepairResult(
        repairs=[
            turn_part_pb2.FindingRepair(
                number=repair.number,
                quotes=_quotes(repair.quotes),
                is_withdrawn=repair.is_withdrawn,
            )
            for repair in result.repairs
        ]
    )


def cluster_to_proto(result: ClusterResult) -> turn_part_pb2.ClusterResult:
    """Return the answers on pairs as their message."""
    return turn_part_pb2.ClusterResult(
        answers=[
            turn_part_pb2.PairAnswer(
                number=answer.number, is_same=answer.is_same, reason=answer.reason
            )
            for answer in result.answers
        ]
    )


def discussion_to_proto(result: DiscussionResult) -> turn_part_pb2.DiscussionResult:
    """Return a panelist's word as its message."""
    return turn_part_pb2.DiscussionResult(
        text=result.text,
        statements=[_statement(statement) for statement in result.statements],
        overall=result.overall,
        verdict=result.verdict,
        verdict_reason=result.verdict_reason,
    )


def synthesis_to_proto(result: SynthesisResult) -> turn_part_pb2.SynthesisResult:
    """Return the moderator's text as its message."""
    return turn_part_pb2.SynthesisResult(
        sentences=[_sentence(sentence) for sentence in result.sentences],
        minority=[_sentence(sentence) for sentence in result.minority],
    )


def answer_to_proto(result: AnswerResult) -> turn_part_pb2.AnswerResult:
    """Return an answer to the author as its message."""
    return turn_part_pb2.AnswerResult(
        text=result.text,
        finding_ids=result.finding_ids,
        paragraph_ids=result.paragraph_ids,
    )


def finding_to_proto(finding: FindingDraft) -> turn_part_pb2.FindingDraft:
    """Return a finding as its message."""
    return turn_part_pb2.FindingDraft(
        kind=finding.kind,
        title=finding.title,
        severity=finding.severity,
        criterion=finding.criterion,
        paragraph_ids=finding.paragraph_ids,
        quotes=_quotes(finding.quotes),
        searched_for=finding.searched_for,
        impact=finding.impact,
        affected_reader=finding.affected_reader,
        fix=finding.fix,
        rewrite=finding.rewrite,
        fix_kind=finding.fix_kind,
        confidence=finding.confidence,
        would_change_mind_if=finding.would_change_mind_if,
    )


def _statement(statement: StatementDraft) -> turn_part_pb2.StatementDraft:
    return turn_part_pb2.StatementDraft(
        item_id=statement.item_id,
        finding_id=statement.finding_id or "",
        move=statement.move,
        stance=statement.stance,
        severity=statement.severity or "",
        argument=statement.argument,
        changed_by=statement.changed_by or "",
        quotes=_quotes(statement.quotes),
    )


def _sentence(sentence: CitedSentence) -> turn_part_pb2.CitedSentence:
    return turn_part_pb2.CitedSentence(
        text=sentence.text, finding_ids=sentence.finding_ids
    )


def _quotes(quotes: Iterable[QuoteDraft]) -> list[turn_part_pb2.QuoteDraft]:
    return [
        turn_part_pb2.QuoteDraft(text=quote.text, paragraph_id=quote.paragraph_id)
        for quote in quotes
    ]


def _score(score: ScoreDraft) -> turn_part_pb2.ScoreDraft:
    return turn_part_pb2.ScoreDraft(
        criterion=score.criterion,
        score=score.score,
        finding_numbers=score.finding_numbers,
        rationale=score.rationale,
    )
