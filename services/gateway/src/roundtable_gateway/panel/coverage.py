"""The coverage map: who read which paragraph of a document."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from roundtable_gateway.domain.coverage import CoveredRange
from roundtable_gateway.domain.document import Paragraph
from roundtable_gateway.domain.run import Turn, TurnKind, TurnState

_Readers = tuple[tuple[str, ...], tuple[str, ...]]


def map_coverage(
    paragraphs: Sequence[Paragraph], turns: Iterable[Turn]
) -> tuple[CoveredRange, ...]:
    """Map the document's paragraphs, all of them, to the seats that read them.

    Only turns that succeeded count. The control has no seat and is left aside.
    """
    index_of = {paragraph.id: index for index, paragraph in enumerate(paragraphs)}
    reads = [turn for turn in turns if turn.state is TurnState.SUCCEEDED]
    read_by = _readers(reads, TurnKind.REVIEW, index_of)
    swept_by = _readers(reads, TurnKind.SWEEP, index_of)

    def readers_of(paragraph: Paragraph) -> _Readers:
        index = index_of[paragraph.id]
        return tuple(sorted(read_by[index])), tuple(sorted(swept_by[index]))

    ranges = []
    for readers, group in groupby(paragraphs, key=readers_of):
        members = list(group)
        ranges.append(CoveredRange(members[0].id, members[-1].id, *readers))
    return tuple(ranges)


def _readers(
    turns: Iterable[Turn], kind: TurnKind, index_of: Mapping[str, int]
) -> list[set[str]]:
    """Who read each paragraph in turns of a kind, by the paragraph's index."""
    readers: list[set[str]] = [set() for _ in index_of]
    for turn in turns:
        first = index_of.get(turn.first_paragraph_id or "")
        last = index_of.get(turn.last_paragraph_id or "")
        if turn.kind is not kind or turn.panelist_id is None:
            continue
        if first is not None and last is not None:
            for index in range(first, last + 1):
                readers[index].add(turn.panelist_id)
    return readers
