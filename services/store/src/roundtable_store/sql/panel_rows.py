"""What a panel makes of a document, in SQL: its findings, and what comes of them."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, update

from roundtable_store.records import facts
from roundtable_store.sql.tables import FINDINGS, RUN_BODIES, STANCES


@dataclass(frozen=True, slots=True)
class PanelRows:
    """The rows of one run, moved at one time."""

    connection: Connection
    run_id: str
    owner: str
    now: datetime

    def move(self, fact: facts.RowFact, *, position: int) -> None:
        """Move the rows that a fact speaks of; its position is its sequence."""
        match fact:
            case facts.FindingAdded():
                self._add_finding(fact, position=position)
            case facts.FindingChanged():
                self._change_finding(fact)
            case facts.FindingWithdrawn():
                self._drop_finding(fact.finding_id)
            case facts.DispositionSet():
                self._answer_finding(fact)
            case facts.StanceChanged():
                self._add_stance(fact, position=position)
            case facts.DecisionSet():
                self._set_bodies(decision=fact.body, synthesis=None)
            case facts.ClustersSet():
                self._set_bodies(clusters=fact.body)
            case facts.AgendaSet():
                self._set_agenda(fact)
            case facts.SynthesisSet():
                self._set_bodies(synthesis=fact.body)

    def drop_attempt(self, old: facts.TurnSuperseded) -> None:
        """Forget all findings and stances of an attempt."""
        for table in (FINDINGS, STANCES):
            self.connection.execute(
                delete(table).where(
                    table.c.run_id == self.run_id,
                    table.c.turn_id == old.turn_id,
                    table.c.attempt == old.attempt,
                )
            )

    def _add_finding(self, added: facts.FindingAdded, *, position: int) -> None:
        self.connection.execute(
            insert(FINDINGS),
            {
                "run_id": self.run_id,
                "finding_id": added.finding_id,
                "owner": self.owner,
                "turn_id": added.turn_id,
                "attempt": added.attempt,
                "position": position,
                "disposition": added.disposition.value,
                "disposition_reason": added.disposition_reason,
                "body": added.body,
            },
        )

    def _change_finding(self, changed: facts.FindingChanged) -> None:
        self._update_finding(
            changed.finding_id,
            disposition=changed.disposition.value,
            disposition_reason=changed.disposition_reason,
            body=changed.body,
        )

    def _answer_finding(self, answer: facts.DispositionSet) -> None:
        self._update_finding(
            answer.finding_id,
            answer=answer.disposition.value,
            answer_reason=answer.reason,
            answer_time=self.now,
        )

    def _update_finding(
        self, finding_id: str, **values: bytes | str | datetime | None
    ) -> None:
        self.connection.execute(
            update(FINDINGS).where(*self._is_finding(finding_id)).values(**values)
        )

    def _drop_finding(self, finding_id: str) -> None:
        self.connection.execute(delete(FINDINGS).where(*self._is_finding(finding_id)))

    def _is_finding(self, finding_id: str) -> tuple[ColumnElement[bool], ...]:
        return (
            FINDINGS.c.run_id == self.run_id,
            FINDINGS.c.finding_id == finding_id,
        )

    def _add_stance(self, changed: facts.StanceChanged, *, position: int) -> None:
        self.connection.execute(
            insert(STANCES),
            {
                "run_id": self.run_id,
                "position": position,
                "owner": self.owner,
                "turn_id": changed.turn_id,
                "attempt": changed.attempt,
                "body": changed.body,
            },
        )

    def _set_agenda(self, agenda: facts.AgendaSet) -> None:
        self.connection.execute(delete(STANCES).where(STANCES.c.run_id == self.run_id))
        self._set_bodies(agenda=agenda.body)

    def _set_bodies(self, **bodies: bytes | None) -> None:
        self.connection.execute(
            update(RUN_BODIES)
            .where(RUN_BODIES.c.run_id == self.run_id)
            .values(**bodies)
        )
