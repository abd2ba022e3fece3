"""Reads findings out of an answer's JSON while it is still being written."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import ijson

from roundtable_runner.turn.form import AnswerForm
from roundtable_runner.turn.parts import FindingDraft
from roundtable_runner.turn.schema import MAX_FINDINGS


class FindingReader:
    """Emits each finding as its JSON closes, however the JSON is cut into pieces.

    Args:
        form: What a finding has to fit.
        emit: Takes each finding.
        skip: How many of the first are not emitted, as an earlier draft told them; the
            turn's end repeats all findings.
    """

    def __init__(
        self,
        form: AnswerForm,
        emit: Callable[[FindingDraft], None],
        *,
        skip: int = 0,
    ) -> None:
        self._form = form
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
        finding = self._form.read_finding(output)
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
