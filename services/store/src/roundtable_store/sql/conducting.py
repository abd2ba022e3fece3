"""Leases and appends in SQL, as conductors use them."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select, update

from roundtable_kit.clock import Clock
from roundtable_store.records.callers import Caller, CallerKind
from roundtable_store.records.findings import Rejection
from roundtable_store.records.leases import (
    Append,
    Claim,
    ClaimRequest,
    Renewal,
    require_token,
)
from roundtable_store.records.runs import Usage, run_not_found
from roundtable_store.sql.appending import append
from roundtable_store.sql.database import Database
from roundtable_store.sql.day_usage import read_day_usage
from roundtable_store.sql.rejections import read_rejections
from roundtable_store.sql.run_rows import get_detail, get_run
from roundtable_store.sql.tables import RUNS

_GATEWAY = Caller(CallerKind.GATEWAY)
_IS_AWAKE = RUNS.c.rest_time.is_(None)


class SqlConducting:
    """Keeps leases in the database, and appends under them."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def claim(self, request: ClaimRequest) -> Claim | None:
        """Claim a run; None when there is nothing to drive."""
        return await self._database.write(
            lambda transaction: _claim(
                transaction.connection, request, now=self._clock.now()
            )
        )

    async def renew(
        self, run_id: str, fencing_token: int, *, duration: timedelta
    ) -> Renewal:
        """Prolong a lease."""
        return await self._database.write(
            lambda transaction: _renew(
                transaction.connection,
                run_id,
                fencing_token=fencing_token,
                expire_time=self._clock.now() + duration,
            )
        )

    async def release(self, run_id: str, fencing_token: int) -> None:
        """Give a lease back; a repetition changes nothing."""
        await self._database.write(
            lambda transaction: _release(transaction.connection, run_id, fencing_token)
        )

    async def append(self, request: Append) -> int:
        """Append to a log and move the records; return the log's last sequence."""
        return await self._database.write(
            lambda transaction: append(transaction, request, now=self._clock.now())
        )

    async def list_rejections(self, run_id: str) -> tuple[Rejection, ...]:
        """Return what the run's owner rejected in other runs on the document."""
        return await self._database.read(
            lambda connection: read_rejections(
                connection, get_run(connection, _GATEWAY, run_id)
            )
        )

    async def day_usage(self, day: date) -> Usage:
        """Return what all runs have used on a day in UTC, deleted ones too."""
        return await self._database.read(
            lambda connection: read_day_usage(connection, day)
        )


def _claim(
    connection: Connection, request: ClaimRequest, *, now: datetime
) -> Claim | None:
    known = _find_claimed(connection, request, now=now)
    if known is not None:
        return _to_claim(connection, known)
    run_id = _find_claimable(connection, request, now=now)
    if run_id is None:
        return None
    connection.execute(
        update(RUNS)
        .where(RUNS.c.run_id == run_id)
        .values(
            holder=request.holder,
            incarnation=request.incarnation,
            claim_request_id=request.request_id,
            fencing_token=RUNS.c.fencing_token + 1,
            appended=0,
            expire_time=now + request.duration,
        )
    )
    return _to_claim(connection, run_id)


def _find_claimed(
    connection: Connection, request: ClaimRequest, *, now: datetime
) -> str | None:
    """Return the run that the same request has claimed before."""
    run_id: str | None = connection.execute(
        select(RUNS.c.run_id).where(
            RUNS.c.claim_request_id == request.request_id,
            RUNS.c.holder == request.holder,
            RUNS.c.expire_time > now,
            *_only(request),
        )
    ).scalar_one_or_none()
    return run_id


def _find_claimable(
    connection: Connection, request: ClaimRequest, *, now: datetime
) -> str | None:
    is_free = or_(RUNS.c.holder == "", RUNS.c.expire_time <= now, *_taken_back(request))
    run_id: str | None = connection.execute(
        select(RUNS.c.run_id)
        .where(_IS_AWAKE, is_free, *_narrowed(request))
        .order_by(RUNS.c.create_time, RUNS.c.run_id)
        .limit(1)
    ).scalar_one_or_none()
    return run_id


def _taken_back(request: ClaimRequest) -> list[ColumnElement[bool]]:
    """Return what makes a run claimable although this holder has it."""
    if request.incarnation:
        return [
            and_(
                RUNS.c.holder == request.holder,
                RUNS.c.incarnation != request.incarnation,
            )
        ]
    return []


def _narrowed(request: ClaimRequest) -> list[ColumnElement[bool]]:
    if request.run_id is None and request.except_engines:
        return [RUNS.c.engine.not_in(request.except_engines)]
    return _only(request)


def _only(request: ClaimRequest) -> list[ColumnElement[bool]]:
    return [] if request.run_id is None else [RUNS.c.run_id == request.run_id]


def _to_claim(connection: Connection, run_id: str) -> Claim:
    run = get_run(connection, _GATEWAY, run_id)
    lease = _get_lease(connection, run_id)
    return Claim(
        detail=get_detail(connection, run),
        owner=run.owner,
        fencing_token=lease.fencing_token,
        expire_time=lease.expire_time,
        next_index=lease.appended,
    )


def _renew(
    connection: Connection, run_id: str, *, fencing_token: int, expire_time: datetime
) -> Renewal:
    lease = _get_lease(connection, run_id)
    require_token(
        fencing_token, current=lease.fencing_token, is_held=bool(lease.holder)
    )
    connection.execute(
        update(RUNS).where(RUNS.c.run_id == run_id).values(expire_time=expire_time)
    )
    return Renewal(expire_time, lease.is_cancel_requested)


def _release(connection: Connection, run_id: str, fencing_token: int) -> None:
    lease = _get_lease(connection, run_id)
    require_token(fencing_token, current=lease.fencing_token, is_held=True)
    connection.execute(
        update(RUNS)
        .where(RUNS.c.run_id == run_id)
        .values(holder="", claim_request_id="", expire_time=None)
    )


def _get_lease(connection: Connection, run_id: str) -> Row[*tuple[Any, ...]]:
    lease = connection.execute(
        select(
            RUNS.c.holder,
            RUNS.c.fencing_token,
            RUNS.c.appended,
            RUNS.c.expire_time,
            RUNS.c.is_cancel_requested,
        ).where(RUNS.c.run_id == run_id)
    ).one_or_none()
    if lease is None:
        raise run_not_found()
    return lease
