"""What a run will take, told before it is started.

One figure cannot serve a panel that quarrels and one that agrees: the estimate is of
the run as it was asked for, its discussion included, and of the same run in which the
panel has nothing to discuss. Both count the question about unsure pairs, and repairs by
how likely they are; `turns_at_most` counts them all. Nothing counts for attempts that
are made again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from roundtable_gateway.domain.run import TurnKind
from roundtable_gateway.panel.estimate_calibration import CALIBRATION, Calibration
from roundtable_gateway.panel.estimate_prices import Price
from roundtable_gateway.panel.estimate_shape import Reading, RunShape

_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Figures:
    """What a run takes, about; `cost_usd` is None where nobody knows a price.

    Attributes:
        input_tokens: All that is read, from a cache or not.
    """

    turns: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    seconds: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will take.

    Attributes:
        whole: As it was asked for, with its discussion.
        without_discussion: With nothing to discuss; None where nothing would be.
        turns_at_most: With all that may be asked, unless a turn has to be tried again.
    """

    whole: Figures
    without_discussion: Figures | None
    turns_at_most: int


def estimate(
    shape: RunShape,
    *,
    price: Price | None = None,
    calibration: Calibration = CALIBRATION,
) -> Estimate:
    """Estimate what a run takes.

    Args:
        shape: The run.
        price: What its model costs, None if nobody knows.
        calibration: What is taken for granted.
    """
    course = _Course(shape, calibration)
    quiet = course.figures(0, price) if shape.discussion_rounds else None
    return Estimate(
        whole=course.figures(shape.discussion_rounds, price),
        without_discussion=quiet,
        turns_at_most=course.most_turns,
    )


@dataclass(frozen=True, slots=True)
class _Turn:
    """A turn that may take place, in characters."""

    asked: float
    said: float
    likelihood: float = 1.0


_Stage = list[_Turn]


