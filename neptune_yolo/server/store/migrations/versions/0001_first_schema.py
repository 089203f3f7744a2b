"""First schema: projects, containers, attributes, points, files, uploads, replays."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "projects",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("workspace", sa.String(length=128), nullable=False),
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("visibility", sa.String(length=16), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column(
            "run_count",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="runs ever created, gives their numbers",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_projects")),
        sa.UniqueConstraint("workspace", "key", name=op.f("uq_projects_workspace_key")),
        sa.UniqueConstraint("workspace", "name", name=op.f("uq_projects_workspace_name")),
    )
    op.create_table(
        "containers",
        sa.Column("pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=16), nullable=False),
        sa.Column("sys_id", sa.String(length=160), nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column("owner", sa.String(length=128), nullable=False),
        sa.Column("trashed", sa.Boolean(), nullable=False),
        sa.Column("custom_run_id", sa.String(length=255), nullable=True),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("pinged_ms", sa.BigInteger(), nullable=False),
        sa.Column("modified_ms", sa.BigInteger(), nullable=False),
        sa.Column("running_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_containers_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_containers")),
        sa.UniqueConstraint("id", name=op.f("uq_containers_id")),
        sa.UniqueConstraint("project_id", "custom_run_id", name=op.f("uq_containers_project_id_custom_run_id")),
        sa.UniqueConstraint("project_id", "sys_id", name=op.f("uq_containers_project_id_sys_id")),
    )
    op.create_table(
        "attributes",
        sa.Column("pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("container_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("path", sa.String(length=1024), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("float_value", sa.Double(), nullable=True, comment="float, or last value of a float series"),
        sa.Column(
            "int_value",
            sa.BigInteger(),
            nullable=True,
            comment="int, bool (0 or 1), datetime (ms), or size of a file (bytes)",
        ),
        sa.Column(
            "string_value",
            sa.Text(),
            nullable=True,
            comment="string, last value of a string series, hash of a file, JSON of a gitRef",
        ),
        sa.Column("extension", sa.String(length=255), nullable=True, comment="of a file"),
        sa.Column("last_step", sa.Double(), nullable=True, comment="of a series"),
        sa.Column("point_count", sa.BigInteger(), server_default="0", nullable=False, comment="of a series"),
        sa.Column("axis_minimum", sa.Double(), nullable=True, comment="of a float series"),
        sa.Column("axis_maximum", sa.Double(), nullable=True, comment="of a float series"),
        sa.Column("axis_unit", sa.String(length=255), nullable=True, comment="of a float series"),
        sa.ForeignKeyConstraint(
            ["container_pk"], ["containers.pk"], name=op.f("fk_attributes_container_pk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_attributes")),
        sa.UniqueConstraint("container_pk", "path", name=op.f("uq_attributes_container_pk_path")),
    )
    op.create_table(
        "replays",
        sa.Column("pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("container_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of the batch as it came"),
        sa.Column("errors", sa.Text(), nullable=False, comment="JSON array of the sentences it was answered with"),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["container_pk"], ["containers.pk"], name=op.f("fk_replays_container_pk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_replays")),
        sa.UniqueConstraint("container_pk", "digest", name=op.f("uq_replays_container_pk_digest")),
    )
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("container_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("path", sa.String(length=1024), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("extension", sa.String(length=255), nullable=False),
        sa.Column("sub_path", sa.String(length=1024), nullable=False),
        sa.Column("total_bytes", sa.BigInteger(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["container_pk"], ["containers.pk"], name=op.f("fk_uploads_container_pk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uploads")),
    )
    op.create_index(op.f("ix_uploads_created_ms"), "uploads", ["created_ms"], unique=False)
    op.create_table(
        "file_entries",
        sa.Column("attribute_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "sub_path", sa.String(length=1024), nullable=False, comment="empty for a file, relative path in a file set"
        ),
        sa.Column("extension", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("modified_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attribute_pk"], ["attributes.pk"], name=op.f("fk_file_entries_attribute_pk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attribute_pk", "sub_path", name=op.f("pk_file_entries")),
    )
    op.create_index(op.f("ix_file_entries_sha256"), "file_entries", ["sha256"], unique=False)
    op.create_table(
        "float_points",
        sa.Column("attribute_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.Double(), nullable=False),
        sa.Column("timestamp_ms", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attribute_pk"], ["attributes.pk"], name=op.f("fk_float_points_attribute_pk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attribute_pk", "step", name=op.f("pk_float_points")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "set_strings",
        sa.Column("attribute_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("value", sa.String(length=16384), nullable=False),
        sa.ForeignKeyConstraint(
            ["attribute_pk"], ["attributes.pk"], name=op.f("fk_set_strings_attribute_pk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attribute_pk", "value", name=op.f("pk_set_strings")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "string_points",
        sa.Column("attribute_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("step", sa.Double(), nullable=False),
        sa.Column("timestamp_ms", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attribute_pk"], ["attributes.pk"], name=op.f("fk_string_points_attribute_pk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attribute_pk", "step", name=op.f("pk_string_points")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "upload_parts",
        sa.Column("upload_id", sa.String(length=36), nullable=False),
        sa.Column("part_index", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["uploads.id"], name=op.f("fk_upload_parts_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "part_index", name=op.f("pk_upload_parts")),
    )


def downgrade() -> None:
    op.drop_table("upload_parts")
    op.drop_table("string_points")
    op.drop_table("set_strings")
    op.drop_table("float_points")
    op.drop_index(op.f("ix_file_entries_sha256"), table_name="file_entries")
    op.drop_table("file_entries")
    op.drop_index(op.f("ix_uploads_created_ms"), table_name="uploads")
    op.drop_table("uploads")
    op.drop_table("replays")
    op.drop_table("attributes")
    op.drop_table("containers")
    op.drop_table("projects")
