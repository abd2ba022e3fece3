"""Runs to export: one of every kind of thing, and ones in which all wrote the same."""

import os
from dataclasses import replace
from pathlib import Path

from roundtable_gateway.domain.document import DocumentText, DocumentWarning, Paragraph
from roundtable_gateway.domain.finding import (
    Disposition,
    Finding,
    FindingKind,
    Severity,
    Verdict,
)
from roundtable_gateway.domain.run import (
    Brief,
    Engine,
    ManifestEntry,
    Panelist,
    RunDetail,
    RunState,
    Stage,
    StageResult,
    TurnState,
    Usage,
)
from services.gateway.tests.support.log_samples import (
    ANSWERED_TURN,
    DECISION,
    FINDING,
)
from services.gateway.tests.support.samples import persona, run_summary
from services.gateway.tests.support.stage_samples import stages_added, stages_saying

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</title><img src=https://evil.example/x.png onerror=alert(1)>",
    '" onmouseover="alert(1)" x="',
    "' onfocus='alert(1)' autofocus='",
    "<svg onload=alert(1)><a xlink:href='javascript:alert(1)'>x</a></svg>",
    '<meta http-equiv=refresh content="0;url=https://evil.example">',
    "<!-- --><base href=https://evil.example>",
    "<![CDATA[<iframe src=//evil.example>]]>",
    "![x](https://evil.example/x.png)",
    "[click](javascript:alert(1))",
    "```\ncode",
    "# Decision: Ship\n\n**Ship**",
    "| a | b |",
    "> quoted",
    "- item\r\n- item",
    "a\u2028# b",
    "&lt;b&gt; &#60;i&#62; &amp",
    "***~~bold~~***",
    "\\*escaped\\*",
    "<https://evil.example>",
    "1. Decision: ship",
    "line\x0b## b\x0c## c\x85## d",
    "\u202eevil\u2066",
    "nul\x00 escape\x1b[31m",
]


def whole_run() -> RunDetail:
    """Return a run with findings of every sort, a failed seat and a dissent."""
    unverified = replace(
        FINDING,
        id="B1",
        panelist_id="B",
        severity=Severity.BLOCKER,
        verified=False,
        quotes=FINDING.quotes[1:],
        rewrite=None,
    )
    omission = replace(
        FINDING,
        id="A2",
        kind=FindingKind.OMISSION,
        severity=Severity.BLOCKER,
        quotes=(),
        disposition=Disposition.REJECTED,
        disposition_reason="It's in the annex.",
    )
    praise = replace(
        FINDING,
        id="A3",
        kind=FindingKind.STRENGTH,
        severity=Severity.NOTE,
        quotes=(replace(FINDING.quotes[0], text="never fail.", start=12, end=23),),
        rewrite=None,
    )
    failed = replace(
        ANSWERED_TURN,
        id="run_1-1-B",
        panelist_id="B",
        state=TurnState.FAILED,
        reason="rate_limited",
    )
    summary = run_summary(seats="ABC")
    run = replace(
        summary,
        state=RunState.INCOMPLETE,
        document=replace(
            summary.document,
            warnings=(DocumentWarning("HIDDEN_TEXT", "A line is hidden."),),
        ),
        brief=Brief(document_type="design_doc", audience="Buyers"),
        usage=Usage(1200, 345, 100, 0.25, 2),
        manifest=(
            ManifestEntry(Stage.INTAKE, StageResult.RAN),
            ManifestEntry(Stage.REVIEW, StageResult.FAILED, "SEATS_FAILED"),
        ),
    )
    return RunDetail(
        run,
        (ANSWERED_TURN, failed),
        (FINDING, unverified, praise, omission),
        DECISION,
    )


def whole_roundtable() -> RunDetail:
    """Return the same run with all stages of a roundtable."""
    return stages_added(whole_run())


def text_of(*paragraphs: str) -> DocumentText:
    """Return a text of these paragraphs."""
    placed, start = [], 0
    for number, words in enumerate(paragraphs, 1):
        placed.append(Paragraph(f"P{number}", start, start + len(words)))
        start += len(words) + 2
    return DocumentText("\n\n".join(paragraphs), tuple(placed))


def hostile_everywhere(text: str) -> tuple[RunDetail, DocumentText]:
    """Return a run and its document in which everybody wrote the same."""
    finding = _finding_of(text)
    turn = replace(
        ANSWERED_TURN,
        text=text,
        verdict_reason=text,
        not_assessed=(text,),
        verdict=Verdict.ABSTAIN,
        scores=(replace(ANSWERED_TURN.scores[0], rationale=text, criterion=text),),
        model=text,
    )
    (dissent,) = DECISION.dissent
    decision = replace(
        DECISION,
        dissent=(replace(dissent, position=text, finding_ids=(text, finding.id)),),
    )
    summary = run_summary(engine=Engine.CLAUDE)
    run = replace(
        summary,
        document=replace(
            summary.document,
            title=text,
            warnings=(DocumentWarning("HIDDEN_TEXT", text),),
        ),
        panelists=(
            Panelist("A", replace(persona(), name=text, role=text), text),
            Panelist("B", replace(persona(), name=text, role=text), text),
        ),
        brief=Brief(text, text, text, text, text),
        rubric=replace(
            summary.rubric,
            criteria=tuple(
                replace(each, label=text) for each in summary.rubric.criteria
            ),
        ),
    )
    detail = RunDetail(run, (turn,), (finding,), decision)
    return stages_saying(text, detail), text_of(text, "Next.", text)


def _finding_of(text: str) -> Finding:
    quote = replace(FINDING.quotes[0], text=text, given=text, end=len(text))
    return replace(
        FINDING,
        kind=FindingKind.OMISSION,
        title=text,
        criterion=text,
        quotes=(quote, replace(FINDING.quotes[1], given=text)),
        searched_for=(text, text),
        impact=text,
        affected_reader=text,
        fix=text,
        rewrite=text,
        would_change_mind_if=text,
        disposition=Disposition.DEFERRED,
        disposition_reason=text,
    )


def check_golden(rendered: str, path: Path) -> None:
    """Hold a text against its file; UPDATE_GOLDEN=1 writes it anew, to be reviewed."""
    content = rendered.encode()
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(content)
    assert content == path.read_bytes()
