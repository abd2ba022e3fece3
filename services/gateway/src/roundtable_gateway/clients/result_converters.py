"""What comes of a turn: the runner's messages -> the conductor's types."""

from roundtable.runner.v1 import turn_part_pb2
from roundtable_gateway.conductor.parts import (
    AnswerResult,
    CitedSentence,
    ClusterResult,
    DiscussionResult,
    FindingDraft,
    FindingRepair,
    PairAnswer,
    QuoteDraft,
    RepairResult,
    ReviewResult,
    ScoreDraft,
    StatementDraft,
    SynthesisResult,
)


def review_from_proto(message: turn_part_pb2.ReviewResult) -> ReviewResult:
    """Return a reader's answer."""
    return ReviewResult(
        text=message.text,
        findings=tuple(map(finding_from_proto, message.findings)),
        scores=tuple(
            ScoreDraft(
                criterion=score.criterion,
                score=score.score if score.HasField("score") else None,
                finding_numbers=tuple(score.finding_numbers),
                rationale=score.rationale,
            )
            for score in message.scores
        ),
        overall=message.overall if message.HasField("overall") else None,
        verdict=message.verdict,
        verdict_reason=message.verdict_reason,
        not_assessed=tuple(message.not_assessed),
    )


def repair_from_proto(message: turn_part_pb2.RepairResult) -> RepairResult:
    """Return what became of findings whose words were not found."""
    return RepairResult(
        tuple(
            FindingRepair(
                number=repair.number,
                quotes=tuple(map(_quote_from_proto, repair.quotes)),
                is_withdrawn=repair.is_withdrawn,
            )
            for repair in message.repairs
        )
    )


def cluster_from_proto(message: turn_part_pb2.ClusterResult) -> ClusterResult:
    """Return which pairs one fix would resolve."""
    return ClusterResult(
        tuple(
            PairAnswer(each.number, each.is_same, each.reason)
            for each in message.answers
        )
    )


def discussion_from_proto(
    message: turn_part_pb2.DiscussionResult,
) -> DiscussionResult:
    """Return a panelist's word in a round."""
    return DiscussionResult(
        text=message.text,
        statements=tuple(map(_statement_from_proto, message.statements)),
        overall=message.overall if message.HasField("overall") else None,
        verdict=message.verdict,
        verdict_reason=message.verdict_reason,
    )


def synthesis_from_proto(message: turn_part_pb2.SynthesisResult) -> SynthesisResult:
    """Return the moderator's text."""
    return SynthesisResult(
        sentences=tuple(map(_sentence_from_proto, message.sentences)),
        minority=tuple(map(_sentence_from_proto, message.minority)),
    )


def answer_from_proto(message: turn_part_pb2.AnswerResult) -> AnswerResult:
    """Return a panelist's answer to the author."""
    return AnswerResult(
        text=message.text,
        finding_ids=tuple(message.finding_ids),
        paragraph_ids=tuple(message.paragraph_ids),
    )


def finding_from_proto(message: turn_part_pb2.FindingDraft) -> FindingDraft:
    """Return a finding as the model gave it."""
    return FindingDraft(
        kind=message.kind,
        title=message.title,
        severity=message.severity,
        criterion=message.criterion,
        paragraph_ids=tuple(message.paragraph_ids),
        quotes=tuple(map(_quote_from_proto, message.quotes)),
        searched_for=tuple(message.searched_for),
        impact=message.impact,
        affected_reader=message.affected_reader,
        fix=message.fix,
        rewrite=message.rewrite if message.HasField("rewrite") else None,
        fix_kind=message.fix_kind,
        confidence=message.confidence,
        would_change_mind_if=message.would_change_mind_if,
    )


def _statement_from_proto(message: turn_part_pb2.StatementDraft) -> StatementDraft:
    return StatementDraft(
        item_id=message.item_id,
        finding_id=message.finding_id,
        move=message.move,
        stance=message.stance,
        severity=message.severity,
        argument=message.argument,
        changed_by=message.changed_by,
        quotes=tuple(map(_quote_from_proto, message.quotes)),
    )


def _sentence_from_proto(message: turn_part_pb2.CitedSentence) -> CitedSentence:
    return CitedSentence(message.text, tuple(message.finding_ids))


def _quote_from_proto(message: turn_part_pb2.QuoteDraft) -> QuoteDraft:
    return QuoteDraft(
        text=message.text,
        paragraph_id=message.paragraph_id if message.HasField("paragraph_id") else None,
    )
