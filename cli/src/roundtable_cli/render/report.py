"""The result of a run: decision, findings by severity, dissent."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from roundtable_cli.printable import one_line
from roundtable_cli.render.words import (
    DECISION_REASONS,
    OUTCOMES,
    REHEARSAL_NOTICE,
    by_severity,
)
from roundtable_cli.run import REHEARSAL, Decision, Finding, Quote, Run

_OUTCOME_STYLES = {"ship": "green", "fix_then_ship": "yellow", "rework": "red"}
_SEVERITY_STYLES = {"blocker": "red", "major": "yellow", "minor": "cyan"}


def print_report(run: Run, *, console: Console, address: str | None) -> None:
    """Print a run that has ended.

    Args:
        run: The run, whole.
        console: Where to; coloured and wrapped if it is a terminal.
        address: Where the run is to be read in full, if it can be.
    """
    for line in _report(run, address):
        if console.is_terminal:
            console.print(_hanging(line))
        else:
            # A pipe gets each line whole: what reads it knows no width.
            console.print(line, soft_wrap=True)


def _report(run: Run, address: str | None) -> Iterator[Text]:
    names = {panelist.id: panelist.label for panelist in run.panelists}
    yield Text()
    yield _safe(run.document_title, style="bold")
    if run.engine == REHEARSAL:
        yield Text(REHEARSAL_NOTICE, style="magenta")
    yield from _outcome(run)
    strengths = [f for f in run.findings if f.kind == "strength"]
    points = sorted((f for f in run.findings if f.kind != "strength"), key=by_severity)
    verified = [finding for finding in points if finding.is_verified]
    unverified = [finding for finding in points if not finding.is_verified]
    yield from _section(f"Findings ({len(verified)})", verified, names)
    yield from _section(
        f"Unverified ({len(unverified)}): no evidence found in the document, "
        "so they move nothing",
        unverified,
        names,
    )
    yield from _section(f"Strengths ({len(strengths)})", strengths, names)
    if run.decision:
        yield from _dissent(run.decision, names)
    yield Text()
    if run.cost_usd is not None:
        yield Text(f"Cost: {run.cost_usd:.2f} USD")
    if address is not None:
        yield _safe(f"In full: {address}")


def _hanging(line: Text) -> Padding:
    indent = len(line.plain) - len(line.plain.lstrip())
    return Padding(line[indent:], (0, 0, 0, indent), expand=False)


def _outcome(run: Run) -> Iterator[Text]:
    if run.state != "succeeded":
        because = f": {run.reason}" if run.reason else ""
        yield _safe(f"The run is {run.state}{because}", style="red")
    for turn in run.failed_turns:
        who = next(
            (p.label for p in run.panelists if p.id == turn.panelist_id), "The panel"
        )
        yield _safe(f"{who}: {turn.kind} failed ({turn.reason})", indent=2)
    decision = run.decision
    if decision is None:
        yield Text("Decision: none was reached", style="bold")
        return
    outcome = OUTCOMES.get(decision.outcome, decision.outcome)
    reason = DECISION_REASONS.get(decision.reason, decision.reason)
    style = f"bold {_OUTCOME_STYLES.get(decision.outcome, 'default')}"
    yield _safe(f"Decision: {outcome} ({reason})", style=style)
    yield Text(_score(decision))


def _score(decision: Decision) -> str:
    seats = f"{decision.seats_finished} of {decision.seats} panelists finished"
    if decision.score is None:
        return f"No score; {seats}"
    spread = "" if decision.spread is None else f", spread {decision.spread:g}"
    return f"Score {decision.score:g} of 5{spread}; {seats}"


def _section(
    heading: str, findings: Sequence[Finding], names: dict[str, str]
) -> Iterator[Text]:
    """Yield the findings; those that say the same word for word stand as one."""
    if not findings:
        return
    yield Text()
    yield Text(heading, style="bold")
    voices: dict[Finding, list[str]] = {}
    for finding in findings:
        by = names.get(finding.panelist_id, "the control")
        voices.setdefault(replace(finding, id="", panelist_id=""), []).append(by)
    for number, (finding, by_all) in enumerate(voices.items(), start=1):
        yield from _finding(number, finding, ", ".join(by_all))


def _finding(number: int, finding: Finding, by: str) -> Iterator[Text]:
    head = Text(f"{number}. ")
    style = _SEVERITY_STYLES.get(finding.severity, "default")
    head.append(one_line(finding.severity.upper()), style=style)
    head.append(f" {one_line(f'{finding.kind}: {finding.title}')}")
    yield head
    paragraphs = " ".join(finding.paragraph_ids)
    yield _safe(f"{paragraphs} · {by}" if paragraphs else by, indent=3, style="dim")
    for quote in finding.quotes:
        yield _quote(quote)
    if finding.searched_for:
        yield _safe(f"looked for: {', '.join(finding.searched_for)}", indent=3)
    if finding.impact:
        yield _safe(f"Why it matters: {finding.impact}", indent=3)
    if finding.fix:
        yield _safe(f"Fix: {finding.fix}", indent=3)
    if finding.rewrite:
        yield _safe(f"Say instead: {finding.rewrite}", indent=3)


def _quote(quote: Quote) -> Text:
    place = f"{quote.paragraph_id} " if quote.paragraph_id else ""
    doubt = "" if quote.is_found else " (not found in the document)"
    return _safe(f"{place}“{one_line(quote.words)}”{doubt}", indent=3, style="italic")


def _dissent(decision: Decision, names: dict[str, str]) -> Iterator[Text]:
    if not decision.dissent:
        return
    yield Text()
    yield Text(f"Dissent ({len(decision.dissent)})", style="bold")
    for dissent in decision.dissent:
        who = names.get(dissent.panelist_id, dissent.panelist_id)
        yield _safe(f"- {who}: {dissent.position}")


def _safe(text: str, *, indent: int = 0, style: str = "") -> Text:
    return Text(" " * indent + one_line(text), style=style)
