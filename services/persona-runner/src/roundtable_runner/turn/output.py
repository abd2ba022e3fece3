"""Reads the structured output of a review: hostile input until it fits its schema."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import ijson
from jsonschema import Draft202012Validator

from roundtable_runner.turn.engine import TurnFailed
from roundtable_runner.turn.parts import (
    FailureReason,
    FindingDraft,
    QuoteDraft,
    ReviewResult,
    ScoreDraft,
)
from roundtable_runner.turn.schema import MAX_FINDINGS


def clean_text(text: str) -> str:
    """Return the text without what no store and no wire takes: NUL, half characters."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


class ReviewFormat:
    """The schema of a run's reviews, and how an answer that fits it is read."""

    def __init__(self, schema: dict[str, Any]) -> None:
        self._review = Draft202012Validator(schema)
        finding_schema = schema["properties"]["findings"]["items"]
        self._finding = Draft202012Validator(finding_schema)

    def read(self, output: Any, *, text: str) -> ReviewResult:
        """Return the answer. Raises TurnFailed with INVALID_OUTPUT."""
        violation = next(self._review.iter_errors(output), None)
        if violation is not None:
            # Where, by the schema's own names and numbers, and never what stood there.
            path = "/".join(str(step) for step in violation.absolute_path) or "its root"
            raise TurnFailed.because(
                FailureReason.INVALID_OUTPUT,
                f"The model's answer does not fit its schema at {path}"
                f" ({violation.validator}).",
            )
        return _result(output, text)

    def read_finding(self, output: Any) -> FindingDraft | None:
        """Return one finding, or None when it does not fit."""
        return _finding(output) if self._finding.is_valid(output) else None


class FindingReader:
    """Emits each finding as its JSON closes, however the JSON is cut into pieces.

    Args:
        review_format: What a finding has to fit.
        emit: Takes each finding.
        skip: How many of the first are not emitted, as an earlier draft told them; the
            turn's end repeats all findings.
    """

    def __init__(
        self,
        review_format: ReviewFormat,
        emit: Callable[[FindingDraft], None],
        *,
        skip: int = 0,
    ) -> None:
        self._format = review_format
        self._emit = emit
        self._skip = skip
        self._count = 0
        self._parser = ijson.items_coro(
            _receiver(self._take), "findings.item", use_float=True
        )
        self._is_broken = False

    def feed(self, fragment: str) -> None:
        """Take the next piece of JSON; broken JSON ends the reading, not the turn."""
        # Endpoints begin with an empty piece, which the parser would take for the end.
        if self._is_broken or not fragment:
            return
        try:
            self._parser.send(fragment.encode("utf-8", "replace"))
        except (ijson.JSONError, StopIteration):
            # The whole output is checked at the end, and that is what counts.
            self._is_broken = True

    def _take(self, output: Any) -> None:
        if self._count == MAX_FINDINGS:
            return
        finding = self._format.read_finding(output)
        if finding is not None:
            self._count += 1
            if self._count > self._skip:
                self._emit(finding)


def _receiver(take: Callable[[Any], None]) -> Any:
    def receive() -> Iterator[None]:
        with contextlib.suppress(GeneratorExit):
            while True:
                take((yield))

    receiver = receive()
    next(receiver)
    return receiver


def _result(output: dict[str, Any], text: str) -> ReviewResult:
    return ReviewResult(
        text=text,
        findings=tuple(_finding(finding) for finding in output["findings"]),
        scores=tuple(_score(score) for score in output["scores"]),
        overall=_whole(output["overall"]),
        verdict=output["verdict"],
        verdict_reason=clean_text(output["verdict_reason"]),
        not_assessed=_texts(output["not_assessed"]),
    )


def _finding(output: dict[str, Any]) -> FindingDraft:
    rewrite = output["rewrite"]
    return FindingDraft(
        kind=output["kind"],
        title=clean_text(output["title"]),
        severity=output["severity"],
        criterion=output["criterion"],
        paragraph_ids=_texts(output["paragraph_ids"]),
        quotes=tuple(_quote(quote) for quote in output["quotes"]),
        searched_for=_texts(output["searched_for"]),
        impact=clean_text(output["impact"]),
        affected_reader=clean_text(output["affected_reader"]),
        fix=clean_text(output["fix"]),
        rewrite=None if rewrite is None else clean_text(rewrite),
        fix_kind=output["fix_kind"],
        confidence=int(output["confidence"]),
        would_change_mind_if=clean_text(output["would_change_mind_if"]),
    )


def _quote(output: dict[str, Any]) -> QuoteDraft:
    paragraph_id = output["paragraph_id"]
    return QuoteDraft(
        text=clean_text(output["text"]),
        paragraph_id=None if paragraph_id is None else clean_text(paragraph_id),
    )


def _score(output: dict[str, Any]) -> ScoreDraft:
    return ScoreDraft(
        criterion=output["criterion"],
        score=_whole(output["score"]),
        finding_numbers=tuple(int(number) for number in output["finding_numbers"]),
        rationale=clean_text(output["rationale"]),
    )


def _texts(values: list[str]) -> tuple[str, ...]:
    return tuple(clean_text(value) for value in values)


def _whole(value: float | None) -> int | None:
    # JSON schema takes 4.0 for an integer.
    return None if value is None else int(value)
