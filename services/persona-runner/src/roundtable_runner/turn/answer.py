"""Turns what an engine produces into parts: paced words, findings as they close."""

from collections.abc import Callable

from roundtable_runner.turn.engine import TurnFailed
from roundtable_runner.turn.finding_reader import FindingReader
from roundtable_runner.turn.form import AnswerForm
from roundtable_runner.turn.parts import (
    FailureReason,
    FindingDraft,
    FindingPart,
    TextPart,
    TurnUsage,
)
from roundtable_runner.turn.readers import clean_text
from roundtable_runner.turn.timers import Timer, Timers

_SECONDS_BETWEEN_TEXTS = 0.05

# 200 words are the most that is asked for; a model that goes on and on is stopped
# well above that.
_MAX_TEXT_CHARACTERS = 32_000
# Thirty findings at their longest, with their JSON around them.
_MAX_OUTPUT_CHARACTERS = 2_000_000


class AnswerWriter:
    """An answer's sink; emits parts and keeps what the end will need.

    Words of an answer that is asked for without prose go nowhere.

    Attributes:
        text: The prose of the draft that counts.
        usage: What the engine said it used.
    """

    def __init__(
        self,
        form: AnswerForm,
        *,
        emit: Callable[[TextPart | FindingPart], None],
        timers: Timers,
    ) -> None:
        self.usage = TurnUsage()
        self._form = form
        self._emit = emit
        self._pacer = TextPacer(self._emit_text, timers=timers)
        self._draft = -1
        self._is_new_draft = True
        self._texts: list[str] = []
        self._text_characters = 0
        self._output_characters = 0
        self._told_findings = 0
        self._findings = FindingReader(form, self._emit_finding)

    @property
    def text(self) -> str:
        """The prose of the draft that counts."""
        return "".join(self._texts).strip()

    def begin_draft(self) -> None:
        """Begin anew, which the next words show: a draft without any keeps the last."""
        # Text that was not told yet belongs to the draft before.
        self._pacer.flush()
        self._is_new_draft = True
        self.begin_output()

    def begin_output(self) -> None:
        """Read the findings anew; those told before are not told twice."""
        told = self._told_findings
        self._findings = FindingReader(self._form, self._emit_finding, skip=told)

    def add_text(self, text: str) -> None:
        """Tell the next words, when their time has come."""
        text = clean_text(text)
        self._text_characters += len(text)
        if self._text_characters > _MAX_TEXT_CHARACTERS:
            raise TurnFailed.because(
                FailureReason.OUTPUT_TOO_LONG,
                "The model wrote far more words than it was asked for.",
            )
        if not self._form.has_prose:
            return
        if self._is_new_draft:
            if not text.strip():
                return
            # A repair often repeats the tool's call alone; the prose before it stands.
            self._is_new_draft = False
            self._draft += 1
            self._texts = []
        self._texts.append(text)
        self._pacer.push(text)

    def add_output(self, fragment: str) -> None:
        """Tell each finding that this piece of JSON closes."""
        self._pacer.flush()
        self._output_characters += len(fragment)
        if self._output_characters > _MAX_OUTPUT_CHARACTERS:
            raise TurnFailed.because(
                FailureReason.OUTPUT_TOO_LONG, "The model's answer has no end."
            )
        self._findings.feed(fragment)

    def set_model(self, model: str) -> None:
        """Take no note: the parts of a turn do not tell it."""

    def set_usage(self, usage: TurnUsage) -> None:
        """Keep what was used so far."""
        self.usage = usage

    def close(self) -> None:
        """Tell the words that still wait."""
        self._pacer.flush()

    def _emit_text(self, text: str) -> None:
        self._emit(TextPart(text, self._draft))

    def _emit_finding(self, finding: FindingDraft) -> None:
        self._told_findings += 1
        self._emit(FindingPart(finding))


class TextPacer:
    """Passes text on: the first words at once, then at most 20 times a second."""

    def __init__(self, emit: Callable[[str], None], *, timers: Timers) -> None:
        self._emit = emit
        self._timers = timers
        self._waiting: list[str] = []
        self._next_time = float("-inf")
        self._timer: Timer | None = None

    def push(self, text: str) -> None:
        """Pass text on as soon as the pace allows."""
        if not text:
            return
        self._waiting.append(text)
        if self._timer is not None:
            return
        if self._timers.time() >= self._next_time:
            self.flush()
        else:
            self._timer = self._timers.call_at(self._next_time, self.flush)

    def flush(self) -> None:
        """Pass on what waits, now."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._waiting:
            return
        text = "".join(self._waiting)
        self._waiting.clear()
        self._next_time = self._timers.time() + _SECONDS_BETWEEN_TEXTS
        self._emit(text)
