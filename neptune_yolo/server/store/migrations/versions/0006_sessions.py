"""Which process sent a batch, and its points without a step, so that they are known when they come again."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.add_column(
        "replays",
        sa.Column("session_id", sa.String(length=36), comment="process of the client that sent it; null: unknown"),
    )
    op.add_column(
        "replays",
        sa.Column(
            "unnumbered",
            sa.Text(),
            comment="JSON object: series -> number of its points that came without a step",
        ),
    )


def downgrade() -> None:
    op.drop_column("replays", "unnumbered")
    op.drop_column("replays", "session_id")
