"""Answers a turn of any kind."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from roundtable_rehearsal.answering import write_answer
from roundtable_rehearsal.clustering import write_clusters
from roundtable_rehearsal.discussion import write_discussion
from roundtable_rehearsal.reading import Turn
from roundtable_rehearsal.repair import write_repair
from roundtable_rehearsal.reply import Reply
from roundtable_rehearsal.review import write_review, write_sweep
from roundtable_rehearsal.synthesis import write_synthesis

WRITERS: Mapping[str, Callable[[Turn], Reply]] = MappingProxyType(
    {
        "review": write_review,
        "control": write_review,
        "sweep": write_sweep,
        "repair": write_repair,
        "cluster": write_clusters,
        "discussion": write_discussion,
        "synthesis": write_synthesis,
        "answer": write_answer,
    }
)


def write_reply(turn: Turn) -> Reply:
    """Answer a turn by its kind.

    Raises:
        TurnError: The material does not keep the contract.
    """
    return WRITERS[turn.seat.kind](turn)
