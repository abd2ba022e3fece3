"""A run in short, from the API's Run."""

from collections.abc import Iterable

from roundtable_cli.mcp.results import (
    DecisionEntry,
    DissentEntry,
    FailedTurnEntry,
    FindingEntry,
    PanelistEntry,
    PauseEntry,
    QuoteEntry,
    RunReport,
    Untrusted,
    UsageEntry,
    read_as,
)
from roundtable_cli.mcp.untrusted import cleaned
from roundtable_cli.points import Point, points_of
from roundtable_cli.render.words import SEVERITIES
from roundtable_cli.run import REHEARSAL, Decision, Run

_ENDED = frozenset({"succeeded", "incomplete", "failed", "cancelled"})
_LONGEST_REMARK = 600


def has_ended(run: Run) -> bool:
    """Tell whether the run's last opening has ended."""
    return run.state in _ENDED


def report_of(
    run: Run, server: str, *, offset: int, limit: int, document_path: str | None = None
) -> RunReport:
    """Return the run in short, with some of its findings.

    Args:
        run: The run, with its lists or without.
        server: The gateway's URL.
        offset: How many findings to pass over, the gravest come first.
        limit: How many to take.
        document_path: The file that was read for it.
    """
    findings = _entries(run)
    taken = findings[offset : offset + limit]
    rest = offset + len(taken)
    next_offset = rest if rest < len(findings) else None
    return RunReport(
        run_id=run.id,
        state=run.state,
        has_ended=has_ended(run),
        reason=run.reason,
        stage=run.json.get("stage"),
        pause=_pause(run),
        mode=run.json.get("mode"),
        engine=run.engine,
        is_rehearsal=run.engine == REHEARSAL,
        address=f"{server}/runs/?id={run.id}",
        document_path=document_path,
        decision=None if run.decision is None else _decision(run.decision),
        panelists=[
            PanelistEntry(id=seat.id, name=seat.name, model=seat.model)
            for seat in run.panelists
        ],
        failed_turns=[
            FailedTurnEntry(
                panelist_id=turn.panelist_id, kind=turn.kind, reason=turn.reason
            )
            for turn in run.failed_turns
        ],
        usage=read_as(UsageEntry, run.json.get("usage", {})),
        findings_by_severity=_counts(findings),
        findings_total=len(findings),
        next_findings_offset=next_offset,
        next_step=_next_step(run, next_offset),
        untrusted=_untrusted(run, taken),
    )


def whole_report_of(run: Run, server: str) -> RunReport:
    """Return the run in short with the API's Run, whole, instead of findings."""
    report = report_of(run, server, offset=0, limit=0)
    untrusted = report.untrusted.model_copy(update={"whole_run": cleaned(run.json)})
    return report.model_copy(
        update={"untrusted": untrusted, "next_findings_offset": None}
    )


def _untrusted(run: Run, findings: Iterable[FindingEntry]) -> Untrusted:
    synthesis = run.json.get("synthesis") or {}
    names = {panelist.id: panelist.label for panelist in run.panelists}
    dissent = run.decision.dissent if run.decision else ()
    return Untrusted(
        document_title=run.document_title,
        synthesis=synthesis.get("text"),
        findings=list(findings),
        dissent=[
            DissentEntry(
                panelist=names.get(seat.panelist_id, seat.panelist_id),
                position=_clipped(seat.position),
            )
            for seat in dissent
        ],
    )


def _entries(run: Run) -> list[FindingEntry]:
    names = {panelist.id: panelist.label for panelist in run.panelists}
    return [_entry(point, names) for point in points_of(run)]


def _entry(point: Point, names: dict[str, str]) -> FindingEntry:
    said = point.lead
    return FindingEntry(
        finding_ids=[finding.id for finding in point.findings],
        panelists=list(
            dict.fromkeys(
                names.get(finding.panelist_id or "", "the control reader")
                for finding in point.findings
            )
        ),
        also_said=list(point.other_titles),
        severity=said.severity,
        kind=said.kind,
        is_verified=said.is_verified,
        title=said.title,
        paragraph_ids=list(said.paragraph_ids),
        quotes=[
            QuoteEntry(
                words=_clipped(quote.words),
                is_found=quote.is_found,
                paragraph_id=quote.paragraph_id,
            )
            for quote in said.quotes
        ],
        impact=_clipped(said.impact),
        fix=_clipped(said.fix),
        # Whole: half a rewrite in a document would be worse than none.
        rewrite=said.rewrite,
    )


def _clipped(text: str) -> str:
    return text if len(text) <= _LONGEST_REMARK else text[: _LONGEST_REMARK - 1] + "…"


def _counts(findings: list[FindingEntry]) -> dict[str, int]:
    severities = [f.severity for f in findings if f.kind != "strength"]
    return {s: severities.count(s) for s in SEVERITIES if s in severities}


def _decision(decision: Decision) -> DecisionEntry:
    return DecisionEntry(
        outcome=decision.outcome,
        reason=decision.reason,
        score=decision.score,
        spread=decision.spread,
        seats=decision.seats,
        seats_finished=decision.seats_finished,
    )


def _pause(run: Run) -> PauseEntry | None:
    pause = run.json.get("pause")
    return None if pause is None else read_as(PauseEntry, pause)


def _next_step(run: Run, next_offset: int | None) -> str:
    if not has_ended(run):
        return f"The run goes on. follow_run with run_id {run.id} waits for its end."
    if next_offset is not None:
        return (
            f"There are more findings: get_run with run_id {run.id} and "
            f"findings_offset {next_offset}."
        )
    if run.decision is None:
        return "No decision was reached; the run's page says what failed."
    return f"export_run with run_id {run.id} gives a report to keep."
