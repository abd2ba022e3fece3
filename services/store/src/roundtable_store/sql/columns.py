"""What all tables are made of."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, LargeBinary, MetaData
from sqlmodel import SQLModel

from roundtable_store.sql.times import UtcMicroseconds

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Row(SQLModel):
    """A row of one of our tables."""

    metadata = METADATA


def moment(name: str, *, nullable: bool = False) -> Column[datetime]:
    """Return a column for a moment in UTC, kept to the microsecond."""
    return Column(name, UtcMicroseconds(), nullable=nullable)


def number(name: str) -> Column[int]:
    """Return a column for a whole number of 64 bits."""
    return Column(name, BigInteger(), nullable=False)


def blob(name: str, *, nullable: bool = False) -> Column[bytes]:
    """Return a column for bytes."""
    return Column(name, LargeBinary(), nullable=nullable)


def owned_by_run() -> ForeignKeyConstraint:
    """Return what deletes a row with its run."""
    return ForeignKeyConstraint(["run_id"], ["runs.run_id"], ondelete="CASCADE")
