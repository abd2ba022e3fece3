"""The arms of the comparison: who reads, at what price.

The generalist is a council of one: a persona without a trade that takes every
criterion (`eval/generalist.yaml`), in mode review, through the same gate. Read N times
over, it is the whole process's rival at the same price.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from roundtable_eval.corpus import EvalDocument, Side, digest_of
from roundtable_eval.errors import MalformedTranscriptError, SetError
from roundtable_eval.run_record import Finding, RunRecord, parse_run
from roundtable_eval.transcript import RunKind, RunPlace, Transcript

# In the order in which they are run; the generalist's repeats follow from these.
_MEASURED = (RunKind.ROUNDTABLE, RunKind.INDEPENDENT, RunKind.GENERALIST)


class Arm(StrEnum):
    """One way to spend tokens on a document."""

    GENERALIST = "generalist"
    GENERALIST_N = "generalist_n"
    INDEPENDENT = "independent"
    ROUNDTABLE = "roundtable"


@dataclass(frozen=True, slots=True)
class Sample:
    """What an arm made of one twin of a document in one replicate.

    Attributes:
        records: Its runs: several for `generalist_n`, else one.
        tokens: What it cost: for the generalist the reading alone.
    """

    arm: Arm
    document: EvalDocument
    side: Side
    replicate: int
    records: tuple[RunRecord, ...]

    @property
    def text(self) -> str:
        """What was read."""
        return self.document.text_of(self.side)

    @property
    def tokens(self) -> int:
        """What it cost."""
        if self.arm in (Arm.GENERALIST, Arm.GENERALIST_N):
            return sum(record.reading_tokens for record in self.records)
        return sum(record.tokens for record in self.records)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that was handed in, the control's included."""
        return tuple(finding for run in self.records for finding in run.findings)

    @property
    def panel_findings(self) -> tuple[Finding, ...]:
        """What the seats handed in."""
        return tuple(f for f in self.findings if f.panelist_id is not None)


def repeats_for(whole_tokens: int, reading_tokens: int) -> int:
    """Return how many readings come nearest to the whole process's tokens, at least 1.

    Of two that are equally near it is the higher: the panel is not to win by a round.
    """
    if reading_tokens <= 0:
        return 1
    return max(1, (2 * whole_tokens + reading_tokens) // (2 * reading_tokens))


def runs_to_come(
    document: str, side: Side, *, replicate: int, done: Iterable[Transcript]
) -> tuple[RunPlace, ...]:
    """Return what one replicate still needs, as far as it can be told by now.

    The generalist's repeats are known only when the whole process and one reading
    have been measured: ask again until nothing is left.
    """
    ours = {
        transcript.place: transcript
        for transcript in done
        if (transcript.place.document, transcript.place.side) == (document, side)
        and transcript.place.replicate == replicate
    }
    first = [RunPlace(document, side, kind, replicate) for kind in _MEASURED]
    missing = tuple(place for place in first if place not in ours)
    if missing:
        return missing
    whole, _, reading = (parse_run(ours[place].run) for place in first)
    repeats = repeats_for(whole.tokens, reading.reading_tokens)
    places = (
        RunPlace(document, side, RunKind.GENERALIST, replicate, part)
        for part in range(2, repeats + 1)
    )
    return tuple(place for place in places if place not in ours)


def samples_of(
    transcripts: Sequence[Transcript], documents: dict[str, EvalDocument]
) -> tuple[Sample, ...]:
    """Return the arms' samples of a set.

    Raises:
        MalformedTranscriptError: A document is unknown or has changed since.
        SetError: A repeat of the generalist is missing.
    """
    return tuple(
        sample
        for group, runs in groupby(
            sorted(transcripts, key=lambda transcript: transcript.place),
            key=lambda transcript: (
                transcript.place.document,
                transcript.place.side,
                transcript.place.kind,
                transcript.place.replicate,
            ),
        )
        for sample in _samples(group[2], tuple(runs), documents)
    )


def _samples(
    kind: RunKind, runs: tuple[Transcript, ...], documents: dict[str, EvalDocument]
) -> tuple[Sample, ...]:
    place = runs[0].place
    if [run.place.part for run in runs] != list(range(1, len(runs) + 1)):
        raise SetError(f"{place.path}: a repeat is missing")
    document = documents.get(place.document)
    if document is None or any(
        run.text_sha256 != digest_of(document.text_of(place.side)) for run in runs
    ):
        raise MalformedTranscriptError(f"{place.path}: the document is another by now")
    records = tuple(parse_run(run.run) for run in runs)

    def sample(arm: Arm, of: tuple[RunRecord, ...]) -> Sample:
        return Sample(arm, document, place.side, place.replicate, of)

    if kind is RunKind.GENERALIST:
        return sample(Arm.GENERALIST, records[:1]), sample(Arm.GENERALIST_N, records)
    return (sample(Arm(kind), records),)
