"""What estimates take for granted, held against what the runner really sends."""

import json
import re
from pathlib import Path

import pytest

from roundtable_gateway.domain.run import TurnKind
from roundtable_gateway.panel.estimate_calibration import CALIBRATION

_GOLDEN = Path(__file__).parents[4] / "persona-runner" / "tests" / "golden"
_WITHIN = 0.1
# What is the run's own and counted by itself: rubric, brief, seat, document, material.
_VARIABLE = (
    r"RUBRIC\n.*?\n\n(?=OUTPUT)",
    r"THE BRIEF\n.*?\n\n(?=YOUR SEAT)",
    r"YOUR SEAT\n.*?\n(?=Your task)",
    r"(?<=BEGIN DOCUMENT \w{10} -----\n).*?(?=\n----- END DOCUMENT)",
    r"(?<=BEGIN MATERIAL \w{10} -----\n).*?(?=\n----- END MATERIAL)",
)


def _fixed_characters(kind: str) -> int:
    """Count what a golden prompt of a kind always says, its schema included."""
    system = (_GOLDEN / f"{kind}_system_prompt.txt").read_text()
    message = (_GOLDEN / f"{kind}_user_message.txt").read_text()
    schema = json.loads((_GOLDEN / f"{kind}_schema.json").read_text())
    text = f"{system}\n{message}"
    for part in _VARIABLE:
        text = re.sub(part, "", text, flags=re.DOTALL)
    return len(text) + len(json.dumps(schema))


@pytest.mark.parametrize("kind", sorted(CALIBRATION.prompts.fixed))
def test_prompts_are_as_long_as_estimates_take_them_for(kind: TurnKind) -> None:
    """A prompt that has grown or shrunk by a tenth asks for another figure here."""
    told = CALIBRATION.prompts.fixed[kind]

    assert told == pytest.approx(_fixed_characters(kind), rel=_WITHIN)


def test_every_kind_of_turn_before_the_end_is_measured() -> None:
    """Answers to the author's questions come after it."""
    assert set(CALIBRATION.prompts.fixed) == set(TurnKind) - {TurnKind.ANSWER}
