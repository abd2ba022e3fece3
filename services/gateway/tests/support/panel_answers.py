"""What a panel says beyond its reviews, as a runner tells it."""

from dataclasses import replace

from roundtable_gateway.conductor.parts import (
    AnswerResult,
    CitedSentence,
    ClusterResult,
    DiscussionResult,
    EndPart,
    FindingDraft,
    FindingRepair,
    PairAnswer,
    QuoteDraft,
    RepairResult,
    ReviewResult,
    StatementDraft,
    SynthesisResult,
    TextPart,
    TurnPart,
    TurnResult,
)
from roundtable_gateway.domain.run import Mode, RunSummary, Usage
from services.gateway.tests.support.samples import draft, run_summary

# The price of a turn beyond the reviews.
PRICE = Usage(input_tokens=3, output_tokens=2, cost_usd=0.25)


def roundtable(seats: str = "AB", *, rounds: int = 1) -> RunSummary:
    """Return a run of the whole process, without a control."""
    run = run_summary(seats=seats)
    return replace(run, mode=Mode.ROUNDTABLE, discussion_rounds=rounds)


def said(result: TurnResult, *, words: int = 0) -> list[TurnPart]:
    """Return the parts of an attempt that is answered, some words first."""
    parts: list[TurnPart] = [TextPart(i, f"word{i} ", 1) for i in range(words)]
    return [*parts, EndPart(words, result, PRICE)]


def made_up(title: str = "Made up") -> FindingDraft:
    """Return a finding whose words are not the document's."""
    return replace(
        draft(title), quotes=(QuoteDraft("Nothing of the sort here.", None),)
    )


def repaired(*repairs: FindingRepair) -> list[TurnPart]:
    """Return the parts of a repair."""
    return said(RepairResult(repairs))


def found(number: int = 1, text: str = "Ship it by Friday.") -> FindingRepair:
    """Return a repair with other words."""
    return FindingRepair(number, (QuoteDraft(text, None),), is_withdrawn=False)


def taken_back(number: int = 1) -> FindingRepair:
    """Return a repair that withdraws."""
    return FindingRepair(number, (), is_withdrawn=True)


def same(*numbers: int) -> list[TurnPart]:
    """Return the parts of an answer that one fix resolves some pairs."""
    answers = tuple(PairAnswer(n, is_same=True, reason="One cause.") for n in numbers)
    return said(ClusterResult(answers))


def statement(
    finding_id: str = "A1",
    *,
    move: str = "challenge",
    stance: str = "disagree",
    severity: str = "",
    quote: str | None = None,
    item_id: str = "I1",
) -> StatementDraft:
    """Return a panelist's word on an item."""
    quotes = () if quote is None else (QuoteDraft(quote, None),)
    return StatementDraft(
        item_id=item_id,
        finding_id=finding_id,
        move=move,
        stance=stance,
        severity=severity,
        argument="Read on.",
        changed_by="",
        quotes=quotes,
    )


def word(
    *statements: StatementDraft,
    verdict: str = "approve_with_changes",
    overall: int | None = 4,
) -> list[TurnPart]:
    """Return the parts of a panelist's word in a round."""
    return said(
        DiscussionResult(
            "I have thought it over.", statements, overall, verdict, "So."
        ),
        words=1,
    )


def synthesis(*finding_ids: str) -> list[TurnPart]:
    """Return the parts of a moderator's text of one sentence."""
    return said(SynthesisResult((CitedSentence("Mend it.", finding_ids),), ()))


def swept(*findings: FindingDraft) -> list[TurnPart]:
    """Return the parts of a sweep."""
    return said(ReviewResult("", findings, (), None, "", "", ()))


def replied(text: str = "Because nobody tried.") -> list[TurnPart]:
    """Return the parts of an answer to the author."""
    return said(AnswerResult(text, (), ()), words=2)
