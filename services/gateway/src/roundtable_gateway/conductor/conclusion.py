"""How a run ends: the panel's decision, the manifest and the one terminal fact."""

from collections.abc import Sequence
from dataclasses import dataclass

from roundtable_gateway.conductor.attempt import SettledTurn
from roundtable_gateway.conductor.ports import Progress
from roundtable_gateway.domain.event import (
    DecisionSet,
    RunFact,
    RunFailed,
    RunIncomplete,
    RunSucceeded,
)
from roundtable_gateway.domain.run import (
    ManifestEntry,
    RunSummary,
    Stage,
    StageResult,
    Turn,
    TurnState,
)
from roundtable_gateway.panel.decision import SeatResult, decide

INTAKE_RAN = ManifestEntry(Stage.INTAKE, StageResult.RAN)
NO_SEAT_FINISHED = "NO_SEAT_FINISHED"
SEATS_FAILED = "SEATS_FAILED"


@dataclass(frozen=True, slots=True)
class End:
    """The last facts of a run; `progress` is None where it ends as far as it came."""

    facts: tuple[RunFact, ...]
    progress: Progress | None = None


def conclude(run: RunSummary, turns: Sequence[SettledTurn]) -> End:
    """Return how a run in mode review ends, given its turns.

    Succeeded when every seat finished, incomplete when some did, failed when none did;
    only a failed one has no decision.
    """
    finished = [
        settled for settled in turns if settled.turn.state is TurnState.SUCCEEDED
    ]
    if not finished:
        return _failed()
    by_panelist = {settled.turn.panelist_id: settled.turn for settled in turns}
    decision = decide(
        [_seat_result(panelist.id, by_panelist) for panelist in run.panelists],
        [finding for settled in finished for finding in settled.findings],
    )
    is_whole = len(finished) == len(run.panelists)
    review = (
        ManifestEntry(Stage.REVIEW, StageResult.RAN)
        if is_whole
        else ManifestEntry(Stage.REVIEW, StageResult.FAILED, SEATS_FAILED)
    )
    end = RunSucceeded() if is_whole else RunIncomplete(SEATS_FAILED)
    return End(
        facts=(DecisionSet(decision), end),
        progress=Progress(
            Stage.DECISION,
            (
                INTAKE_RAN,
                review,
                ManifestEntry(Stage.GATE, StageResult.RAN),
                ManifestEntry(Stage.DECISION, StageResult.RAN),
            ),
        ),
    )


def _failed() -> End:
    return End(
        facts=(RunFailed(NO_SEAT_FINISHED),),
        progress=Progress(
            Stage.REVIEW,
            (
                INTAKE_RAN,
                ManifestEntry(Stage.REVIEW, StageResult.FAILED, NO_SEAT_FINISHED),
                ManifestEntry(Stage.GATE, StageResult.SKIPPED, NO_SEAT_FINISHED),
                ManifestEntry(Stage.DECISION, StageResult.SKIPPED, NO_SEAT_FINISHED),
            ),
        ),
    )


def _seat_result(panelist_id: str, turns: dict[str | None, Turn]) -> SeatResult:
    turn = turns[panelist_id]
    return SeatResult(
        panelist_id=panelist_id,
        finished=turn.state is TurnState.SUCCEEDED,
        verdict=turn.verdict,
        overall=turn.overall,
        position=turn.verdict_reason,
    )
