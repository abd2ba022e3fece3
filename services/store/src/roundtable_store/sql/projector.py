"""Moves the state rows of a run by the facts of its events."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from roundtable_store.records import facts
from roundtable_store.records.events import NewEvent
from roundtable_store.records.lifecycle import LogState, Phase, TurnProgress, admit
from roundtable_store.records.runs import RunState, TurnState, Usage
from roundtable_store.sql.day_usage import (
    DayAndModel,
    add_day_usage,
    find_start_day,
)
from roundtable_store.sql.panel_rows import PanelRows
from roundtable_store.sql.tables import TURNS

_OF_TURN = (
    TURNS.c.run_id == bindparam("of_run"),
    TURNS.c.turn_id == bindparam("of_turn"),
)
_INSERT_TURN = insert(TURNS)
_RESTART_TURN = (
    update(TURNS)
    .where(*_OF_TURN)
    .values(
        attempt=bindparam("new_attempt"),
        state=TurnState.RUNNING.value,
        reason="",
        next_part_index=0,
        end_time=None,
        retry_time=None,
        usage=None,
        body=bindparam("new_body"),
    )
)
_REACH_PART = (
    update(TURNS)
    .where(*_OF_TURN, TURNS.c.attempt == bindparam("of_attempt"))
    .values(next_part_index=bindparam("new_next_part_index"))
)


@dataclass(slots=True)
class RunColumns:
    """The columns of a run that events move."""

    state: RunState
    reason: str
    is_queued: bool
    start_time: datetime | None
    end_time: datetime | None
    reopen_time: datetime | None
    usage: Usage
    pause: bytes | None

    @property
    def phase(self) -> Phase:
        """How far the log has come."""
        if self.state.is_ended:
            return Phase.ENDED
        if self.state is RunState.RUNNING:
            return Phase.STARTED
        return Phase.QUEUED if self.is_queued else Phase.CREATED


@dataclass(slots=True)
class Projector:
    """Checks and applies the events of one append, in order.

    Attributes:
        run: Moved in place; whoever owns the row writes it.
    """

    connection: Connection
    run_id: str
    owner: str
    now: datetime
    run: RunColumns
    log: LogState
    _panel: PanelRows = field(init=False)
    _parts: dict[tuple[str, int], int] = field(default_factory=dict)
    _spent: dict[DayAndModel, Usage] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Reach for the run's rows."""
        self._panel = PanelRows(self.connection, self.run_id, self.owner, self.now)

    def apply(self, event: NewEvent, *, sequence: int) -> None:
        """Admit an event (ILLEGAL_EVENT) and move the rows it speaks of."""
        before = self.log.turns
        self.log = admit(self.log, event.fact)
        self._move(event.fact, sequence=sequence, before=before)
        if event.next_part_index is not None:
            self._parts[event.turn_id, event.attempt] = event.next_part_index

    def flush(self) -> None:
        """Write what is written once an append, not once an event."""
        if self._parts:
            self.connection.execute(
                _REACH_PART,
                [
                    {
                        "of_run": self.run_id,
                        "of_turn": turn_id,
                        "of_attempt": attempt,
                        "new_next_part_index": next_part_index,
                    }
                    for (turn_id, attempt), next_part_index in self._parts.items()
                ],
            )
        add_day_usage(self.connection, owner=self.owner, spent=self._spent)

    def _move(
        self, fact: facts.Fact, *, sequence: int, before: Mapping[str, TurnProgress]
    ) -> None:
        match fact:
            case facts.TurnSpoke():
                pass
            case facts.TurnStarted():
                self._spend(Usage(turns=1), fact.model)
                self._start_turn(
                    fact, sequence=sequence, is_new=fact.turn_id not in before
                )
            case facts.TurnCompleted():
                self._complete_turn(fact)
            case facts.TurnFailed():
                self._fail_turn(fact)
            case facts.TurnSuperseded():
                self._supersede_turn(fact)
            case _ if isinstance(fact, facts.RunFact):
                self._move_run(fact)
            case _:
                self._panel.move(fact, position=sequence)

    def _move_run(self, fact: facts.RunFact) -> None:
        match fact:
            case facts.RunCreated():
                pass
            case facts.RunQueued():
                self.run.is_queued = True
            case facts.RunStarted():
                self.run.state, self.run.start_time = RunState.RUNNING, self.now
            case facts.RunPaused():
                self.run.pause = fact.body
            case facts.RunResumed():
                self.run.pause = None
            case facts.RunEnded():
                self._end_run(fact)
            case facts.RunReopened():
                self._reopen_run()

    def _spend(self, usage: Usage, model: str, *, day: date | None = None) -> None:
        """Count for the run and for a day; a turn counts from its start on."""
        self.run.usage += usage
        key = day or self.now.date(), model
        self._spent[key] = self._spent.get(key, Usage()) + usage

    def _end_run(self, end: facts.RunEnded) -> None:
        self.run.state, self.run.reason = end.state, end.reason
        self.run.end_time, self.run.pause = self.now, None
        # Answers are none of them: a run that has one under way is not opened again.
        unfinished = (TurnState.QUEUED.value, TurnState.RUNNING.value)
        self.connection.execute(
            update(TURNS)
            .where(TURNS.c.run_id == self.run_id, TURNS.c.state.in_(unfinished))
            .values(state=TurnState.CANCELLED.value, end_time=self.now)
        )

    def _reopen_run(self) -> None:
        self.run.state, self.run.reason = RunState.RUNNING, ""
        self.run.start_time = self.run.start_time or self.now
        self.run.end_time, self.run.reopen_time = None, self.now

    def _start_turn(
        self, start: facts.TurnStarted, *, sequence: int, is_new: bool
    ) -> None:
        if is_new:
            self.connection.execute(
                _INSERT_TURN,
                {
                    "run_id": self.run_id,
                    "turn_id": start.turn_id,
                    "owner": self.owner,
                    "position": sequence,
                    "attempt": start.attempt,
                    "state": TurnState.RUNNING.value,
                    "reason": "",
                    "next_part_index": 0,
                    "body": start.body,
                },
            )
            return
        self.connection.execute(
            _RESTART_TURN,
            {
                "of_run": self.run_id,
                "of_turn": start.turn_id,
                "new_attempt": start.attempt,
                "new_body": start.body,
            },
        )

    def _complete_turn(self, completed: facts.TurnCompleted) -> None:
        self._spend(replace(completed.usage, turns=0), completed.model)
        self._update_turn(
            completed.turn_id,
            state=TurnState.SUCCEEDED.value,
            end_time=self.now,
            body=completed.body,
        )

    def _fail_turn(self, failed: facts.TurnFailed) -> None:
        self._spend(replace(failed.usage, turns=0), failed.model)
        if failed.usage.turns == 0:
            self._give_back(failed)
        self._update_turn(
            failed.turn_id,
            state=failed.state.value,
            reason=failed.reason,
            end_time=self.now,
            retry_time=failed.retry_time,
            usage=json.dumps(asdict(failed.usage)),
        )

    def _give_back(self, failed: facts.TurnFailed) -> None:
        """Count a turn no more, on the day on which its start was counted."""
        day = find_start_day(
            self.connection,
            self.run_id,
            turn_id=failed.turn_id,
            attempt=failed.attempt,
        )
        self._spend(Usage(turns=-1), failed.model, day=day)

    def _supersede_turn(self, old: facts.TurnSuperseded) -> None:
        state = self.log.turns[old.turn_id]
        if state.attempt == old.attempt:
            self._update_turn(old.turn_id, state=state.state.value)
        self._panel.drop_attempt(old)

    def _update_turn(self, turn_id: str, **values: Any) -> None:
        self.connection.execute(
            update(TURNS)
            .where(TURNS.c.run_id == self.run_id, TURNS.c.turn_id == turn_id)
            .values(**values)
        )
