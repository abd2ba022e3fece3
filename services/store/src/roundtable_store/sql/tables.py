"""The tables. Alembic's migrations are their only author; a test holds the two equal.

Every row has an owner. Hot columns of a run stand apart from its body, because SQLite
writes a whole row anew for each change of it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    UniqueConstraint,
)
from sqlmodel import Field

from roundtable_store.sql.columns import (
    METADATA,
    Row,
    blob,
    moment,
    number,
    owned_by_run,
)


class DocumentRow(Row, table=True):
    """A document; `root_id` is the first of its line of revisions."""

    __tablename__ = "documents"
    __table_args__: Any = (
        ForeignKeyConstraint(
            ["revision_of"], ["documents.document_id"], ondelete="CASCADE"
        ),
        UniqueConstraint("root_id", "revision"),
        Index(None, "owner", "create_time", "document_id"),
        Index(None, "create_time", "document_id"),
        Index(None, "revision_of"),
    )

    document_id: str = Field(primary_key=True)
    owner: str
    root_id: str
    revision: int
    revision_of: str | None
    create_time: datetime = Field(sa_column=moment("create_time"))
    body: bytes = Field(sa_column=blob("body"))


class DocumentPartRow(Row, table=True):
    """At most 256 KiB of a document's bytes, text or paragraphs."""

    __tablename__ = "document_parts"
    __table_args__: Any = (
        ForeignKeyConstraint(
            ["document_id"], ["documents.document_id"], ondelete="CASCADE"
        ),
    )

    document_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    owner: str
    body: bytes = Field(sa_column=blob("body"))


class RunRow(Row, table=True):
    """A run's columns that change, its lease among them.

    `rest_time` is when it came to rest; a run without one can be claimed.
    """

    __tablename__ = "runs"
    __table_args__: Any = (
        ForeignKeyConstraint(
            ["document_id"], ["documents.document_id"], ondelete="CASCADE"
        ),
        Index(None, "owner", "create_time", "run_id"),
        Index(None, "create_time", "run_id"),
        Index(None, "state", "create_time", "run_id"),
        Index(None, "document_id", "create_time", "run_id"),
        Index(None, "rest_time", "create_time", "run_id"),
        Index(None, "is_folded", "rest_time"),
        Index(None, "claim_request_id"),
    )

    run_id: str = Field(primary_key=True)
    owner: str
    document_id: str
    title_folded: str
    engine: int = Field(
        sa_column=Column("engine", BigInteger(), nullable=False, server_default="0")
    )
    state: str
    reason: str
    is_queued: bool
    is_cancel_requested: bool
    is_folded: bool
    last_sequence: int = Field(sa_column=number("last_sequence"))
    create_time: datetime = Field(sa_column=moment("create_time"))
    start_time: datetime | None = Field(sa_column=moment("start_time", nullable=True))
    end_time: datetime | None = Field(sa_column=moment("end_time", nullable=True))
    reopen_time: datetime | None = Field(sa_column=moment("reopen_time", nullable=True))
    rest_time: datetime | None = Field(sa_column=moment("rest_time", nullable=True))
    input_tokens: int = Field(sa_column=number("input_tokens"))
    output_tokens: int = Field(sa_column=number("output_tokens"))
    cache_read_tokens: int = Field(sa_column=number("cache_read_tokens"))
    cost_usd: float | None
    turns: int
    progress: bytes | None = Field(sa_column=blob("progress", nullable=True))
    pause: bytes | None = Field(sa_column=blob("pause", nullable=True))
    holder: str
    incarnation: str
    claim_request_id: str
    fencing_token: int = Field(sa_column=number("fencing_token"))
    appended: int = Field(sa_column=number("appended"))
    expire_time: datetime | None = Field(sa_column=moment("expire_time", nullable=True))


class RunBodyRow(Row, table=True):
    """What is large in a run and seldom changes."""

    __tablename__ = "run_bodies"
    __table_args__: Any = (owned_by_run(),)

    run_id: str = Field(primary_key=True)
    owner: str
    body: bytes = Field(sa_column=blob("body"))
    decision: bytes | None = Field(sa_column=blob("decision", nullable=True))
    clusters: bytes | None = Field(sa_column=blob("clusters", nullable=True))
    agenda: bytes | None = Field(sa_column=blob("agenda", nullable=True))
    synthesis: bytes | None = Field(sa_column=blob("synthesis", nullable=True))


class EventRow(Row, table=True):
    """The log."""

    __tablename__ = "events"
    __table_args__: Any = (owned_by_run(), {"sqlite_with_rowid": False})

    run_id: str = Field(primary_key=True)
    sequence: int = Field(
        sa_column=Column(
            "sequence", BigInteger(), primary_key=True, autoincrement=False
        )
    )
    owner: str
    time: datetime = Field(sa_column=moment("time"))
    event_type: str
    turn_id: str
    attempt: int
    payload: bytes = Field(sa_column=blob("payload"))


