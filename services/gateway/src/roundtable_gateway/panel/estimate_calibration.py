"""How much prompts and answers hold, which is measured or assumed, not known.

Prompts are measured: `test_panel_estimate_calibration.py` fails when a golden prompt of
the runner is more than a tenth longer or shorter than told here. Answers are those of
the typical panel that the scriptable endpoint plays (`tests/support/typical_panel.py`),
of the length that prompts ask for; `tests/e2e/test_e2e_estimate.py` holds estimates
against its runs and prints both under `pytest -s`. How much a model of Anthropic's says
and how fast has not been measured: no account was at hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from roundtable_gateway.domain.run import TurnKind


@dataclass(frozen=True, slots=True)
class Prompts:
    """Characters of what is asked.

    Attributes:
        fixed: Rules, output form and task by kind; without document, brief, rubric,
            seat and material.
        envelope: What the CLI writes around them.
        paragraph: A paragraph's mark.
        criterion: Labels around what a criterion says.
        seat: Labels around what a persona says.
        generalist: The control's seat.
        finding: A finding in the material.
        item: An item of the agenda without its findings.
        statement: What a seat said of an item.
        dissent: What a seat holds against the decision.
    """

    fixed: Mapping[TurnKind, int] = field(
        default_factory=lambda: MappingProxyType(
            {
                TurnKind.REVIEW: 7_820,
                TurnKind.CONTROL: 7_850,
                TurnKind.SWEEP: 6_900,
                TurnKind.REPAIR: 2_810,
                TurnKind.CLUSTER: 2_230,
                TurnKind.DISCUSSION: 5_520,
                TurnKind.SYNTHESIS: 3_100,
            }
        )
    )
    envelope: int = 180
    paragraph: int = 8
    criterion: int = 80
    seat: int = 330
    generalist: int = 300
    finding: int = 720
    item: int = 350
    statement: int = 520
    dissent: int = 280


@dataclass(frozen=True, slots=True)
class Answers:
    """Characters of what is answered.

    Attributes:
        prose: A reaction or a word in a discussion.
        verdict: Overall mark, verdict and its reason.
        finding: A finding, whole.
        score: A mark and why.
        repair: Other words for a finding.
        pair: Whether two findings are one, and why.
        statement: A statement on an item.
        sentence: A sentence of the moderator's and what it cites.
    """

    prose: int = 760
    verdict: int = 180
    finding: int = 700
    score: int = 150
    repair: int = 200
    pair: int = 115
    statement: int = 390
    sentence: int = 190


@dataclass(frozen=True, slots=True)
class Habits:
    """How many there are of what; shares are of turns that may take place.

    Attributes:
        findings_beyond_criteria: A review has a finding for each criterion that its
            reader answers for, and so many more.
        findings_in_sweep: Of a section.
        pairs_per_finding: Of pairs that a model is asked about.
        most_pairs: That it is asked about at once.
        repaired: Share of readings whose author is asked once more for its words.
        agenda_items: Of a panel that disagrees.
        findings_per_item: On the agenda.
        sentences: Of the moderator's text.
    """

    findings_beyond_criteria: int = 1
    findings_in_sweep: int = 2
    pairs_per_finding: float = 0.8
    most_pairs: int = 20
    repaired: float = 0.05
    agenda_items: int = 4
    findings_per_item: float = 1.3
    sentences: int = 5


@dataclass(frozen=True, slots=True)
class Calibration:
    """All figures that an estimate takes for granted.

    Attributes:
        characters_per_token: About what tokenizers of large models make of English.
        start_seconds: From a turn's start to its first word, with a panel of CLIs that
            start on two cores: 1.5 with processes kept warm, 3.9 without, and a model
            that takes 0.7 of it.
        tokens_per_second: What a model of Anthropic's answers, about.
    """

    prompts: Prompts = field(default_factory=Prompts)
    answers: Answers = field(default_factory=Answers)
    habits: Habits = field(default_factory=Habits)
    characters_per_token: float = 4.0
    start_seconds: float = 3.0
    tokens_per_second: float = 65.0


CALIBRATION = Calibration()
