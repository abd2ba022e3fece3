"""An answer of a model that calls no tools: prose, then a fenced block of JSON."""

import json
from collections.abc import Sequence
from itertools import islice
from typing import Any

from roundtable_runner.turn.engine import AnswerSink, TurnFailed
from roundtable_runner.turn.fence import FenceSplitter
from roundtable_runner.turn.loops import LoopWatch
from roundtable_runner.turn.parts import FailureReason, TurnFailure, TurnUsage
from roundtable_runner.turn.shape import describe_shape, find_violations

# 150 words are asked for. Who writes so much more has lost sight of the block.
_MAX_PROSE_CHARACTERS = 4_000
_MAX_BLOCK_CHARACTERS = 200_000
# Some models comment on their own block, and some go on for ever.
_MAX_DROPPED_CHARACTERS = 500
_MAX_VIOLATIONS = 10

NOT_THE_JSON = TurnFailure(
    FailureReason.INVALID_OUTPUT,
    "The model's answer is not the JSON that was asked for; a larger model may manage.",
)
NO_END = TurnFailure(
    FailureReason.INVALID_OUTPUT,
    "The model wrote on and on without the JSON that was asked for; a larger model"
    " may manage.",
)
UNFINISHED = TurnFailure(
    FailureReason.INVALID_OUTPUT,
    "The model's answer reached its longest length before its JSON was complete; a"
    " larger model, or one that may answer at greater length, may manage.",
)
REPEATS_ITSELF = TurnFailure(
    FailureReason.INVALID_OUTPUT,
    "The model began to repeat itself without end; a larger model may manage.",
)


class FencedAnswer:
    """A sink for the words of a turn; the sink behind it gets prose and JSON apart.

    The first block that fits is the answer. Where none does it is asked for once more,
    the block alone: the prose that was told stands, and prose around it is dropped.

    Args:
        sink: Takes prose and output.
        schema: What the output has to fit.

    Attributes:
        output: The block's content, once `next_request` has found it to fit.
    """

    def __init__(self, sink: AnswerSink, schema: dict[str, Any]) -> None:
        self.output: Any = None
        self._sink = sink
        self._schema = schema
        self._is_repair = False
        self._begin()

    @property
    def is_complete(self) -> bool:
        """Whether the model talks on behind its block, which nobody will read."""
        return self._splitter.dropped_characters > _MAX_DROPPED_CHARACTERS

    def begin_draft(self) -> None:
        """Begin anew: the answer, or in a repair its block."""
        self._begin()
        if self._is_repair:
            self._sink.begin_output()
        else:
            self._sink.begin_draft()

    def begin_output(self) -> None:
        """Read the output anew."""
        self._sink.begin_output()

    def add_text(self, text: str) -> None:
        """Take the next words. Raises TurnFailed when they lead nowhere."""
        if self._loops.is_looping(text):
            raise TurnFailed(REPEATS_ITSELF)
        self._splitter.feed(text)

    def add_output(self, fragment: str) -> None:
        """Drop it: no tool was offered, so this calls one that does not exist."""

    def set_model(self, model: str) -> None:
        """Pass on which model answers."""
        self._sink.set_model(model)

    def set_usage(self, usage: TurnUsage) -> None:
        """Pass on what was used."""
        self._sink.set_usage(usage)

    def next_request(self) -> str | None:
        """Return what to ask after an answer, or None when it fits.

        Raises:
            TurnFailed: INVALID_OUTPUT, it does not fit and can't be asked for again.
        """
        self._splitter.close()
        if not self._fits and self._block:
            self._close_block()
        if self._fits:
            return None
        # A model that still talks would not hear the question.
        if self._is_repair or self.is_complete:
            raise TurnFailed(NOT_THE_JSON)
        self._is_repair = True
        return _compose_repair(self._violations, self._schema)

    def _begin(self) -> None:
        self._prose_characters = 0
        self._block: list[str] = []
        self._block_characters = 0
        self._fits = False
        self._violations: Sequence[str] = ["there is no block of JSON"]
        self._loops = LoopWatch()
        self._splitter = FenceSplitter(
            on_prose=self._take_prose,
            on_block=self._take_block,
            on_closed=self._close_block,
        )

    def _take_prose(self, text: str) -> None:
        self._prose_characters += len(text)
        if self._prose_characters > _MAX_PROSE_CHARACTERS:
            raise TurnFailed(NO_END)
        if not self._is_repair:
            self._sink.add_text(text)

    def _take_block(self, text: str) -> None:
        self._block_characters += len(text)
        if self._block_characters > _MAX_BLOCK_CHARACTERS:
            raise TurnFailed(NO_END)
        self._block.append(text)
        self._sink.add_output(text)

    def _close_block(self) -> bool:
        """Read the block; one that does not fit was a quotation, if another follows."""
        self.output, self._violations = self._read("".join(self._block).strip())
        self._fits = not self._violations
        if not self._fits:
            self._block = []
            self._sink.begin_output()
        return self._fits

    def _read(self, block: str) -> tuple[Any, Sequence[str]]:
        try:
            output, _ = json.JSONDecoder().raw_decode(block)
        except json.JSONDecodeError as error:
            return None, [f"it is no valid JSON from line {error.lineno} on"]
        except (ValueError, RecursionError):
            return None, ["it is no valid JSON"]
        violations = find_violations(output, self._schema)
        return output, list(islice(violations, _MAX_VIOLATIONS))


def _compose_repair(violations: Sequence[str], schema: dict[str, Any]) -> str:
    faults = "\n".join(f"- {violation}" for violation in violations)
    return f"""\
The block of JSON in your answer can't be used:
{faults}
Send the whole block once more, corrected, and nothing else. Keep what was right. Its
form is:
```json
{describe_shape(schema)}
```"""
