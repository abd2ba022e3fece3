"""The panel's decision as the moderator hears of it."""

from roundtable_gateway.domain.decision import Decision, DecisionReason, Outcome

_OUTCOMES = {
    Outcome.SHIP: "The panel says: send it out",
    Outcome.FIX_THEN_SHIP: "The panel says: mend what is named, then send it out",
    Outcome.REWORK: "The panel says: write it again",
    Outcome.NO_DECISION: "The panel comes to no decision",
}
_REASONS = {
    DecisionReason.BLOCKERS: "verified blockers stand in the way",
    DecisionReason.REQUESTED_CHANGES: "panelists request changes",
    DecisionReason.LOW_SCORE: "the median score is low",
    DecisionReason.MAJORS: "verified major findings are open",
    DecisionReason.CLEAR: "nothing stands in the way",
    DecisionReason.QUORUM: "too few panelists finished",
    DecisionReason.SPLIT_PANEL: "the panelists' scores are too far apart",
}


def decision_sentence(decision: Decision) -> str:
    """Return the decision, its reason and the findings it rests on as one sentence."""
    named = _named_findings(decision)
    ids = f" ({', '.join(named)})" if named else ""
    return f"{_OUTCOMES[decision.outcome]}, as {_REASONS[decision.reason]}{ids}."


def _named_findings(decision: Decision) -> tuple[str, ...]:
    match decision.reason:
        case DecisionReason.BLOCKERS:
            return decision.blockers
        case DecisionReason.MAJORS:
            return decision.majors
        case _:
            return ()
