"""Keep pauses, times of retries, and what is used in a day."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema forward."""
    op.create_table(
        "usage_by_day",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("input_tokens", sa.BigInteger(), nullable=False),
        sa.Column("output_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cache_read_tokens", sa.BigInteger(), nullable=False),
        sa.Column("cost_usd", sa.Float(), nullable=True),
        sa.Column("turns", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "owner", "model", name=op.f("pk_usage_by_day")),
    )
    op.add_column("runs", sa.Column("pause", sa.LargeBinary(), nullable=True))
    op.add_column("turns", sa.Column("retry_time", sa.BigInteger(), nullable=True))
