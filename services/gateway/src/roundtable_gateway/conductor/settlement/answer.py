"""Settles a panelist's answer to the author."""

from dataclasses import replace

from roundtable_gateway.conductor.gate import UnfitAnswerError
from roundtable_gateway.conductor.parts import AnswerResult, TurnResult
from roundtable_gateway.conductor.settlement.settlement import Settled, Settlement
from roundtable_gateway.domain.run import Turn


class AnswerSettlement(Settlement):
    """Keeps what the panelist says; the ids it names stand in its words, too."""

    def settle(self, turn: Turn, result: TurnResult) -> Settled:
        """Return the turn with the answer."""
        if not isinstance(result, AnswerResult):
            raise UnfitAnswerError
        return Settled(replace(turn, text=result.text))
