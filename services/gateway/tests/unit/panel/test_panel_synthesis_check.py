"""The check of the moderator's text."""

import pytest

from roundtable_gateway.domain.synthesis import Synthesis, SynthesisSentence
from roundtable_gateway.panel.synthesis_check import Draft, check_synthesis

IDS = frozenset({"A1", "B1"})


def test_every_sentence_that_is_kept_cites_what_is_there() -> None:
    """Other ids are taken out, sentences without any are left out and counted."""
    checked = check_synthesis(
        [
            (" Prove the claim. ", ("B1", "A1", "B1")),
            ("Name an owner.", ("Z9", "A1")),
            ("It is well written.", ()),
            ("Everybody likes it.", ("Z9",)),
            (" ", ("A1",)),
        ],
        [("One would ship it.", ("B1",)), ("One is bored.", ())],
        finding_ids=IDS,
        not_examined=["Costs"],
    )

    assert checked == Synthesis(
        sentences=(
            SynthesisSentence("Prove the claim.", ("B1", "A1")),
            SynthesisSentence("Name an owner.", ("A1",)),
        ),
        minority=(SynthesisSentence("One would ship it.", ("B1",)),),
        not_examined=("Costs",),
        dropped_sentences=4,
    )


@pytest.mark.parametrize("sentences", [[], [("All is well.", ("Z9",))]])
def test_without_a_sentence_there_is_no_synthesis(sentences: list[Draft]) -> None:
    """Not even if a minority has something to say."""
    minority = [("One would ship it.", ("B1",))]

    checked = check_synthesis(sentences, minority, finding_ids=IDS, not_examined=())

    assert checked is None
