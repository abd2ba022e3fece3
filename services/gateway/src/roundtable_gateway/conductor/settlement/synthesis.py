"""Settles the moderator's text: every sentence cites findings that are there."""

from collections.abc import Collection, Sequence

from roundtable_gateway.conductor.gate import UnfitAnswerError, UnfoundedAnswerError
from roundtable_gateway.conductor.parts import (
    CitedSentence,
    SynthesisResult,
    TurnResult,
)
from roundtable_gateway.conductor.settlement.settlement import Settled, Settlement
from roundtable_gateway.domain.event import SynthesisSet
from roundtable_gateway.domain.run import Turn
from roundtable_gateway.panel.synthesis_check import check_synthesis

_Sentences = list[tuple[str, tuple[str, ...]]]


class SynthesisSettlement(Settlement):
    """Keeps the sentences that rest on something.

    Args:
        finding_ids: What may be cited.
        not_examined: What the author is told that nobody examined.
    """

    def __init__(
        self, *, finding_ids: Collection[str], not_examined: tuple[str, ...]
    ) -> None:
        self._finding_ids = finding_ids
        self._not_examined = not_examined

    def settle(self, turn: Turn, result: TurnResult) -> Settled:
        """Return the checked text. Raises UnfoundedAnswerError where none is left."""
        if not isinstance(result, SynthesisResult):
            raise UnfitAnswerError
        synthesis = check_synthesis(
            _plain(result.sentences),
            _plain(result.minority),
            finding_ids=self._finding_ids,
            not_examined=self._not_examined,
        )
        if synthesis is None:
            raise UnfoundedAnswerError
        return Settled(turn, facts=(SynthesisSet(synthesis),))


def _plain(sentences: Sequence[CitedSentence]) -> _Sentences:
    return [(sentence.text, sentence.finding_ids) for sentence in sentences]
