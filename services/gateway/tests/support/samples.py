"""Sample objects of the domain, as small as they can be and whole."""

from datetime import UTC, datetime, timedelta

from roundtable_gateway.conductor.parts import (
    EndPart,
    FindingDraft,
    FindingPart,
    QuoteDraft,
    ReviewResult,
    ScoreDraft,
    TextPart,
    TurnFailure,
    TurnPart,
)
from roundtable_gateway.domain.document import Document, DocumentText, Paragraph
from roundtable_gateway.domain.persona import (
    Anchor,
    Criterion,
    Method,
    Persona,
    Rubric,
)
from roundtable_gateway.domain.run import (
    Brief,
    Budget,
    Engine,
    Mode,
    Panelist,
    RunState,
    RunSummary,
    Stage,
    Usage,
)

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
TEXT = "Our backups never fail.\n\nShip it by Friday."
DOCUMENT_TEXT = DocumentText(
    TEXT, (Paragraph("P1", 0, 23), Paragraph("P2", 25, len(TEXT)))
)
DOCUMENT = Document(
    id="doc_1",
    title="Backup plan",
    filename="plan.md",
    media_type="text/markdown",
    size_bytes=len(TEXT),
    sha256="0" * 64,
    page_count=None,
    word_count=8,
    paragraph_count=2,
    warnings=(),
    revision=1,
    revision_of=None,
    create_time=NOW,
)
RUBRIC = Rubric(
    "other",
    (
        Criterion("evidence", "Evidence", "Is it shown?", (Anchor(1, "No."),)),
        Criterion("clarity", "Clarity", "Is it clear?", (Anchor(5, "Yes."),)),
    ),
)


def persona(persona_id: str = "ciso") -> Persona:
    """Return a persona."""
    return Persona(
        id=persona_id,
        version=1,
        name="Robin",
        role="Chief information security officer",
        pack="security_buyers",
        summary="Buys with care.",
        background="",
        priorities=("Recovery",),
        pet_peeves=(),
        objections=(),
        convinced_by="A restore report.",
        voice="Dry.",
        influences="",
        authority="",
        owns=("evidence",),
        ignores=(),
        questions=("Who restores it?",),
        method=Method.ATTACK,
        strictness=4,
        built_in=True,
        etag="1",
    )


def run_summary(
    run_id: str = "run_1",
    *,
    seats: str = "A",
    budget: Budget | None = None,
    engine: Engine = Engine.REHEARSAL,
) -> RunSummary:
    """Return a run as created, with one seat a letter."""
    return RunSummary(
        id=run_id,
        state=RunState.PENDING,
        reason=None,
        stage=Stage.INTAKE,
        pause=None,
        queue_position=None,
        engine=engine,
        effort=None,
        mode=Mode.REVIEW,
        discussion_rounds=0,
        control=False,
        brief=Brief(document_type="other"),
        budget=budget or Budget(),
        document=DOCUMENT,
        panelists=tuple(Panelist(letter, persona(), None) for letter in seats),
        rubric=RUBRIC,
        usage=Usage(),
        manifest=(),
        last_sequence=1,
        create_time=NOW,
        start_time=None,
        end_time=None,
        reopen_time=None,
    )


def draft(title: str = "Absolute claim", *, severity: str = "major") -> FindingDraft:
    """Return a finding as a model gives it, on words of the sample document."""
    return FindingDraft(
        kind="risk",
        title=title,
        severity=severity,
        criterion="evidence",
        paragraph_ids=("P1",),
        quotes=(QuoteDraft("Our backups never fail.", "P1"),),
        searched_for=(),
        impact="Readers doubt it.",
        affected_reader="Buyers",
        fix="Say how often they were restored.",
        rewrite=None,
        fix_kind="meaning",
        confidence=80,
        would_change_mind_if="There were a report.",
    )


def result(
    *findings: FindingDraft,
    verdict: str = "approve_with_changes",
    overall: int | None = 4,
) -> ReviewResult:
    """Return an answer, whole."""
    return ReviewResult(
        text="I would ask for proof.",
        findings=findings,
        scores=(ScoreDraft("evidence", overall, (1, 7), "One claim."),),
        overall=overall,
        verdict=verdict,
        verdict_reason="Nearly there.",
        not_assessed=("Costs",),
    )


def answer(
    *findings: FindingDraft,
    words: int = 2,
    kept: tuple[FindingDraft, ...] | None = None,
    usage: Usage | None = None,
) -> list[TurnPart]:
    """Return the parts of an attempt that is answered.

    Args:
        findings: The findings on the way.
        words: How many text parts come first.
        kept: The findings of the result, where they differ from those on the way.
        usage: What the attempt used.
    """
    parts: list[TurnPart] = [TextPart(i, f"word{i} ", 1) for i in range(words)]
    parts += [FindingPart(words + i, each) for i, each in enumerate(findings)]
    outcome = result(*(findings if kept is None else kept))
    used = usage or Usage(input_tokens=10, output_tokens=5, cost_usd=0.5)
    return [*parts, EndPart(len(parts), outcome, used)]


def failure(
    reason: str,
    *findings: FindingDraft,
    retry_delay: timedelta | None = None,
) -> list[TurnPart]:
    """Return the parts of an attempt that fails behind a word and some findings."""
    parts: list[TurnPart] = [TextPart(0, "word ", 1)]
    parts += [FindingPart(1 + i, each) for i, each in enumerate(findings)]
    outcome = TurnFailure(reason, retry_delay)
    return [*parts, EndPart(len(parts), outcome, Usage(input_tokens=1))]


def refusal(reason: str, retry_delay: timedelta | None = None) -> list[TurnPart]:
    """Return the parts of an attempt that its account does not let in."""
    return [EndPart(0, TurnFailure(reason, retry_delay), Usage())]
