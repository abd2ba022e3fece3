"""From what is stored of a run to the panel's decision, at any time and again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roundtable_gateway.domain.decision import Decision
from roundtable_gateway.domain.discussion import Stance
from roundtable_gateway.domain.finding import Finding, Verdict
from roundtable_gateway.domain.run import RunSummary, Turn, TurnKind, TurnState
from roundtable_gateway.panel.decision import SeatResult, decide
from roundtable_gateway.panel.stances import find_challenges, find_withdrawn


def tally(
    run: RunSummary,
    turns: Sequence[Turn],
    findings: Sequence[Finding],
    stances: Sequence[Stance],
) -> Decision:
    """Decide by what is stored; the order of turns, findings and stances is no matter.

    A seat finished if its review succeeded. Its verdict is the review's, or that of its
    last word in the discussion if the seat changed its mind by then, with evidence; so
    is its score after the discussion. To abstain in the discussion takes nothing back.

    Args:
        run: The run; only its seats matter.
        turns: All of its turns.
        findings: All of its findings with their dispositions as they are now.
        stances: All stances on its agenda.
    """
    seats = [
        _Seat(
            panelist.id,
            review=_review(panelist.id, turns),
            last_word=_last_word(panelist.id, turns, stances),
        )
        for panelist in run.panelists
    ]
    return decide(
        [seat.result() for seat in seats],
        findings,
        challenges=find_challenges(stances),
        withdrawn=find_withdrawn(findings, stances),
        overall_after_discussion=_overall_after(seats) if stances else None,
    )


@dataclass(frozen=True, slots=True)
class _Seat:
    """A seat's review and the word that moved it, where there are such."""

    panelist_id: str
    review: Turn | None
    last_word: Turn | None

    def result(self) -> SeatResult:
        review, says = self.review, self.last_word or self.review
        return SeatResult(
            panelist_id=self.panelist_id,
            finished=review is not None,
            verdict=says.verdict if says else None,
            overall=review.overall if review else None,
            position=says.verdict_reason if says else "",
        )


def _review(panelist_id: str, turns: Sequence[Turn]) -> Turn | None:
    return next(
        (
            turn
            for turn in turns
            if turn.kind is TurnKind.REVIEW
            and turn.panelist_id == panelist_id
            and turn.state is TurnState.SUCCEEDED
        ),
        None,
    )


def _last_word(
    panelist_id: str, turns: Sequence[Turn], stances: Sequence[Stance]
) -> Turn | None:
    """The seat's last turn of the discussion that may move its verdict.

    Turns without a stance are left aside: those of an agenda that was replaced.
    """
    ours = [stance for stance in stances if stance.panelist_id == panelist_id]
    spoke = {stance.turn_id for stance in ours}
    moves = [s.round for s in ours if s.is_change and s.is_evidenced]
    words = [
        turn
        for turn in turns
        if turn.kind is TurnKind.DISCUSSION
        and turn.id in spoke
        and turn.state is TurnState.SUCCEEDED
        and turn.verdict not in (None, Verdict.ABSTAIN)
        and any(moved <= turn.round for moved in moves)
    ]
    return max(words, key=lambda turn: (turn.round, turn.id), default=None)


def _overall_after(seats: Sequence[_Seat]) -> Mapping[str, int]:
    return {
        seat.panelist_id: seat.last_word.overall
        for seat in seats
        if seat.last_word and seat.last_word.overall is not None
    }