class _Course:
    """The turns of a run, in the order in which they wait for one another."""

    def __init__(self, shape: RunShape, calibration: Calibration) -> None:
        self._shape = shape
        self._calibration = calibration
        self._prompts = calibration.prompts
        self._answers = calibration.answers
        self._habits = calibration.habits
        control = () if shape.control is None else (shape.control,)
        self._reviews = (*shape.reviews, *control)
        self._readings = (*self._reviews, *shape.sweeps)
        found = sum(map(self._found_by, self._reviews))
        self._findings = found + len(shape.sweeps) * self._habits.findings_in_sweep

    @property
    def most_turns(self) -> int:
        """All that are read, repaired, put together, discussed and summed up."""
        said = len(self._shape.reviews) * self._shape.discussion_rounds
        return 2 * len(self._readings) + 1 + said + 1

    def figures(self, rounds: int, price: Price | None) -> Figures:
        """Return what the run takes if so many rounds are discussed."""
        stages = list(self._stages(rounds))
        turns = [turn for stage in stages for turn in stage]
        per_token = self._calibration.characters_per_token
        asked = sum(turn.likelihood * turn.asked for turn in turns) / per_token
        said = sum(turn.likelihood * turn.said for turn in turns) / per_token
        return Figures(
            turns=round(sum(turn.likelihood for turn in turns)),
            input_tokens=round(asked),
            output_tokens=round(said),
            cost_usd=None if price is None else _cost(price, asked, said),
            seconds=ceil(sum(map(self._seconds, stages))),
        )

    def _stages(self, rounds: int) -> Iterator[_Stage]:
        yield [
            *(self._review(TurnKind.REVIEW, each) for each in self._shape.reviews),
            *(
                self._review(TurnKind.CONTROL, each)
                for each in self._reviews
                if each.persona is None
            ),
            *map(self._sweep, self._shape.sweeps),
        ]
        yield list(map(self._repair, self._readings))
        if len(self._readings) > 1:
            yield [self._cluster()]
        for number in range(rounds):
            yield [self._word(each, heard=number) for each in self._shape.reviews]
        yield [self._synthesis(rounds)]

    def _review(self, kind: TurnKind, reading: Reading) -> _Turn:
        answers = self._answers
        said = (
            answers.prose
            + answers.verdict
            + reading.criteria * answers.score
            + self._found_by(reading) * answers.finding
        )
        return _Turn(self._rules(kind) + self._shown(reading), said)

    def _sweep(self, reading: Reading) -> _Turn:
        said = self._habits.findings_in_sweep * self._answers.finding
        return _Turn(self._rules(TurnKind.SWEEP) + self._shown(reading), said)

    def _repair(self, reading: Reading) -> _Turn:
        asked = self._fixed(TurnKind.REPAIR) + self._shown(reading)
        return _Turn(
            asked + self._prompts.finding,
            self._answers.repair,
            likelihood=self._habits.repaired,
        )

    def _cluster(self) -> _Turn:
        habits = self._habits
        pairs = min(habits.most_pairs, self._findings * habits.pairs_per_finding)
        shown = 2 * pairs * self._prompts.finding
        return _Turn(self._fixed(TurnKind.CLUSTER) + shown, pairs * self._answers.pair)

    def _word(self, reading: Reading, *, heard: int) -> _Turn:
        answers, items = self._answers, self._habits.agenda_items
        asked = self._rules(TurnKind.DISCUSSION) + self._shown(reading)
        said = answers.prose + answers.verdict + items * answers.statement
        return _Turn(asked + self._agenda(heard), said)

    def _synthesis(self, rounds: int) -> _Turn:
        findings = self._findings * self._prompts.finding
        asked: float = self._fixed(TurnKind.SYNTHESIS) + self._shape.brief + findings
        if rounds:
            dissents = len(self._shape.reviews) * self._prompts.dissent
            asked += dissents + self._agenda(rounds)
        return _Turn(asked, self._habits.sentences * self._answers.sentence)

    def _agenda(self, heard: int) -> float:
        """What prompts say of an agenda after so many rounds."""
        prompts, habits = self._prompts, self._habits
        statements = heard * len(self._shape.reviews) * prompts.statement
        findings = habits.findings_per_item * prompts.finding
        return habits.agenda_items * (prompts.item + findings + statements)

    def _found_by(self, reading: Reading) -> int:
        return reading.criteria + self._habits.findings_beyond_criteria

    def _shown(self, reading: Reading) -> int:
        """What a reader is told: document, brief, seat."""
        prompts = self._prompts
        who = prompts.generalist
        if reading.persona is not None:
            who = prompts.seat + reading.persona
        marks = reading.paragraphs * prompts.paragraph
        return reading.characters + marks + self._shape.brief + who

    def _rules(self, kind: TurnKind) -> int:
        """What a kind's prompt always says, with the rubric."""
        labels = self._shape.criteria * self._prompts.criterion
        return self._fixed(kind) + self._shape.rubric + labels

    def _fixed(self, kind: TurnKind) -> int:
        return self._prompts.fixed[kind] + self._prompts.envelope

    def _seconds(self, stage: _Stage) -> float:
        """How long a stage takes: its longest turn, or all its work in few places.

        A turn that is only likely lasts as long as it is likely.
        """
        expected = sum(turn.likelihood for turn in stage)
        longest = max(map(self._seconds_of, stage)) * min(1.0, expected)
        work = sum(turn.likelihood * self._seconds_of(turn) for turn in stage)
        return max(longest, work / self._shape.turns_at_once)

    def _seconds_of(self, turn: _Turn) -> float:
        calibration = self._calibration
        tokens = turn.said / calibration.characters_per_token
        return calibration.start_seconds + tokens / calibration.tokens_per_second


def _cost(price: Price, input_tokens: float, output_tokens: float) -> float:
    spent = input_tokens * price.input_usd + output_tokens * price.output_usd
    return round(spent / _MILLION, 4)
