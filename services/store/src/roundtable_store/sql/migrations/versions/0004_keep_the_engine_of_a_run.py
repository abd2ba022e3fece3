"""Keep the engine of a run, so that a claim can leave some out."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Move the schema forward; of runs that are there nobody knows the engine."""
    op.add_column(
        "runs",
        sa.Column("engine", sa.BigInteger(), nullable=False, server_default="0"),
    )
