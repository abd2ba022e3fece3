"""The tables of personas and panels that people wrote; see `tables`."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, Table
from sqlmodel import Field

from roundtable_store.sql.columns import METADATA, Row, blob, moment


class PersonaRow(Row, table=True):
    """A persona that somebody wrote; those of one create share `create_id`."""

    __tablename__ = "personas"
    __table_args__: Any = (
        Index(None, "owner", "is_archived", "create_time", "persona_id"),
        Index(None, "create_id"),
    )

    persona_id: str = Field(primary_key=True)
    owner: str
    create_id: str
    is_archived: bool
    pack: str
    words_folded: str
    version: int
    create_time: datetime = Field(sa_column=moment("create_time"))


class PersonaVersionRow(Row, table=True):
    """What a version of a persona says; `request_id` is the change that made it."""

    __tablename__ = "persona_versions"
    __table_args__: Any = (
        ForeignKeyConstraint(
            ["persona_id"], ["personas.persona_id"], ondelete="CASCADE"
        ),
    )

    persona_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    owner: str
    request_id: str
    body: bytes = Field(sa_column=blob("body"))


class PanelRow(Row, table=True):
    """A panel that somebody put together; `request_id` is its last change."""

    __tablename__ = "panels"
    __table_args__: Any = (Index(None, "owner", "create_time", "panel_id"),)

    panel_id: str = Field(primary_key=True)
    owner: str
    name: str
    discussion_rounds: int
    control: bool
    version: int
    request_id: str
    create_time: datetime = Field(sa_column=moment("create_time"))


class PanelSeatRow(Row, table=True):
    """A seat; its persona is a built-in one or stands in `personas`."""

    __tablename__ = "panel_seats"
    __table_args__: Any = (
        ForeignKeyConstraint(["panel_id"], ["panels.panel_id"], ondelete="CASCADE"),
        Index(None, "persona_id"),
    )

    panel_id: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    owner: str
    persona_id: str
    model: str


PERSONAS: Table = METADATA.tables["personas"]
PERSONA_VERSIONS: Table = METADATA.tables["persona_versions"]
PANELS: Table = METADATA.tables["panels"]
PANEL_SEATS: Table = METADATA.tables["panel_seats"]
