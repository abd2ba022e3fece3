"""The words in which reports tell of clusters, discussions, coverage and turns."""

from collections.abc import Mapping

from roundtable_gateway.domain.cluster import FoundBy
from roundtable_gateway.domain.coverage import CoveredRange
from roundtable_gateway.domain.discussion import (
    AgendaItem,
    AgendaReason,
    Move,
    Position,
    Stance,
)
from roundtable_gateway.domain.run import Turn
from roundtable_gateway.domain.synthesis import Synthesis
from roundtable_gateway.exports import words

FOUND_BY = {
    FoundBy.PANEL: "found by the panel alone",
    FoundBy.CONTROL: "found by the control alone",
    FoundBy.BOTH: "found by the panel and the control",
}
_AGENDA_REASONS = {
    AgendaReason.SEVERITY_GAP: "far apart on how grave it is",
    AgendaReason.OPPOSED_ADVICE: "advice that pulls both ways",
    AgendaReason.LONE_BLOCKER: "a blocker that one reviewer raises alone",
    AgendaReason.SCORE_GAP: "far apart on the score",
}
_MOVES = {
    Move.SUPPORT: "supports",
    Move.CHALLENGE: "challenges",
    Move.REFINE: "refines",
    Move.CONCEDE: "concedes",
    Move.ADD_EVIDENCE: "adds evidence to",
}
_POSITIONS = {
    Position.AGREE: "agrees",
    Position.DISAGREE: "disagrees",
    Position.UNSURE: "is unsure",
}
_MARKS = "the scores"


def found_by_sentence(counts: Mapping[FoundBy, int]) -> str | None:
    """Say what the panel adds to the control, None where no control read."""
    if not any(counts.values()):
        return None
    return (
        f"Points found by the panel alone: {counts[FoundBy.PANEL]}; by the control "
        f"alone: {counts[FoundBy.CONTROL]}; by both: {counts[FoundBy.BOTH]}. The "
        "control is one reader without a persona; what it says counts towards no "
        "score and no decision."
    )


def agenda_reason(item: AgendaItem) -> str:
    """Say why something was discussed."""
    return _AGENDA_REASONS[item.reason]


def stance_claim(stance: Stance) -> str:
    """Return what a seat did and where it stood."""
    about = stance.finding_id or _MARKS
    claim = f"{_MOVES[stance.move]} {about}, {_POSITIONS[stance.position]}"
    after, before = stance.severity_after, stance.severity_before
    if after is None:
        return claim
    was = f", was {before.value}" if before is not None and before is not after else ""
    return f"{claim}, takes it for {after.value}{was}"


def stance_label(stance: Stance) -> str | None:
    """Say whether a change of mind had evidence, None without a change."""
    if not stance.is_change:
        return None
    if stance.is_evidenced:
        return "Moved on new evidence"
    return "Changed its mind without new evidence, which moves nothing"


def coverage_words(covered: CoveredRange) -> tuple[str, str]:
    """Return which paragraphs, and who was shown them."""
    told = []
    if covered.read_by:
        told.append(f"read by {', '.join(covered.read_by)}")
    if covered.swept_by:
        told.append(f"section by section by {', '.join(covered.swept_by)}")
    place = paragraph_range(covered.first_paragraph_id, covered.last_paragraph_id)
    return place, "; ".join(told) or "read by nobody"


def paragraph_range(first: str, last: str) -> str:
    """Return the name of neighbouring paragraphs."""
    return first if first == last else f"{first} to {last}"


def turn_line(turn: Turn) -> str:
    """Return what a turn was and what became of it."""
    by = f" by {turn.panelist_id}" if turn.panelist_id else ""
    read = ""
    if turn.first_paragraph_id and turn.last_paragraph_id:
        place = paragraph_range(turn.first_paragraph_id, turn.last_paragraph_id)
        read = f" of {place}"
    result = words.with_reason(turn.state.value, turn.reason)
    again = f", attempt {turn.attempt}" if turn.attempt > 1 else ""
    return f"{turn.kind.value.capitalize()}{by}{read}: {result}{again}."


def dropped_sentence(synthesis: Synthesis) -> str | None:
    """Say how much of the moderator's text was left out, None for nothing."""
    count = synthesis.dropped_sentences
    if not count:
        return None
    sentences = "1 sentence" if count == 1 else f"{count} sentences"
    return (
        f"Left out: {sentences} of the moderator's that cited no finding of this run."
    )
