"""The contract's words in the user's."""

from roundtable_cli.run import Finding

OUTCOMES = {
    "ship": "Ship it",
    "fix_then_ship": "Fix, then ship",
    "rework": "Rework",
    "no_decision": "No decision",
}
DECISION_REASONS = {
    "BLOCKERS": "standing blockers",
    "REQUESTED_CHANGES": "panelists request changes",
    "LOW_SCORE": "the score is low",
    "MAJORS": "open major findings",
    "CLEAR": "nothing stands in the way",
    "QUORUM": "too few panelists finished",
    "SPLIT_PANEL": "the panel is split",
}
ENGINES = {
    "claude": "Claude",
    "endpoint": "the model endpoint that you set",
    "rehearsal": "rehearsal: rule-based checks, not AI",
}
MOVES = {
    "support": "stands by it",
    "challenge": "speaks against it",
    "refine": "puts it otherwise",
    "concede": "gives way",
    "add_evidence": "shows more of it",
}
REHEARSAL_NOTICE = (
    "This is a rehearsal: rule-based checks of the text answered, not AI. "
    "For a real panel, give the runner a Claude account and run it again."
)
SEVERITIES = ("blocker", "major", "minor", "note")


def engine_in_words(engine: str | None) -> str:
    """Return which engine speaks, for a line of its own."""
    return "not known yet" if engine is None else ENGINES.get(engine, engine)


def finding_in_a_line(finding: Finding) -> str:
    """Return a finding's gist: how grave, what, where."""
    where = " ".join(finding.paragraph_ids)
    doubt = "" if finding.is_verified else ", unverified"
    place = f" [{where}]" if where else ""
    return f"{finding.severity} {finding.kind}{doubt}: {finding.title}{place}"


def by_severity(finding: Finding) -> int:
    """Rank findings, the gravest first; a severity not known here comes last."""
    if finding.severity in SEVERITIES:
        return SEVERITIES.index(finding.severity)
    return len(SEVERITIES)
