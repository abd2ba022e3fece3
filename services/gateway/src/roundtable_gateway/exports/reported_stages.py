"""What a panel made of its findings, as a report has it."""

from collections.abc import Iterator
from dataclasses import dataclass

from roundtable_gateway.domain.decision import Decision, Dissent
from roundtable_gateway.domain.discussion import AgendaItem, Stance
from roundtable_gateway.domain.document import Paragraph
from roundtable_gateway.domain.run import RunDetail, Turn, TurnKind
from roundtable_gateway.exports import stage_words, words
from roundtable_gateway.panel.coverage import map_coverage


@dataclass(frozen=True, slots=True)
class ReportedDissent:
    """A seat that the outcome does not fit, and whose it is."""

    dissent: Dissent
    role: str


@dataclass(frozen=True, slots=True)
class ReportedStance:
    """Where a seat stood in a round, and whose it is.

    Attributes:
        claim: What it did and thought, as words.
        label: Whether a change of mind had evidence, None without a change.
    """

    stance: Stance
    role: str
    claim: str
    label: str | None


@dataclass(frozen=True, slots=True)
class ReportedItem:
    """An item of the agenda and what was said on it, in the order of the rounds."""

    item: AgendaItem
    reason: str
    criterion: str
    stances: tuple[ReportedStance, ...]


@dataclass(frozen=True, slots=True)
class ReportedAnswer:
    """A question of the author's and a panelist's answer."""

    question: str
    panelist_id: str | None
    role: str
    text: str


def report_dissent(
    decision: Decision | None, detail: RunDetail
) -> Iterator[ReportedDissent]:
    """Yield the seats that the decision does not fit."""
    roles = words.roles(detail.run)
    for each in decision.dissent if decision else ():
        yield ReportedDissent(each, roles.get(each.panelist_id, each.panelist_id))


def report_agenda(detail: RunDetail) -> Iterator[ReportedItem]:
    """Yield the agenda with what was said."""
    labels = words.criteria(detail.run)
    for item in detail.agenda:
        said = [stance for stance in detail.stances if stance.item_id == item.id]
        yield ReportedItem(
            item=item,
            reason=stage_words.agenda_reason(item),
            criterion=labels.get(item.criterion, item.criterion),
            stances=tuple(
                _stance(stance, detail)
                for stance in sorted(said, key=lambda each: each.round)
            ),
        )


def _stance(stance: Stance, detail: RunDetail) -> ReportedStance:
    roles = words.roles(detail.run)
    return ReportedStance(
        stance=stance,
        role=roles.get(stance.panelist_id, stance.panelist_id),
        claim=stage_words.stance_claim(stance),
        label=stage_words.stance_label(stance),
    )


def report_answers(detail: RunDetail) -> Iterator[ReportedAnswer]:
    """Yield what the author asked afterwards, and the answers."""
    roles = words.roles(detail.run)
    for turn in detail.turns:
        if turn.kind is TurnKind.ANSWER:
            yield ReportedAnswer(
                question=turn.question or "",
                panelist_id=turn.panelist_id,
                role=roles.get(turn.panelist_id or "", words.CONTROL),
                text=turn.text or words.unfinished_sentence(turn),
            )


def report_coverage(detail: RunDetail) -> tuple[tuple[str, str], ...]:
    """Return which paragraphs were read by whom; nothing before anybody was told."""
    count = detail.run.document.paragraph_count
    # Ids say it all: the text is not read for it.
    paragraphs = [Paragraph(f"P{number}", 0, 0) for number in range(1, count + 1)]
    ranges = map_coverage(paragraphs, detail.turns)
    if not any(each.read_by or each.swept_by for each in ranges):
        return ()
    return tuple(map(stage_words.coverage_words, ranges))


def report_record(detail: RunDetail) -> tuple[str, ...]:
    """Return what was asked besides the seats' reviews, a line a turn."""
    return tuple(
        stage_words.turn_line(turn) for turn in detail.turns if _is_recorded(turn)
    )


def _is_recorded(turn: Turn) -> bool:
    return turn.kind not in (TurnKind.REVIEW, TurnKind.ANSWER)
