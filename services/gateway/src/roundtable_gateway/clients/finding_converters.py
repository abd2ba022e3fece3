"""Findings, scores and decisions: the store's messages <-> the domain."""

from roundtable.store.v1 import turn_pb2
from roundtable_gateway.clients.enums import (
    DISPOSITIONS,
    FINDING_KINDS,
    FIX_KINDS,
    OUTCOMES,
    QUOTE_METHODS,
    QUOTE_STATUSES,
    SEVERITIES,
    named,
)
from roundtable_gateway.domain.decision import Decision, DecisionReason, Dissent
from roundtable_gateway.domain.finding import Finding, Quote, Score


def finding_to_proto(finding: Finding) -> turn_pb2.Finding:
    """Return the wire's form of a finding."""
    return turn_pb2.Finding(
        finding_id=finding.id,
        turn_id=finding.turn_id,
        panelist_id=finding.panelist_id or "",
        kind=FINDING_KINDS.to_wire(finding.kind),
        title=finding.title,
        severity=SEVERITIES.to_wire(finding.severity),
        criterion=finding.criterion,
        paragraph_ids=finding.paragraph_ids,
        quotes=[quote_to_proto(quote) for quote in finding.quotes],
        searched_for=finding.searched_for,
        impact=finding.impact,
        affected_reader=finding.affected_reader,
        fix=finding.fix,
        rewrite=finding.rewrite,
        fix_kind=FIX_KINDS.to_wire(finding.fix_kind),
        confidence=finding.confidence,
        would_change_mind_if=finding.would_change_mind_if,
        is_verified=finding.verified,
        disposition=DISPOSITIONS.to_wire(finding.disposition),
        disposition_reason=finding.disposition_reason,
        rejected_in_run_id=finding.rejected_in_run_id or "",
    )


def finding_from_proto(message: turn_pb2.Finding) -> Finding:
    """Return the finding of a message."""
    return Finding(
        id=message.finding_id,
        turn_id=message.turn_id,
        panelist_id=message.panelist_id or None,
        kind=FINDING_KINDS.required(message.kind),
        title=message.title,
        severity=SEVERITIES.required(message.severity),
        criterion=message.criterion,
        paragraph_ids=tuple(message.paragraph_ids),
        quotes=tuple(quote_from_proto(quote) for quote in message.quotes),
        searched_for=tuple(message.searched_for),
        impact=message.impact,
        affected_reader=message.affected_reader,
        fix=message.fix,
        rewrite=message.rewrite if message.HasField("rewrite") else None,
        fix_kind=FIX_KINDS.required(message.fix_kind),
        confidence=message.confidence,
        would_change_mind_if=message.would_change_mind_if,
        verified=message.is_verified,
        disposition=DISPOSITIONS.required(message.disposition),
        disposition_reason=(
            message.disposition_reason
            if message.HasField("disposition_reason")
            else None
        ),
        rejected_in_run_id=message.rejected_in_run_id or None,
    )


def score_to_proto(score: Score) -> turn_pb2.Score:
    """Return the wire's form of a score."""
    return turn_pb2.Score(
        criterion=score.criterion,
        score=score.score,
        finding_ids=score.finding_ids,
        rationale=score.rationale,
    )


def score_from_proto(message: turn_pb2.Score) -> Score:
    """Return the score of a message."""
    return Score(
        criterion=message.criterion,
        score=message.score if message.HasField("score") else None,
        finding_ids=tuple(message.finding_ids),
        rationale=message.rationale,
    )


def decision_to_proto(decision: Decision) -> turn_pb2.Decision:
    """Return the wire's form of a decision."""
    return turn_pb2.Decision(
        outcome=OUTCOMES.to_wire(decision.outcome),
        reason=decision.reason.value,
        score=decision.score,
        score_after_discussion=decision.score_after_discussion,
        spread=decision.spread,
        seats=decision.seats,
        seats_finished=decision.seats_finished,
        blocker_finding_ids=decision.blockers,
        major_finding_ids=decision.majors,
        dissents=[
            turn_pb2.Dissent(
                panelist_id=dissent.panelist_id,
                position=dissent.position,
                finding_ids=dissent.finding_ids,
            )
            for dissent in decision.dissent
        ],
        policy=decision.policy,
    )


def decision_from_proto(message: turn_pb2.Decision) -> Decision:
    """Return the decision of a message."""
    return Decision(
        outcome=OUTCOMES.required(message.outcome),
        reason=named(DecisionReason, message.reason),
        score=message.score if message.HasField("score") else None,
        score_after_discussion=(
            message.score_after_discussion
            if message.HasField("score_after_discussion")
            else None
        ),
        spread=message.spread if message.HasField("spread") else None,
        seats=message.seats,
        seats_finished=message.seats_finished,
        blockers=tuple(message.blocker_finding_ids),
        majors=tuple(message.major_finding_ids),
        dissent=tuple(
            Dissent(
                panelist_id=dissent.panelist_id,
                position=dissent.position,
                finding_ids=tuple(dissent.finding_ids),
            )
            for dissent in message.dissents
        ),
        policy=message.policy,
    )


def quote_to_proto(quote: Quote) -> turn_pb2.Quote:
    """Return the wire's form of a quote."""
    return turn_pb2.Quote(
        text=quote.text,
        given=quote.given,
        status=QUOTE_STATUSES.to_wire(quote.status),
        method=QUOTE_METHODS.to_wire(quote.method),
        paragraph_id=quote.paragraph_id,
        start=quote.start,
        end=quote.end,
    )


def quote_from_proto(message: turn_pb2.Quote) -> Quote:
    """Return the quote of a message."""
    return Quote(
        text=message.text if message.HasField("text") else None,
        given=message.given,
        status=QUOTE_STATUSES.required(message.status),
        method=QUOTE_METHODS.optional(message.method),
        paragraph_id=message.paragraph_id if message.HasField("paragraph_id") else None,
        start=message.start if message.HasField("start") else None,
        end=message.end if message.HasField("end") else None,
    )
