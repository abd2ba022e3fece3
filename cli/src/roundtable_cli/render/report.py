"""The result of a run: decision, findings by severity, dissent."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from roundtable_cli.points import Point, points_of
from roundtable_cli.printable import one_line
from roundtable_cli.render.words import (
    DECISION_REASONS,
    MOVES,
    OUTCOMES,
    REHEARSAL_NOTICE,
)
from roundtable_cli.run import (
    REHEARSAL,
    AgendaItem,
    Decision,
    Finding,
    Quote,
    Run,
    Sentence,
    Stance,
    Synthesis,
)

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
    if run.synthesis:
        yield from _synthesis(run.synthesis)
    points = points_of(run)
    wrong = [point for point in points if point.lead.kind != "strength"]
    verified = [point for point in wrong if point.lead.is_verified]
    unverified = [point for point in wrong if not point.lead.is_verified]
    strengths = [point for point in points if point.lead.kind == "strength"]
    yield from _section("Findings", verified, names)
    yield from _section(
        "Unverified",
        unverified,
        names,
        remark=": no evidence found in the document, so they move nothing",
    )
    yield from _section("Strengths", strengths, names)
    yield from _agenda(run.agenda, names)
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
    after = decision.score_after_discussion
    moved = "" if after is None else f", {after:g} after the discussion"
    return f"Score {decision.score:g} of 5{spread}{moved}; {seats}"


def _synthesis(synthesis: Synthesis) -> Iterator[Text]:
    yield Text()
    yield Text("In short", style="bold")
    yield from map(_sentence, synthesis.sentences)
    if synthesis.minority:
        yield Text("A minority holds against it", style="bold")
        yield from map(_sentence, synthesis.minority)
    if synthesis.not_examined:
        yield Text("What nobody examined", style="bold")
        yield from (_safe(f"- {gap}") for gap in synthesis.not_examined)


def _sentence(sentence: Sentence) -> Text:
    return _safe(f"- {sentence.text} [{', '.join(sentence.finding_ids)}]")


def _agenda(agenda: Sequence[AgendaItem], names: dict[str, str]) -> Iterator[Text]:
    if not agenda:
        return
    yield Text()
    yield Text(f"Where they disagreed ({len(agenda)})", style="bold")
    for item in agenda:
        yield _safe(f"{item.id}. {item.question}")
        for stance in item.stances:
            yield _stance(stance, names.get(stance.panelist_id, stance.panelist_id))


def _stance(stance: Stance, who: str) -> Text:
    move = MOVES.get(stance.move, stance.move)
    before, after = stance.severity_before, stance.severity_after
    change = f", from {before} to {after}" if before and after != before else ""
    label = ""
    if stance.is_change and not stance.is_evidenced:
        label = " (changed without new evidence: moves nothing)"
    return _safe(f"{who} {move}{change}: {stance.argument}{label}", indent=3)


def _section(
    heading: str, points: Sequence[Point], names: dict[str, str], *, remark: str = ""
) -> Iterator[Text]:
    if not points:
        return
    count = sum(len(point.findings) for point in points)
    extent = f"{count}" if count == len(points) else f"{count} in {_points(points)}"
    yield Text()
    yield Text(f"{heading} ({extent}){remark}", style="bold")
    for number, point in enumerate(points, start=1):
        by_all = dict.fromkeys(
            names.get(finding.panelist_id or "", "the control")
            for finding in point.findings
        )
        yield from _finding(number, point.lead, ", ".join(by_all))
        for title in point.other_titles:
            yield _safe(f"also said: {title}", indent=3, style="dim")


def _points(points: Sequence[Point]) -> str:
    return "1 point" if len(points) == 1 else f"{len(points)} points"


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
