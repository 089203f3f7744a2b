"""Image series, models and their versions, artifacts, and blobs that may no longer be in use."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "released_blobs",
        sa.Column("pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column(
            "sha256", sa.String(length=64), nullable=False, comment="of a blob that an attribute no longer refers to"
        ),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_released_blobs")),
    )
    op.create_index(op.f("ix_released_blobs_sha256"), "released_blobs", ["sha256"], unique=False)
    op.create_table(
        "artifacts",
        sa.Column("pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column("hash", sa.String(length=128), nullable=False),
        sa.Column(
            "size_bytes",
            sa.BigInteger(),
            nullable=True,
            comment="sum over the files; null if one of them has no known size",
        ),
        sa.Column("is_complete", sa.Boolean(), nullable=False, comment="whether files are described"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_artifacts_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_artifacts")),
        sa.UniqueConstraint("project_id", "hash", name=op.f("uq_artifacts_project_id_hash")),
    )
    op.create_table(
        "artifact_files",
        sa.Column("artifact_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("metadata", sa.Text(), nullable=False, comment="JSON array of pairs of key and value"),
        sa.ForeignKeyConstraint(
            ["artifact_pk"], ["artifacts.pk"], name=op.f("fk_artifact_files_artifact_pk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("artifact_pk", "position", name=op.f("pk_artifact_files")),
    )
    op.create_table(
        "models",
        sa.Column("container_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_count", sa.Integer(), nullable=False, comment="versions ever created, gives their numbers"),
        sa.ForeignKeyConstraint(
            ["container_pk"], ["containers.pk"], name=op.f("fk_models_container_pk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("container_pk", name=op.f("pk_models")),
    )
    op.create_table(
        "image_points",
        sa.Column("attribute_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.Double(), nullable=False),
        sa.Column("timestamp_ms", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["attribute_pk"], ["attributes.pk"], name=op.f("fk_image_points_attribute_pk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attribute_pk", "step", name=op.f("pk_image_points")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_image_points_sha256"), "image_points", ["sha256"], unique=False)
    op.create_table(
        "model_versions",
        sa.Column("container_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("model_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["container_pk"], ["containers.pk"], name=op.f("fk_model_versions_container_pk"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["model_pk"], ["models.container_pk"], name=op.f("fk_model_versions_model_pk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("container_pk", name=op.f("pk_model_versions")),
    )
    op.create_index(op.f("ix_model_versions_model_pk"), "model_versions", ["model_pk"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_model_versions_model_pk"), table_name="model_versions")
    op.drop_table("model_versions")
    op.drop_index(op.f("ix_image_points_sha256"), table_name="image_points")
    op.drop_table("image_points")
    op.drop_table("models")
    op.drop_table("artifact_files")
    op.drop_table("artifacts")
    op.drop_index(op.f("ix_released_blobs_sha256"), table_name="released_blobs")
    op.drop_table("released_blobs")
