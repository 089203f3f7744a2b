"""Uploads are kept by when they were used last, and the column says so."""

from collections.abc import Sequence

from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.drop_index(op.f("ix_uploads_created_ms"), table_name="uploads")
    op.execute("ALTER TABLE uploads RENAME COLUMN created_ms TO used_ms")
    op.create_index(op.f("ix_uploads_used_ms"), "uploads", ["used_ms"])


def downgrade() -> None:
    op.drop_index(op.f("ix_uploads_used_ms"), table_name="uploads")
    op.execute("ALTER TABLE uploads RENAME COLUMN used_ms TO created_ms")
    op.create_index(op.f("ix_uploads_created_ms"), "uploads", ["created_ms"])
