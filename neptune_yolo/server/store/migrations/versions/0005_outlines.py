"""Outlines of chunks, so that long series are drawn without reading all their points."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "float_outlines",
        sa.Column("attribute_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_step", sa.Double(), nullable=False),
        sa.Column("last_step", sa.Double(), nullable=False),
        sa.Column("point_count", sa.Integer(), nullable=False, comment="of the chunk that begins at the same step"),
        sa.Column(
            "points", sa.LargeBinary(), nullable=False, comment="those of the chunk that are enough to draw it small"
        ),
        sa.ForeignKeyConstraint(
            ["attribute_pk"], ["attributes.pk"], name=op.f("fk_float_outlines_attribute_pk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attribute_pk", "first_step", name=op.f("pk_float_outlines")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("float_outlines")
