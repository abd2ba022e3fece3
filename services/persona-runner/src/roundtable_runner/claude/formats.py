"""Remembers how the models of an endpoint answer: by a tool, or in a fenced block."""

import asyncio
from collections import OrderedDict
from collections.abc import Hashable

import structlog

from roundtable_runner.claude.account import Access
from roundtable_runner.claude.tiny_turn import take_tiny_turn
from roundtable_runner.turn.engine import AnswerFormat, Engine, TurnFailed
from roundtable_runner.turn.parts import TurnFailure

_log = structlog.get_logger()

# Models are named by requests, so their number has no other bound.
_MAX_REMEMBERED = 200

_Outcome = AnswerFormat | TurnFailure | None


class AnswerFormats:
    """Finds each model's format by one tiny turn, however many turns wait for it.

    Only an answer is remembered: an endpoint that is down, full or shut today says
    nothing of its models. One tool's call is no promise of the next, so a model that
    has called a tool and then does not is asked anew.
    """

    def __init__(self) -> None:
        self._found: OrderedDict[Hashable, AnswerFormat] = OrderedDict()
        self._under_way: dict[Hashable, asyncio.Future[_Outcome]] = {}

    async def find(self, access: Access, *, model: str, engine: Engine) -> AnswerFormat:
        """Return how a model answers, asking it where that is not known.

        Raises:
            TurnFailed: It could not be asked, for this reason.
        """
        key = _key(access, model)
        while key not in self._found:
            if key not in self._under_way:
                return await self._ask(key, model=model, engine=engine)
            under_way = self._under_way[key]
            # Waited for, not awaited: who leaves must not end it for the others.
            await asyncio.wait([under_way])
            outcome = under_way.result()
            if isinstance(outcome, TurnFailure):
                raise TurnFailed(outcome)
            # Found; or None: who asked was cancelled, and another has to ask.
        return self._found[key]

    def note_missing_call(self, access: Access, *, model: str) -> None:
        """Forget that a model calls tools, as a turn ended without its call."""
        key = _key(access, model)
        if self._found.get(key) is AnswerFormat.TOOL:
            del self._found[key]
            _log.info("endpoint.format_forgotten", model=model)

    async def _ask(self, key: Hashable, *, model: str, engine: Engine) -> AnswerFormat:
        under_way = asyncio.get_running_loop().create_future()
        self._under_way[key] = under_way
        outcome: _Outcome = None
        try:
            tiny_turn = await take_tiny_turn(engine, model=model)
            outcome = tiny_turn.answer_format
            self._remember(key, outcome)
        except TurnFailed as error:
            outcome = error.failure
            raise
        finally:
            del self._under_way[key]
            under_way.set_result(outcome)
        _log.info("endpoint.format_found", model=model, format=outcome.value)
        return outcome

    def _remember(self, key: Hashable, found: AnswerFormat) -> None:
        self._found[key] = found
        if len(self._found) > _MAX_REMEMBERED:
            self._found.popitem(last=False)


def _key(access: Access, model: str) -> Hashable:
    return frozenset(access.variables.items()), model
