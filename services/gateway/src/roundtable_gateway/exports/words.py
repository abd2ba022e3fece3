"""The words in which reports tell of a run, as plain text: renderers escape them."""

import re

from roundtable_gateway.domain.decision import Decision, Outcome
from roundtable_gateway.domain.finding import (
    Finding,
    FindingKind,
    Quote,
    QuoteStatus,
    Severity,
    Verdict,
)
from roundtable_gateway.domain.run import Brief, RunSummary, Turn, Usage

REHEARSAL_NOTICE = (
    "Rehearsal: rule-based checks, not AI. Connect Claude for a review by a panel."
)
UNVERIFIED_HEADING = "Not verified: the quoted words were not found in the document"
NO_SCORE = "can't say"
CONTROL = "Control"
_PRAISE = "strength"
# Gravest first.
TONES = (*(severity.value for severity in Severity), _PRAISE)

_OUTCOMES = {
    Outcome.SHIP: "Ship",
    Outcome.FIX_THEN_SHIP: "Fix, then ship",
    Outcome.REWORK: "Rework",
    Outcome.NO_DECISION: "No decision",
}
_REASONS = {
    "BLOCKERS": "verified blockers stand in the way",
    "REQUESTED_CHANGES": "reviewers request changes",
    "LOW_SCORE": "the median score is low",
    "MAJORS": "verified major findings are open",
    "CLEAR": "nothing stands in the way",
    "QUORUM": "too few reviewers finished",
    "SPLIT_PANEL": "the reviewers are too far apart",
}
_VERDICTS = {
    None: "No verdict",
    Verdict.APPROVE: "Approves",
    Verdict.APPROVE_WITH_CHANGES: "Approves with changes",
    Verdict.REQUEST_CHANGES: "Requests changes",
    Verdict.ABSTAIN: "Abstains",
}
_CENT = 0.01
_NOT_OF_WORDS = re.compile(r"[^a-z0-9]+")


def decision_sentence(decision: Decision) -> str:
    """Return the decision and its reason as one sentence."""
    return f"{_OUTCOMES[decision.outcome]}: {_REASONS[decision.reason.value]}."


def current_sentence(decision: Decision) -> str:
    """Return what the decision is once the author's answers count."""
    return f"After the author's answers: {decision_sentence(decision)}"


def roles(run: RunSummary) -> dict[str, str]:
    """Return the roles of the seats by their letters."""
    return {panelist.id: panelist.persona.role for panelist in run.panelists}


def criteria(run: RunSummary) -> dict[str, str]:
    """Return the rubric's words for its criteria by their keys."""
    return {criterion.key: criterion.label for criterion in run.rubric.criteria}


def no_decision_sentence(run: RunSummary) -> str:
    """Say that there is no decision, and where the run stands instead."""
    return f"No decision yet (state {with_reason(run.state.value, run.reason)})."


def score_sentence(decision: Decision) -> str | None:
    """Return the panel's score and how many it comes from; None without a score."""
    if decision.score is None:
        return None
    spread = "" if decision.spread is None else f", spread {decision.spread:g}"
    after = decision.score_after_discussion
    later = "" if after is None else f", {after:g} after the discussion"
    return (
        f"Median score {decision.score:g} of 5{spread}{later}; "
        f"{decision.seats_finished} of {decision.seats} reviewers finished."
    )


def verdict_words(turn: Turn) -> str:
    """Return what an answered turn comes to, without its reason."""
    overall = "no score" if turn.overall is None else f"{turn.overall} of 5"
    return f"{_VERDICTS[turn.verdict]}, {overall}."


def unfinished_sentence(turn: Turn | None) -> str:
    """Say why a seat has no answer; None is a seat that was never asked."""
    if turn is None:
        return "Was not asked."
    return f"Did not finish ({with_reason(turn.state.value, turn.reason)})."


def with_reason(result: str, reason: str | None) -> str:
    """Return a result and its reason, if any, as words that no markup reads."""
    if not reason:
        return result
    return f"{result}: {_NOT_OF_WORDS.sub(' ', reason.lower())}"


def tone(finding: Finding) -> str:
    """Return what a finding is called in front: its severity, or that it is praise."""
    is_praise = finding.kind is FindingKind.STRENGTH
    return _PRAISE if is_praise else finding.severity.value


def quoted_words(quote: Quote) -> str:
    """Return the document's own words, or the panelist's where they were not found."""
    return quote.given if quote.text is None else quote.text


def quote_place(quote: Quote) -> str:
    """Say where a quote stands."""
    if quote.status is QuoteStatus.AMBIGUOUS:
        return "in several places"
    return "not found" if quote.text is None else quote.paragraph_id or ""


def author_words(finding: Finding) -> str:
    """Return the author's answer to a finding and their reason."""
    earlier = finding.rejected_in_run_id
    before = f" (rejected before, in run {earlier})" if earlier else ""
    if not finding.disposition_reason:
        return f"{finding.disposition.value}{before}"
    return f"{finding.disposition.value}{before}: {finding.disposition_reason}"


def brief_words(brief: Brief) -> tuple[tuple[str, str], ...]:
    """Return what the author asked for, as labels and words."""
    asked = (
        ("Read as", (brief.document_type or "").replace("_", " ")),
        ("Audience", brief.audience),
        ("Goal", brief.goal),
        ("Scope", brief.scope),
        ("Instructions", brief.instructions),
    )
    return tuple((label, words) for label, words in asked if words)


def facts(run: RunSummary) -> str:
    """Return how long the document is, how many read it and what answered for them."""
    document = run.document
    told = [
        _plural(document.word_count, "word"),
        _plural(len(run.panelists), "reviewer"),
        f"engine {run.engine.value}",
    ]
    if document.page_count is not None:
        told.insert(0, _plural(document.page_count, "page"))
    if document.revision > 1:
        told.insert(0, f"revision {document.revision}")
    return ", ".join(told)


def usage_sentence(usage: Usage) -> str:
    """Return what the run has used."""
    return (
        f"Used: {_plural(usage.turns, 'turn')}, {usage.input_tokens:,} input tokens "
        f"({usage.cache_read_tokens:,} of them from the cache), "
        f"{usage.output_tokens:,} output tokens, {_cost(usage.cost_usd)}."
    )


def provenance_sentence(run: RunSummary) -> str:
    """Return what tells this run from every other."""
    effort = f" at {run.effort.value} effort" if run.effort else ""
    return (
        f"Run {run.id}, {run.create_time:%Y-%m-%d %H:%M} UTC, "
        f"engine {run.engine.value}{effort}, state {run.state.value}, "
        f"text SHA-256 {run.document.sha256}."
    )


def _cost(cost_usd: float | None) -> str:
    if cost_usd is None:
        return "no cost shown"
    if 0 < cost_usd < _CENT:
        return "less than $0.01"
    return f"${cost_usd:,.2f}"


def _plural(count: int, thing: str) -> str:
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"
