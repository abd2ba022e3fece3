"""What a run will take, told before it is started.

`Calibration` holds every figure that is measured rather than known: to calibrate is to
replace those and leave the arithmetic alone.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil

from roundtable_gateway.domain.document import Paragraph
from roundtable_gateway.domain.run import Mode, TurnKind
from roundtable_gateway.panel.sections import ReadingPlan

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class RunShape:
    """What is known of a run before it starts.

    Attributes:
        reviews: Characters of the document that each seat reviews.
        control: Characters that the control reviews, None without one.
        sweeps: Characters of each section that is swept.
        discussion_rounds: At most so many rounds are discussed; none in mode review.
        turns_at_once: How many turns go side by side.
    """

    mode: Mode
    reviews: tuple[int, ...]
    control: int | None
    sweeps: tuple[int, ...]
    discussion_rounds: int
    turns_at_once: int


@dataclass(frozen=True, slots=True)
class Prices:
    """What a model costs, in dollars for a million tokens."""

    input_usd: float
    cache_read_usd: float
    output_usd: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will take, about; `cost_usd` is None where nobody knows a price."""

    turns: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    seconds: int


@dataclass(frozen=True, slots=True)
class TurnCost:
    """What a turn of a kind takes beside the document it is shown.

    Attributes:
        input_tokens: Rules, seat and material.
        output_tokens: The answer, prose and structured result.
    """

    input_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """What runs have taken on average.

    Attributes:
        characters_per_token: Of the document.
        costs: By kind of turn.
        repaired: Share of readings whose author is asked once more for its words.
        asked_of_pairs: Share of runs in which a model is asked of unsure pairs.
        discussed: Share of roundtables that have anything on the agenda.
        cached: Share of the input that the endpoint had read before.
        start_seconds: From a turn's start to its first word.
        seconds_per_token: For each token of an answer.
    """

    characters_per_token: float
    costs: Mapping[TurnKind, TurnCost]
    repaired: float
    asked_of_pairs: float
    discussed: float
    cached: float
    start_seconds: float
    seconds_per_token: float


# First figures, from the sizes of the prompts and from how long answers may be.
CALIBRATION = Calibration(
    characters_per_token=4.0,
    costs={
        TurnKind.REVIEW: TurnCost(input_tokens=3_000, output_tokens=1_800),
        TurnKind.CONTROL: TurnCost(input_tokens=2_600, output_tokens=1_800),
        TurnKind.SWEEP: TurnCost(input_tokens=2_800, output_tokens=900),
        TurnKind.REPAIR: TurnCost(input_tokens=3_200, output_tokens=300),
        TurnKind.CLUSTER: TurnCost(input_tokens=4_000, output_tokens=500),
        TurnKind.DISCUSSION: TurnCost(input_tokens=5_500, output_tokens=900),
        TurnKind.SYNTHESIS: TurnCost(input_tokens=8_000, output_tokens=700),
    },
    repaired=0.3,
    asked_of_pairs=0.7,
    discussed=0.8,
    cached=0.4,
    start_seconds=4.0,
    seconds_per_token=0.015,
)


def shape_run(
    reading: ReadingPlan,
    *,
    mode: Mode,
    discussion_rounds: int,
    has_control: bool,
    turns_at_once: int,
) -> RunShape:
    """Return the shape of a run from who will be shown what."""
    return RunShape(
        mode=mode,
        reviews=tuple(map(_characters, reading.shares.values())),
        control=_characters(reading.control) if has_control else None,
        sweeps=tuple(_characters(sweep.paragraphs) for sweep in reading.sweeps),
        discussion_rounds=discussion_rounds,
        turns_at_once=turns_at_once,
    )


def estimate(
    shape: RunShape,
    *,
    prices: Prices | None = None,
    calibration: Calibration = CALIBRATION,
) -> Estimate:
    """Estimate what a run takes; repairs and discussion count by how likely they are.

    Args:
        shape: The run.
        prices: What its model costs, None if nobody knows.
        calibration: What runs have taken.
    """
    stages = list(_stages(shape, calibration))
    batches = [batch for stage in stages for batch in stage]
    input_tokens = sum(batch.input_tokens(calibration) for batch in batches)
    output_tokens = sum(batch.output_tokens(calibration) for batch in batches)
    cost = _cost(prices, input_tokens, output_tokens, calibration) if prices else None
    return Estimate(
        turns=round(sum(batch.turns for batch in batches)),
        input_tokens=round(input_tokens),
        output_tokens=round(output_tokens),
        cost_usd=cost,
        seconds=ceil(
            sum(_seconds(stage, shape.turns_at_once, calibration) for stage in stages)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Batch:
    """Turns of a kind.

    Attributes:
        shown: Characters of the document that each is shown.
        likelihood: Of each to take place.
    """

    kind: TurnKind
    shown: tuple[int, ...]
    likelihood: float = 1.0

    @property
    def turns(self) -> float:
        return self.likelihood * len(self.shown)

    def input_tokens(self, calibration: Calibration) -> float:
        prompts = self.turns * calibration.costs[self.kind].input_tokens
        read = self.likelihood * sum(self.shown) / calibration.characters_per_token
        return prompts + read

    def output_tokens(self, calibration: Calibration) -> float:
        return self.turns * calibration.costs[self.kind].output_tokens

    def seconds_each(self, calibration: Calibration) -> float:
        spoken = calibration.costs[self.kind].output_tokens
        return calibration.start_seconds + spoken * calibration.seconds_per_token


_Stage = tuple[_Batch, ...]


def _stages(shape: RunShape, calibration: Calibration) -> Iterator[_Stage]:
    """The turns in the order in which they have to wait for one another."""
    control = () if shape.control is None else (shape.control,)
    readings = (*shape.reviews, *control, *shape.sweeps)
    yield (
        _Batch(TurnKind.REVIEW, shape.reviews),
        _Batch(TurnKind.CONTROL, control),
        _Batch(TurnKind.SWEEP, shape.sweeps),
    )
    yield (_Batch(TurnKind.REPAIR, readings, calibration.repaired),)
    yield (_Batch(TurnKind.CLUSTER, (0,), calibration.asked_of_pairs),)
    if shape.mode is Mode.ROUNDTABLE:
        for _ in range(shape.discussion_rounds):
            yield (_Batch(TurnKind.DISCUSSION, shape.reviews, calibration.discussed),)
    yield (_Batch(TurnKind.SYNTHESIS, (0,)),)


def _seconds(stage: _Stage, turns_at_once: int, calibration: Calibration) -> float:
    """How long a stage takes: its longest turn, or all its work where places are few.

    A turn that is only likely lasts as long as it is likely.
    """
    longest = max(
        min(1.0, batch.turns) * batch.seconds_each(calibration) for batch in stage
    )
    work = sum(batch.turns * batch.seconds_each(calibration) for batch in stage)
    return max(longest, work / turns_at_once)


def _cost(
    prices: Prices,
    input_tokens: float,
    output_tokens: float,
    calibration: Calibration,
) -> float:
    cached = input_tokens * calibration.cached
    spent = (
        (input_tokens - cached) * prices.input_usd
        + cached * prices.cache_read_usd
        + output_tokens * prices.output_usd
    )
    return round(spent / _MILLION, 4)


def _characters(paragraphs: Iterable[Paragraph]) -> int:
    return sum(paragraph.end - paragraph.start for paragraph in paragraphs)
