"""What is known of a run before it starts."""

from collections.abc import Iterable
from dataclasses import dataclass

from roundtable_gateway.domain.document import Paragraph
from roundtable_gateway.domain.run import Mode, Panelist, RunSummary
from roundtable_gateway.panel.criteria import owned_criteria
from roundtable_gateway.panel.overhead import brief_words, persona_words, rubric_words
from roundtable_gateway.panel.sections import ReadingPlan


@dataclass(frozen=True, slots=True)
class Reading:
    """A turn that reads.

    Attributes:
        characters: Of the document, as far as it is shown.
        paragraphs: That are shown.
        persona: Characters of who reads; None is the control.
        criteria: How many the reader answers for.
    """

    characters: int
    paragraphs: int
    persona: int | None
    criteria: int


@dataclass(frozen=True, slots=True)
class RunShape:
    """What is known of a run before it starts.

    Attributes:
        reviews: Of the seats.
        control: The control's review, None without one.
        sweeps: Of sections.
        rubric: Characters of the criteria.
        criteria: How many there are.
        brief: Characters of what the author asks.
        discussion_rounds: At most so many rounds are discussed; none in mode review.
        turns_at_once: How many turns go side by side.
    """

    reviews: tuple[Reading, ...]
    control: Reading | None
    sweeps: tuple[Reading, ...]
    rubric: int
    criteria: int
    brief: int
    discussion_rounds: int
    turns_at_once: int


def shape_run(run: RunSummary, reading: ReadingPlan, *, turns_at_once: int) -> RunShape:
    """Return the shape of a run from who will be shown what."""
    seats = {panelist.id: panelist for panelist in run.panelists}
    criteria = len(run.rubric.criteria)
    is_discussed = run.mode is Mode.ROUNDTABLE
    return RunShape(
        reviews=tuple(
            _read_by(seats[seat_id], run, shown)
            for seat_id, shown in reading.shares.items()
        ),
        control=_reading(reading.control, None, criteria) if run.control else None,
        sweeps=tuple(
            _read_by(seats[sweep.panelist_id], run, sweep.paragraphs)
            for sweep in reading.sweeps
        ),
        rubric=len(rubric_words(run.rubric)),
        criteria=criteria,
        brief=len(brief_words(run.brief)),
        discussion_rounds=run.discussion_rounds if is_discussed else 0,
        turns_at_once=turns_at_once,
    )


def _read_by(
    panelist: Panelist, run: RunSummary, shown: tuple[Paragraph, ...]
) -> Reading:
    persona = panelist.persona
    owned = owned_criteria(persona, run.rubric)
    return _reading(shown, len(persona_words(persona)), len(owned))


def _reading(
    shown: tuple[Paragraph, ...], persona: int | None, criteria: int
) -> Reading:
    return Reading(_characters(shown), len(shown), persona, criteria)


def _characters(paragraphs: Iterable[Paragraph]) -> int:
    return sum(paragraph.end - paragraph.start for paragraph in paragraphs)
