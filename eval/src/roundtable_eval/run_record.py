"""What the scorers read of a run: its JSON, parsed once and no further kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from roundtable_eval.corpus import Span
from roundtable_eval.errors import MalformedTranscriptError

# A plain reader hands in findings. Joining and retelling them is the process's own.
_NOT_READING = frozenset({"cluster", "synthesis"})
# The kinds that the decision counts; a strength or a question is no fault found.
_FAULTS = frozenset({"error", "omission", "risk"})
_VERIFIED = frozenset({"exact", "normalized"})


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote's check, and where its words stand if they do."""

    status: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding, as far as it is scored; `panelist_id` is None for the control's."""

    id: str
    panelist_id: str | None
    kind: str
    criterion: str
    is_verified: bool
    quotes: tuple[Quote, ...]
    searched_for: tuple[str, ...]

    @property
    def is_fault(self) -> bool:
        """Whether it says that something is wrong or missing."""
        return self.kind in _FAULTS

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where its words stand.

        An ambiguous quote stands at the first of several places, which is a guess: it
        pins an unverified finding, but adds no place to a verified one.
        """
        return tuple(
            quote.span
            for quote in self.quotes
            if quote.span is not None
            and (quote.status in _VERIFIED or not self.is_verified)
        )


@dataclass(frozen=True, slots=True)
class Cluster:
    """Findings that stand together, and the one that speaks for them."""

    lead_finding_id: str
    finding_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stance:
    """Whether an answer in the discussion changed, and whether it brought words."""

    is_change: bool
    is_evidenced: bool


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run, as far as it is scored.

    Attributes:
        tokens: All it used: input, output and cache reads, failed attempts included.
        reading_tokens: The same without joining findings and writing the synthesis.
        score: The headline score, None without a decision or a mark.
        outcome: The decision, None where none was taken.
    """

    state: str
    findings: tuple[Finding, ...]
    clusters: tuple[Cluster, ...]
    stances: tuple[Stance, ...]
    tokens: int
    reading_tokens: int
    score: float | None
    outcome: str | None


def parse_run(run: Mapping[str, Any]) -> RunRecord:
    """Return a run of the HTTP API as the scorers read it.

    Raises:
        MalformedTranscriptError: It lacks what a run has.
    """
    try:
        decision = run["decision"] or {"score": None, "outcome": None}
        tokens = _tokens(run["usage"])
        return RunRecord(
            state=run["state"],
            findings=tuple(_finding(entry) for entry in run["findings"]),
            clusters=tuple(_cluster(entry) for entry in run["clusters"]),
            stances=tuple(_stance(entry) for entry in run["stances"]),
            tokens=tokens,
            reading_tokens=tokens - _tokens_besides_reading(run["turns"]),
            score=decision["score"],
            outcome=decision["outcome"],
        )
    except (KeyError, TypeError) as error:
        raise MalformedTranscriptError(f"no run of the HTTP API: {error!r}") from error


def _finding(entry: Mapping[str, Any]) -> Finding:
    return Finding(
        id=entry["id"],
        panelist_id=entry["panelist_id"],
        kind=entry["kind"],
        criterion=entry["criterion"],
        is_verified=entry["verified"],
        quotes=tuple(_quote(quote) for quote in entry["quotes"]),
        searched_for=tuple(entry["searched_for"]),
    )


def _quote(entry: Mapping[str, Any]) -> Quote:
    start, end = entry["start"], entry["end"]
    span = None if start is None or end is None else Span(start, end)
    return Quote(status=entry["status"], span=span)


def _cluster(entry: Mapping[str, Any]) -> Cluster:
    return Cluster(entry["lead_finding_id"], tuple(entry["finding_ids"]))


def _stance(entry: Mapping[str, Any]) -> Stance:
    return Stance(is_change=entry["is_change"], is_evidenced=entry["is_evidenced"])


def _tokens(usage: Mapping[str, int]) -> int:
    return sum(
        usage[name] for name in ("input_tokens", "output_tokens", "cache_read_tokens")
    )


def _tokens_besides_reading(turns: Iterable[Mapping[str, Any]]) -> int:
    return sum(_tokens(turn["usage"]) for turn in turns if turn["kind"] in _NOT_READING)
