"""What nobody examined: paragraphs, criteria, and what seats say themselves."""

from roundtable_gateway.conductor.proceedings import Proceedings
from roundtable_gateway.panel.coverage import map_coverage


def list_unexamined(proceedings: Proceedings) -> tuple[str, ...]:
    """Return in words what the author should know that nobody examined."""
    stated = dict.fromkeys(
        [
            *_unread(proceedings),
            *_unmarked(proceedings),
            *(each for review in proceedings.reviews for each in review.not_assessed),
        ]
    )
    return tuple(stated)


def _unread(proceedings: Proceedings) -> list[str]:
    ranges = map_coverage(
        proceedings.document.paragraphs, tuple(proceedings.record.turns.values())
    )
    return [
        _range(each.first_paragraph_id, each.last_paragraph_id)
        for each in ranges
        if not each.read_by and not each.swept_by
    ]


def _range(first_id: str, last_id: str) -> str:
    return first_id if first_id == last_id else f"{first_id} to {last_id}"


def _unmarked(proceedings: Proceedings) -> list[str]:
    marked = {
        score.criterion
        for review in proceedings.reviews
        for score in review.scores
        if score.score is not None
    }
    return [
        criterion.label
        for criterion in proceedings.run.rubric.criteria
        if criterion.key not in marked
    ]
