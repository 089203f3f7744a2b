"""Tables. The migrations create them; a test holds the two equal."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

RowNumber = BigInteger().with_variant(Integer, "sqlite")

projects = Table(
    "projects",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("workspace", String(128), nullable=False),
    Column("name", String(128), nullable=False),
    Column("key", String(128), nullable=False),
    Column("visibility", String(16), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("run_count", Integer, nullable=False, server_default="0", comment="runs ever created, gives their numbers"),
    UniqueConstraint("workspace", "name"),
    UniqueConstraint("workspace", "key"),
)

containers = Table(
    "containers",
    metadata,
    Column("pk", RowNumber, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("type", String(16), nullable=False),
    Column("sys_id", String(160), nullable=False),
    Column("project_id", String(36), ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("owner", String(128), nullable=False),
    Column("trashed", Boolean(create_constraint=False), nullable=False),
    Column("custom_run_id", String(255)),
    Column("created_ms", BigInteger, nullable=False),
    Column("pinged_ms", BigInteger, nullable=False),
    Column("modified_ms", BigInteger, nullable=False),
    Column("running_ms", BigInteger, nullable=False),
    UniqueConstraint("project_id", "sys_id"),
    UniqueConstraint("project_id", "custom_run_id"),
)

attributes = Table(
    "attributes",
    metadata,
    Column("pk", RowNumber, primary_key=True, autoincrement=True),
    Column("container_pk", RowNumber, ForeignKey("containers.pk", ondelete="CASCADE"), nullable=False),
    Column("path", String(1024), nullable=False),
    Column("type", String(32), nullable=False),
    Column("float_value", Double, comment="float, or last value of a float series"),
    Column("int_value", BigInteger, comment="int, bool (0 or 1), datetime (ms), or size of a file (bytes)"),
    Column("string_value", Text, comment="string, last value of a string series, hash of a file, JSON of a gitRef"),
    Column("extension", String(255), comment="of a file"),
    Column("last_step", Double, comment="of a series"),
    Column("point_count", BigInteger, nullable=False, server_default="0", comment="of a series"),
    Column("axis_minimum", Double, comment="of a float series"),
    Column("axis_maximum", Double, comment="of a float series"),
    Column("axis_unit", String(255), comment="of a float series"),
    UniqueConstraint("container_pk", "path"),
)


def _points(name: str, value: Column[float] | Column[str]) -> Table:
    return Table(
        name,
        metadata,
        Column("attribute_pk", RowNumber, ForeignKey("attributes.pk", ondelete="CASCADE"), primary_key=True),
        Column("step", Double, primary_key=True),
        Column("timestamp_ms", BigInteger, nullable=False),
        value,
        sqlite_with_rowid=False,
    )


float_points = _points("float_points", Column("value", Double, nullable=False))
string_points = _points("string_points", Column("value", Text, nullable=False))

image_points = Table(
    "image_points",
    metadata,
    Column("attribute_pk", RowNumber, ForeignKey("attributes.pk", ondelete="CASCADE"), primary_key=True),
    Column("step", Double, primary_key=True),
    Column("timestamp_ms", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("media_type", String(64), nullable=False),
    Column("name", Text),
    Column("description", Text),
    sqlite_with_rowid=False,
)

set_strings = Table(
    "set_strings",
    metadata,
    Column("attribute_pk", RowNumber, ForeignKey("attributes.pk", ondelete="CASCADE"), primary_key=True),
    Column("value", String(16384), primary_key=True),
    sqlite_with_rowid=False,
)

file_entries = Table(
    "file_entries",
    metadata,
    Column("attribute_pk", RowNumber, ForeignKey("attributes.pk", ondelete="CASCADE"), primary_key=True),
    Column("sub_path", String(1024), primary_key=True, comment="empty for a file, relative path in a file set"),
    Column("extension", String(255), nullable=False),
    Column("sha256", String(64), nullable=False, index=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("modified_ms", BigInteger, nullable=False),
)

released_blobs = Table(
    "released_blobs",
    metadata,
    Column("pk", RowNumber, primary_key=True, autoincrement=True),
    Column("sha256", String(64), nullable=False, index=True, comment="of a blob that an attribute no longer refers to"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("container_pk", RowNumber, ForeignKey("containers.pk", ondelete="CASCADE"), nullable=False),
    Column("path", String(1024), nullable=False),
    Column("type", String(32), nullable=False),
    Column("extension", String(255), nullable=False),
    Column("sub_path", String(1024), nullable=False),
    Column("total_bytes", BigInteger, nullable=False),
    Column("finished", Boolean(create_constraint=False), nullable=False),
    Column("created_ms", BigInteger, nullable=False, index=True),
)

upload_parts = Table(
    "upload_parts",
    metadata,
    Column("upload_id", String(36), ForeignKey("uploads.id", ondelete="CASCADE"), primary_key=True),
    Column("part_index", Integer, primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
)

replays = Table(
    "replays",
    metadata,
    Column("pk", RowNumber, primary_key=True, autoincrement=True),
    Column("container_pk", RowNumber, ForeignKey("containers.pk", ondelete="CASCADE"), nullable=False),
    Column("digest", String(64), nullable=False, comment="SHA-256 of the batch as it came"),
    Column("errors", Text, nullable=False, comment="JSON array of the sentences it was answered with"),
    Column("created_ms", BigInteger, nullable=False),
    UniqueConstraint("container_pk", "digest"),
)

models = Table(
    "models",
    metadata,
    Column("container_pk", RowNumber, ForeignKey("containers.pk", ondelete="CASCADE"), primary_key=True),
    Column("version_count", Integer, nullable=False, comment="versions ever created, gives their numbers"),
)

model_versions = Table(
    "model_versions",
    metadata,
    Column("container_pk", RowNumber, ForeignKey("containers.pk", ondelete="CASCADE"), primary_key=True),
    Column("model_pk", RowNumber, ForeignKey("models.container_pk", ondelete="CASCADE"), nullable=False, index=True),
)

artifacts = Table(
    "artifacts",
    metadata,
    Column("pk", RowNumber, primary_key=True, autoincrement=True),
    Column("project_id", String(36), ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("hash", String(128), nullable=False),
    Column("size_bytes", BigInteger, comment="sum over the files; null if one of them has no known size"),
    Column("is_complete", Boolean(create_constraint=False), nullable=False, comment="whether files are described"),
    UniqueConstraint("project_id", "hash"),
)

artifact_files = Table(
    "artifact_files",
    metadata,
    Column("artifact_pk", RowNumber, ForeignKey("artifacts.pk", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("path", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("type", String(32), nullable=False),
    Column("size_bytes", BigInteger),
    Column("metadata", Text, nullable=False, comment="JSON array of pairs of key and value"),
)
