"""Makes results of structured output that fits its schema."""

from collections.abc import Iterable
from typing import Any

from roundtable_runner.turn.engine import TurnFailed
from roundtable_runner.turn.parts import (
    AnswerResult,
    CitedSentence,
    ClusterResult,
    DiscussionResult,
    FailureReason,
    FindingDraft,
    FindingRepair,
    PairAnswer,
    QuoteDraft,
    RepairResult,
    ReviewResult,
    ScoreDraft,
    StatementDraft,
    SynthesisResult,
)

_NO_WORDS = "The model named what its answer rests on, and gave no answer."


def clean_text(text: str) -> str:
    """Return the text without what no store and no wire takes: NUL, half characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def read_review(output: dict[str, Any], text: str) -> ReviewResult:
    """Return a review, a control's too."""
    return ReviewResult(
        text=text,
        findings=tuple(read_finding(finding) for finding in output["findings"]),
        scores=tuple(_score(score) for score in output["scores"]),
        overall=_whole(output["overall"]),
        verdict=output["verdict"],
        verdict_reason=clean_text(output["verdict_reason"]),
        not_assessed=_texts(output["not_assessed"]),
    )


def read_sweep(output: dict[str, Any], text: str) -> ReviewResult:
    """Return a sweep: a review without scores and verdict."""
    return ReviewResult(
        text=text,
        findings=tuple(read_finding(finding) for finding in output["findings"]),
        scores=(),
        overall=None,
        verdict="",
        verdict_reason="",
        not_assessed=_texts(output["not_assessed"]),
    )


def read_repair(
    output: dict[str, Any], _text: str, *, finding_count: int
) -> RepairResult:
    """Return a repair; of two for one finding the first counts.

    What is said of findings that were not asked about counts for nothing.
    """
    return RepairResult(
        tuple(
            FindingRepair(
                number=int(repair["number"]),
                quotes=_quotes(repair["quotes"]),
                is_withdrawn=repair["is_withdrawn"],
            )
            for repair in _first_by("number", output["repairs"])
            if repair["number"] <= finding_count
        )
    )


def read_cluster(output: dict[str, Any], _text: str) -> ClusterResult:
    """Return the answers on pairs; of two for one pair the first counts."""
    return ClusterResult(
        tuple(
            PairAnswer(
                number=int(answer["number"]),
                is_same=answer["is_same"],
                reason=clean_text(answer["reason"]),
            )
            for answer in _first_by("number", output["answers"])
        )
    )


def read_discussion(output: dict[str, Any], text: str) -> DiscussionResult:
    """Return a panelist's word; of two statements on one item the first counts."""
    statements = _first_by("item_id", output["statements"])
    return DiscussionResult(
        text=text,
        statements=tuple(_statement(statement) for statement in statements),
        overall=_whole(output["overall"]),
        verdict=output["verdict"],
        verdict_reason=clean_text(output["verdict_reason"]),
    )


def read_synthesis(output: dict[str, Any], _text: str) -> SynthesisResult:
    """Return the moderator's text."""
    return SynthesisResult(
        sentences=tuple(_sentence(sentence) for sentence in output["sentences"]),
        minority=tuple(_sentence(sentence) for sentence in output["minority"]),
    )


def read_answer(output: dict[str, Any], text: str) -> AnswerResult:
    """Return an answer to the author.

    Raises:
        TurnFailed: INVALID_OUTPUT, the prose is missing, which is the answer.
    """
    if not text:
        raise TurnFailed.because(FailureReason.INVALID_OUTPUT, _NO_WORDS)
    return AnswerResult(
        text=text,
        finding_ids=_texts(output["finding_ids"]),
        paragraph_ids=_texts(output["paragraph_ids"]),
    )


def read_finding(output: dict[str, Any]) -> FindingDraft:
    """Return a finding."""
    return FindingDraft(
        kind=output["kind"],
        title=clean_text(output["title"]),
        severity=output["severity"],
        criterion=output["criterion"],
        paragraph_ids=_texts(output["paragraph_ids"]),
        quotes=_quotes(output["quotes"]),
        searched_for=_texts(output["searched_for"]),
        impact=clean_text(output["impact"]),
        affected_reader=clean_text(output["affected_reader"]),
        fix=clean_text(output["fix"]),
        rewrite=_wording(output["rewrite"]),
        fix_kind=output["fix_kind"],
        confidence=int(output["confidence"]),
        would_change_mind_if=clean_text(output["would_change_mind_if"]),
    )


def _statement(output: dict[str, Any]) -> StatementDraft:
    return StatementDraft(
        item_id=clean_text(output["item_id"]),
        finding_id=_optional(output["finding_id"]),
        quotes=_quotes(output["quotes"]),
        argument=clean_text(output["argument"]),
        move=output["move"],
        stance=output["stance"],
        severity=output["severity"],
        changed_by=_optional(output["changed_by"]),
    )


def _sentence(output: dict[str, Any]) -> CitedSentence:
    return CitedSentence(clean_text(output["text"]), _texts(output["finding_ids"]))


def _score(output: dict[str, Any]) -> ScoreDraft:
    return ScoreDraft(
        criterion=output["criterion"],
        score=_whole(output["score"]),
        finding_numbers=tuple(int(number) for number in output["finding_numbers"]),
        rationale=clean_text(output["rationale"]),
    )


def _quotes(outputs: list[dict[str, Any]]) -> tuple[QuoteDraft, ...]:
    return tuple(
        QuoteDraft(clean_text(quote["text"]), _optional(quote["paragraph_id"]))
        for quote in outputs
    )


def _first_by(key: str, outputs: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    firsts: dict[Any, dict[str, Any]] = {}
    for output in outputs:
        firsts.setdefault(output[key], output)
    return firsts.values()


def _texts(values: list[str]) -> tuple[str, ...]:
    return tuple(clean_text(value) for value in values)


def _optional(value: str | None) -> str | None:
    return None if value is None else clean_text(value)


def _wording(value: str | None) -> str | None:
    # It is put in place of the quote: nothing but blanks would strike that out.
    wording = _optional(value)
    return wording if wording and not wording.isspace() else None


def _whole(value: float | None) -> int | None:
    # JSON schema takes 4.0 for an integer.
    return None if value is None else int(value)
