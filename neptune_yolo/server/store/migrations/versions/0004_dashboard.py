"""Saved views of pages, and one-time keys that were used."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "saved_views",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False, comment="page that it is of: runs or charts"),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False, comment="name of the user who saved it last"),
        sa.Column("content", sa.Text(), nullable=False, comment="JSON, as the page made it"),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("modified_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_saved_views_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_views")),
        sa.UniqueConstraint("project_id", "kind", "name", name=op.f("uq_saved_views_project_id_kind_name")),
    )
    op.create_table(
        "used_keys",
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of a one-time key that was used"),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_keys")),
    )
    op.create_index(op.f("ix_used_keys_expires_ms"), "used_keys", ["expires_ms"])


def downgrade() -> None:
    op.drop_index(op.f("ix_used_keys_expires_ms"), table_name="used_keys")
    op.drop_table("used_keys")
    op.drop_table("saved_views")