class TurnRow(Row, table=True):
    """A turn at its latest attempt; `position` is the sequence of its first start.

    An answer has the number of its `question`, any other turn 0. It is there before its
    first attempt, at the position that its start might have.
    """

    __tablename__ = "turns"
    __table_args__: Any = (owned_by_run(),)

    run_id: str = Field(primary_key=True)
    turn_id: str = Field(primary_key=True)
    owner: str
    position: int = Field(sa_column=number("position"))
    attempt: int
    state: str
    reason: str
    next_part_index: int
    end_time: datetime | None = Field(sa_column=moment("end_time", nullable=True))
    retry_time: datetime | None = Field(sa_column=moment("retry_time", nullable=True))
    usage: str | None
    question: int = Field(
        sa_column=Column("question", BigInteger(), nullable=False, server_default="0")
    )
    body: bytes = Field(sa_column=blob("body"))


class FindingRow(Row, table=True):
    """A finding that counts; `position` is the sequence that added it.

    The disposition is the one it came with; the author's answer stands apart from it
    and from the body, which the conductor may change.
    """

    __tablename__ = "findings"
    __table_args__: Any = (owned_by_run(),)

    run_id: str = Field(primary_key=True)
    finding_id: str = Field(primary_key=True)
    owner: str
    turn_id: str
    attempt: int
    position: int = Field(sa_column=number("position"))
    disposition: str = Field(
        sa_column=Column("disposition", String(), nullable=False, server_default="open")
    )
    disposition_reason: str | None
    answer: str | None
    answer_reason: str | None
    answer_time: datetime | None = Field(sa_column=moment("answer_time", nullable=True))
    body: bytes = Field(sa_column=blob("body"))


class StanceRow(Row, table=True):
    """What a panelist said of an item of the agenda that stands."""

    __tablename__ = "stances"
    __table_args__: Any = (owned_by_run(),)

    run_id: str = Field(primary_key=True)
    position: int = Field(
        sa_column=Column(
            "position", BigInteger(), primary_key=True, autoincrement=False
        )
    )
    owner: str
    turn_id: str
    attempt: int
    body: bytes = Field(sa_column=blob("body"))


class DayUsageRow(Row, table=True):
    """What an owner's turns on a model have used in a day; it outlives their runs."""

    __tablename__ = "usage_by_day"

    day: str = Field(primary_key=True)
    owner: str = Field(primary_key=True)
    model: str = Field(primary_key=True)
    input_tokens: int = Field(sa_column=number("input_tokens"))
    output_tokens: int = Field(sa_column=number("output_tokens"))
    cache_read_tokens: int = Field(sa_column=number("cache_read_tokens"))
    cost_usd: float | None
    turns: int = Field(sa_column=number("turns"))


class CreateKeyRow(Row, table=True):
    """An idempotency key of a create, kept for a day."""

    __tablename__ = "create_keys"
    __table_args__: Any = (Index(None, "create_time"), Index(None, "object_id"))

    owner: str = Field(primary_key=True)
    method: str = Field(primary_key=True)
    request_id: str = Field(primary_key=True)
    fingerprint: str
    object_id: str
    create_time: datetime = Field(sa_column=moment("create_time"))


class TokenRow(Row, table=True):
    """A personal token, or a session, which has one as its parent; no secret."""

    __tablename__ = "tokens"
    __table_args__: Any = (
        ForeignKeyConstraint(["parent_id"], ["tokens.token_id"], ondelete="CASCADE"),
        UniqueConstraint("digest"),
        Index(None, "owner", "kind", "create_time", "token_id"),
        Index(None, "parent_id", "create_time"),
        Index(None, "expire_time"),
    )

    token_id: str = Field(primary_key=True)
    owner: str
    kind: str
    name: str
    digest: bytes = Field(sa_column=blob("digest"))
    parent_id: str | None
    request_id: str
    create_time: datetime = Field(sa_column=moment("create_time"))
    expire_time: datetime = Field(sa_column=moment("expire_time"))
    last_use_time: datetime | None = Field(
        sa_column=moment("last_use_time", nullable=True)
    )


class InstallationRow(Row, table=True):
    """What is remembered of the installation, a row a fact; the owner is empty."""

    __tablename__ = "installation"

    name: str = Field(primary_key=True)
    owner: str
    time: datetime = Field(sa_column=moment("time"))


DOCUMENTS: Table = METADATA.tables["documents"]
DOCUMENT_PARTS: Table = METADATA.tables["document_parts"]
RUNS: Table = METADATA.tables["runs"]
RUN_BODIES: Table = METADATA.tables["run_bodies"]
EVENTS: Table = METADATA.tables["events"]
TURNS: Table = METADATA.tables["turns"]
FINDINGS: Table = METADATA.tables["findings"]
STANCES: Table = METADATA.tables["stances"]
USAGE_BY_DAY: Table = METADATA.tables["usage_by_day"]
CREATE_KEYS: Table = METADATA.tables["create_keys"]
INSTALLATION: Table = METADATA.tables["installation"]
TOKENS: Table = METADATA.tables["tokens"]
