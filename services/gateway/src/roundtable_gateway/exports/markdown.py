"""A run as a Markdown report. What a model or an author wrote is escaped."""

import re
from collections.abc import Iterable, Iterator

from roundtable_gateway.domain.decision import Decision, Outcome
from roundtable_gateway.domain.finding import (
    Disposition,
    Finding,
    FindingKind,
    Quote,
    Severity,
)
from roundtable_gateway.domain.run import Engine, RunDetail, Turn, TurnState

REHEARSAL_NOTICE = (
    "Rehearsal: rule-based checks, not AI. Connect Claude for a review by a panel."
)

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
_SEVERITY_ORDER = list(Severity)
_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+!|~&-])")
_NUMBER_OF_ITEM = re.compile(r"^(\d+)\.")
_LINE_BREAKS = re.compile(r"\s*[\r\n\x0b\x0c\x85\u2028\u2029]\s*")


def report(detail: RunDetail) -> str:
    """Return the report: decision, findings by severity, reviewers, manifest."""
    return "\n".join(_lines(detail)) + "\n"


def _lines(detail: RunDetail) -> Iterator[str]:
    run = detail.run
    yield f"# {_text(run.document.title)}"
    yield ""
    if run.engine is Engine.REHEARSAL:
        yield f"> **{REHEARSAL_NOTICE}**"
        yield ""
    yield from _decision_lines(detail)
    names = {panelist.id: panelist.persona.role for panelist in run.panelists}
    verified = [finding for finding in detail.findings if finding.verified]
    unverified = [finding for finding in detail.findings if not finding.verified]
    yield from _finding_lines("Findings", verified, names)
    yield from _finding_lines(
        "Not verified: the quoted words were not found in the document",
        unverified,
        names,
    )
    yield "## Reviewers"
    yield ""
    for turn in detail.turns:
        yield from _turn_lines(turn, names)
    yield "## What ran"
    yield ""
    for entry in run.manifest:
        because = f" ({_text(entry.reason)})" if entry.reason else ""
        yield f"- {entry.stage.value}: {entry.result.value}{because}"
    yield ""
    effort = f" at {run.effort.value} effort" if run.effort else ""
    yield (
        f"Run {run.id}, {run.create_time:%Y-%m-%d %H:%M} UTC, "
        f"engine {run.engine.value}{effort}, state {run.state.value}, "
        f"text SHA-256 {run.document.sha256}."
    )


def _decision_lines(detail: RunDetail) -> Iterator[str]:
    decision = detail.decision
    if decision is None:
        reason = f": {_text(detail.run.reason)}" if detail.run.reason else ""
        yield f"**No decision yet** (state {detail.run.state.value}{reason})."
        yield ""
        return
    yield f"**{sentence(decision)}**"
    yield ""
    if decision.score is not None:
        spread = f", spread {decision.spread:g}" if decision.spread is not None else ""
        yield (
            f"Median score {decision.score:g} of 5{spread}; "
            f"{decision.seats_finished} of {decision.seats} reviewers finished."
        )
        yield ""
    if decision.dissent:
        yield "## Minority report"
        yield ""
        for dissent in decision.dissent:
            ids = ", ".join(dissent.finding_ids)
            about = f" ({_text(ids)})" if ids else ""
            yield f"- **{dissent.panelist_id}**: {_text(dissent.position)}{about}"
        yield ""


def sentence(decision: Decision) -> str:
    """Return the decision and its reason as one sentence."""
    return f"{_OUTCOMES[decision.outcome]}: {_REASONS[decision.reason.value]}."


def _finding_lines(
    heading: str, findings: Iterable[Finding], names: dict[str, str]
) -> Iterator[str]:
    ranked = sorted(findings, key=lambda f: _SEVERITY_ORDER.index(f.severity))
    if not ranked:
        return
    yield f"## {heading}"
    yield ""
    for finding in ranked:
        yield f"### {finding.severity.value}: {_text(finding.title)}"
        yield ""
        role = _text(names.get(finding.panelist_id, finding.panelist_id))
        yield (
            f"{_text(finding.id)}, {finding.kind.value}, {_text(finding.criterion)}, "
            f"by {role}"
        )
        yield ""
        for quote in finding.quotes:
            yield f"> {_quote(quote)}"
            yield ""
        if finding.kind is FindingKind.OMISSION and finding.searched_for:
            yield f"Searched for: {_text(', '.join(finding.searched_for))}."
            yield ""
        yield f"{_text(finding.impact)}"
        yield ""
        yield f"**Fix:** {_text(finding.fix)}"
        yield ""
        if finding.rewrite:
            yield f"**Rewrite:** {_text(finding.rewrite)}"
            yield ""
        if finding.disposition is not Disposition.OPEN:
            yield f"**Author:** {finding.disposition.value}"
            yield ""


def _quote(quote: Quote) -> str:
    if quote.text is None:
        return f"{_text(quote.given)} (not found)"
    return f"{_text(quote.text)} ({_text(quote.paragraph_id or '')})"


def _turn_lines(turn: Turn, names: dict[str, str]) -> Iterator[str]:
    role = _text(names.get(turn.panelist_id or "", "Reader"))
    verdict = turn.verdict.value.replace("_", " ") if turn.verdict else "no verdict"
    yield f"### {turn.panelist_id}: {role}"
    yield ""
    if turn.state is not TurnState.SUCCEEDED:
        reason = f": {_text(turn.reason)}" if turn.reason else ""
        yield f"Did not finish ({turn.state.value}{reason})."
        yield ""
        return
    overall = f"{turn.overall} of 5" if turn.overall is not None else "no score"
    yield f"{verdict}, {overall}. {_text(turn.verdict_reason)}"
    yield ""
    for score in turn.scores:
        mark = f"{score.score} of 5" if score.score is not None else "can't say"
        yield f"- {_text(score.criterion)}: {mark}. {_text(score.rationale)}"
    yield ""
    yield _text(turn.text)
    yield ""


def _text(text: str) -> str:
    """Return foreign text on one line, with no markup that would be read as such."""
    line = _MARKUP.sub(r"\\\1", _LINE_BREAKS.sub(" ", text.strip()))
    return _NUMBER_OF_ITEM.sub(r"\1\\.", line)
