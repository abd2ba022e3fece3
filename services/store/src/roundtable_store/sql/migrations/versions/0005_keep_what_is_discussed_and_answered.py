"""Keep discussions, the author's answers and questions, and when runs came to rest."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema forward; the runs that are there came to rest at their end."""
    op.create_table(
        "stances",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("position", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("turn_id", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["runs.run_id"],
            name=op.f("fk_stances_run_id_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_stances")),
    )
    for name in ("clusters", "agenda", "synthesis"):
        op.add_column("run_bodies", sa.Column(name, sa.LargeBinary(), nullable=True))
    op.add_column(
        "turns",
        sa.Column("question", sa.BigInteger(), nullable=False, server_default="0"),
    )
    op.add_column(
        "findings",
        sa.Column("disposition", sa.String(), nullable=False, server_default="open"),
    )
    op.add_column("findings", sa.Column("disposition_reason", sa.String()))
    op.add_column("findings", sa.Column("answer", sa.String()))
    op.add_column("findings", sa.Column("answer_reason", sa.String()))
    op.add_column("findings", sa.Column("answer_time", sa.BigInteger()))
    _keep_when_runs_rest()


def _keep_when_runs_rest() -> None:
    for name in ("reopen_time", "rest_time"):
        op.add_column("runs", sa.Column(name, sa.BigInteger(), nullable=True))
    op.execute("UPDATE runs SET rest_time = end_time")
    op.drop_index(op.f("ix_runs_is_folded_end_time"), table_name="runs")
    op.create_index(
        op.f("ix_runs_is_folded_rest_time"), "runs", ["is_folded", "rest_time"]
    )
    op.create_index(
        op.f("ix_runs_rest_time_create_time_run_id"),
        "runs",
        ["rest_time", "create_time", "run_id"],
    )
