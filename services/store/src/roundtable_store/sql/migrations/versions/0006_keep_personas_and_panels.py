"""Keep the personas and panels that people write."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema forward."""
    _create_personas()
    _create_panels()


def _create_personas() -> None:
    op.create_table(
        "personas",
        sa.Column("persona_id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("create_id", sa.String(), nullable=False),
        sa.Column("is_archived", sa.Boolean(), nullable=False),
        sa.Column("pack", sa.String(), nullable=False),
        sa.Column("words_folded", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("persona_id", name=op.f("pk_personas")),
    )
    op.create_index(
        op.f("ix_personas_owner_is_archived_create_time_persona_id"),
        "personas",
        ["owner", "is_archived", "create_time", "persona_id"],
    )
    op.create_index(op.f("ix_personas_create_id"), "personas", ["create_id"])
    op.create_table(
        "persona_versions",
        sa.Column("persona_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["persona_id"],
            ["personas.persona_id"],
            name=op.f("fk_persona_versions_persona_id_personas"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "persona_id", "version", name=op.f("pk_persona_versions")
        ),
    )


def _create_panels() -> None:
    op.create_table(
        "panels",
        sa.Column("panel_id", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("discussion_rounds", sa.Integer(), nullable=False),
        sa.Column("control", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("create_time", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("panel_id", name=op.f("pk_panels")),
    )
    op.create_index(
        op.f("ix_panels_owner_create_time_panel_id"),
        "panels",
        ["owner", "create_time", "panel_id"],
    )
    op.create_table(
        "panel_seats",
        sa.Column("panel_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("persona_id", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["panel_id"],
            ["panels.panel_id"],
            name=op.f("fk_panel_seats_panel_id_panels"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("panel_id", "position", name=op.f("pk_panel_seats")),
    )
    op.create_index(op.f("ix_panel_seats_persona_id"), "panel_seats", ["persona_id"])
