"""All figures of a set."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roundtable_eval.arms import Arm, Sample, samples_of
from roundtable_eval.corpus import EvalDocument
from roundtable_eval.errors import SetError
from roundtable_eval.scorers.false_alarms import FalseAlarms, false_alarms
from roundtable_eval.scorers.flips import Flips, flips
from roundtable_eval.scorers.merge_losses import MergeLosses, merge_losses
from roundtable_eval.scorers.quote_verification import (
    QuoteVerification,
    quote_verification,
)
from roundtable_eval.scorers.recall import Recall, recall
from roundtable_eval.scorers.score_spread import ScoreSpread, score_spread
from roundtable_eval.scorers.uplift import Uplift, uplift
from roundtable_eval.transcript import Transcript

_REHEARSAL = "rehearsal"
_RULE_TESTS = (
    "Rule tests: the rehearsal engine answered. "
    "This says nothing about the quality of a model."
)
_COMPARISONS = (
    (Arm.ROUNDTABLE, Arm.GENERALIST_N),
    (Arm.ROUNDTABLE, Arm.GENERALIST),
    (Arm.ROUNDTABLE, Arm.INDEPENDENT),
    (Arm.INDEPENDENT, Arm.GENERALIST),
)


@dataclass(frozen=True, slots=True)
class ArmScores:
    """One arm's figures."""

    arm: Arm
    samples: int
    runs: int
    incomplete_runs: int
    tokens: int
    recall: Recall
    false_alarms: FalseAlarms
    quote_verification: QuoteVerification
    score_spread: ScoreSpread
    flips: Flips
    merge_losses: MergeLosses


@dataclass(frozen=True, slots=True)
class SetScores:
    """A set's figures, and what they may be taken for."""

    name: str
    label: str
    engine: str
    models: tuple[str, ...]
    documents: tuple[str, ...]
    replicates: int
    arms: tuple[ArmScores, ...]
    uplift: tuple[Uplift, ...]


def score_set(
    name: str,
    transcripts: Sequence[Transcript],
    *,
    documents: Mapping[str, EvalDocument],
) -> SetScores:
    """Return all figures of a set.

    Raises:
        SetError: There are no transcripts, or several engines answered.
        MalformedTranscriptError: A document is unknown or has changed since.
    """
    if not transcripts:
        raise SetError(f"{name}: no transcripts are stored")
    engines = {transcript.engine for transcript in transcripts}
    if len(engines) > 1:
        raise SetError(f"{name}: one engine answers a set, not {sorted(engines)}")
    (engine,) = engines
    models = tuple(sorted({t.model for t in transcripts if t.model is not None}))
    samples = samples_of(transcripts, dict(documents))
    return SetScores(
        name=name,
        label=_label(engine, models),
        engine=engine,
        models=models,
        documents=tuple(sorted({t.place.document for t in transcripts})),
        replicates=max(t.place.replicate for t in transcripts),
        arms=tuple(_arm_scores(arm, samples) for arm in Arm),
        uplift=tuple(uplift(samples, arm, over=other) for arm, other in _COMPARISONS),
    )


def _label(engine: str, models: Sequence[str]) -> str:
    if engine == _REHEARSAL:
        return _RULE_TESTS
    named = ", ".join(models) or "the account's default model"
    return f"Answered by {engine} ({named}). It holds for these documents only."


def _arm_scores(arm: Arm, samples: Sequence[Sample]) -> ArmScores:
    ours = [sample for sample in samples if sample.arm is arm]
    states = Counter(record.state for sample in ours for record in sample.records)
    return ArmScores(
        arm=arm,
        samples=len(ours),
        runs=states.total(),
        incomplete_runs=states["incomplete"],
        tokens=sum(sample.tokens for sample in ours),
        recall=recall(ours),
        false_alarms=false_alarms(ours),
        quote_verification=quote_verification(ours),
        score_spread=score_spread(ours),
        flips=flips(ours),
        merge_losses=merge_losses(ours),
    )
