"""A run in short, in words; what others wrote stands fenced at its end."""

import json
from collections.abc import Iterator

from roundtable_cli.mcp.results import FindingEntry, RunReport, Untrusted
from roundtable_cli.mcp.untrusted import fenced
from roundtable_cli.render.words import (
    DECISION_REASONS,
    OUTCOMES,
    REHEARSAL_NOTICE,
    engine_in_words,
)


def in_words(report: RunReport, *, offset: int = 0) -> str:
    """Return a report as text for an agent to read."""
    own = "\n".join(_own_words(report, offset))
    whole = report.untrusted.whole_run
    others = (
        "\n".join(_others_words(report.untrusted, offset))
        if whole is None
        else json.dumps(whole, ensure_ascii=False)
    )
    return f"{own}\n\n{fenced(others)}"


def _own_words(report: RunReport, offset: int) -> Iterator[str]:
    because = f" ({report.reason})" if report.reason else ""
    stage = "" if report.has_ended or not report.stage else f", stage {report.stage}"
    yield f"Run {report.run_id}: {report.state}{because}{stage}."
    yield f"Engine: {engine_in_words(report.engine)}."
    if report.is_rehearsal:
        yield REHEARSAL_NOTICE
    if report.pause is not None:
        until = report.pause.resume_time
        when = f"until {until}" if until else "until that is mended"
        yield f"It is paused ({report.pause.reason}) {when}."
    yield from _decision(report)
    for turn in report.failed_turns:
        who = f"Panelist {turn.panelist_id}" if turn.panelist_id else "The panel"
        yield f"{who}: {turn.kind} failed ({turn.reason})."
    yield _extent(report, offset)
    if report.usage.cost_usd is not None:
        yield f"Cost: {report.usage.cost_usd:.2f} USD."
    if report.document_path is not None:
        yield f"Document read from {report.document_path}."
    yield f"For the user: {report.address}"
    yield report.next_step


def _decision(report: RunReport) -> Iterator[str]:
    decision = report.decision
    if decision is None:
        if report.has_ended:
            yield "Decision: none was reached."
        return
    outcome = OUTCOMES.get(decision.outcome, decision.outcome)
    reason = DECISION_REASONS.get(decision.reason, decision.reason)
    score = "no score" if decision.score is None else f"score {decision.score:g} of 5"
    spread = "" if decision.spread is None else f", spread {decision.spread:g}"
    yield (
        f"Decision: {outcome} ({reason}); {score}{spread}; "
        f"{decision.seats_finished} of {decision.seats} panelists finished."
    )


def _extent(report: RunReport, offset: int) -> str:
    if report.findings_total == 0:
        return "No findings."
    counts = ", ".join(f"{n} {s}" for s, n in report.findings_by_severity.items())
    total = f"{report.findings_total} findings ({counts or 'strengths only'})"
    shown = len(report.untrusted.findings)
    if shown == 0:
        return f"{total}; none of them below."
    return f"{total}; below: {offset + 1} to {offset + shown}."


def _others_words(untrusted: Untrusted, offset: int) -> Iterator[str]:
    yield f"Document: {untrusted.document_title}"
    if untrusted.synthesis:
        yield f"Synthesis: {untrusted.synthesis}"
    for number, finding in enumerate(untrusted.findings, start=offset + 1):
        yield from _finding(number, finding)
    for dissent in untrusted.dissent:
        yield f"Dissent of {dissent.panelist}: {dissent.position}"


def _finding(number: int, finding: FindingEntry) -> Iterator[str]:
    doubt = "" if finding.is_verified else " (unverified: moves nothing)"
    yield f"{number}. {finding.severity} {finding.kind}{doubt}: {finding.title}"
    place = " ".join(finding.paragraph_ids)
    by = ", ".join(finding.panelists)
    yield f"   {place} · {by}" if place else f"   {by}"
    for title in finding.also_said:
        yield f"   also said: {title}"
    for quote in finding.quotes:
        doubt = "" if quote.is_found else " (not found in the document)"
        yield f"   “{quote.words}”{doubt}"
    if finding.impact:
        yield f"   Why it matters: {finding.impact}"
    if finding.fix:
        yield f"   Fix: {finding.fix}"
    if finding.rewrite:
        yield f"   Say instead: {finding.rewrite}"
