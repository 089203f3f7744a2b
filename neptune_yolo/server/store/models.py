"""Tables. The migrations create them; a test holds the two equal."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
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
    Column("description", Text),
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
    Index(None, "project_id", "type", "created_ms"),
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
    Column("minimum", Double, comment="smallest value of a float series"),
    Column("maximum", Double, comment="largest value of a float series"),
    Column("mean", Double, comment="average value of a float series"),
    Column("squares", Double, comment="sum of the squared deviations from the mean of a float series"),
    UniqueConstraint("container_pk", "path"),
)

attribute_names = Table(
    "attribute_names",
    metadata,
    Column("project_id", String(36), ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    Column("container_type", String(16), primary_key=True),
    Column("path", String(1024), primary_key=True),
    Column("type", String(32), primary_key=True),
    sqlite_with_rowid=False,
    comment="what attributes the containers of a project have had",
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

float_chunks = Table(
    "float_chunks",
    metadata,
    Column("attribute_pk", RowNumber, ForeignKey("attributes.pk", ondelete="CASCADE"), primary_key=True),
    Column("first_step", Double, primary_key=True),
    Column("last_step", Double, nullable=False),
    Column("first_position", BigInteger, nullable=False, comment="of the first point in its series, from 0"),
    Column("point_count", Integer, nullable=False),
    Column("points", LargeBinary, nullable=False, comment="packed steps, timestamps and values"),
)

float_outlines = Table(
    "float_outlines",
    metadata,
    Column("attribute_pk", RowNumber, ForeignKey("attributes.pk", ondelete="CASCADE"), primary_key=True),
    Column("first_step", Double, primary_key=True),
    Column("last_step", Double, nullable=False),
    Column("point_count", Integer, nullable=False, comment="of the chunk that begins at the same step"),
    Column("points", LargeBinary, nullable=False, comment="those of the chunk that are enough to draw it small"),
    sqlite_with_rowid=False,
)

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
    Column("used_ms", BigInteger, nullable=False, index=True),
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
    Column("session_id", String(36), comment="process of the client that sent it; null: unknown"),
    Column("unnumbered", Text, comment="JSON object: series -> number of its points that came without a step"),
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

workspaces = Table(
    "workspaces",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("created_ms", BigInteger, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("name", String(128), primary_key=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("password_hash", Text, comment="null without a password"),
    Column("is_admin", Boolean(create_constraint=False), nullable=False, comment="may do everything on this server"),
    Column("is_service_account", Boolean(create_constraint=False), nullable=False),
    Column("is_active", Boolean(create_constraint=False), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("user_name", String(128), ForeignKey("users.name", ondelete="CASCADE"), nullable=False, index=True),
    Column("digest", String(64), nullable=False, unique=True, comment="SHA-256 of the secret"),
    Column("label", String(255), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
    Column("expires_ms", BigInteger, comment="null: never"),
    Column("revoked_ms", BigInteger),
    Column("used_ms", BigInteger, comment="when it was last exchanged"),
)

workspace_members = Table(
    "workspace_members",
    metadata,
    Column("workspace", String(128), ForeignKey("workspaces.name", ondelete="CASCADE"), primary_key=True),
    Column("user_name", String(128), ForeignKey("users.name", ondelete="CASCADE"), primary_key=True, index=True),
    Column("role", String(16), nullable=False),
)

project_members = Table(
    "project_members",
    metadata,
    Column("project_id", String(36), ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True),
    Column("user_name", String(128), ForeignKey("users.name", ondelete="CASCADE"), primary_key=True, index=True),
    Column("role", String(16), nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("workspace", String(128), ForeignKey("workspaces.name", ondelete="CASCADE"), primary_key=True),
    Column("invitee", String(255), primary_key=True, comment="user name or e-mail address"),
    Column("role", String(16), nullable=False),
    Column("add_to_all_projects", Boolean(create_constraint=False), nullable=False),
    Column("created_ms", BigInteger, nullable=False),
)

server_keys = Table(
    "server_keys",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", Text, nullable=False, comment="shared by all processes on this database"),
    Column("created_ms", BigInteger, nullable=False),
)

signals = Table(
    "signals",
    metadata,
    Column("pk", RowNumber, primary_key=True, autoincrement=True),
    Column("container_pk", RowNumber, ForeignKey("containers.pk", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(16), nullable=False, comment="stop or abort"),
    Column("seconds", Integer, comment="how long a stopping client may take to send what it has"),
    Column("created_ms", BigInteger, nullable=False),
    Column("delivered_ms", BigInteger, comment="null until a client has been told"),
)

holds = Table(
    "holds",
    metadata,
    Column("name", String(64), primary_key=True, comment="who needs that no blob is removed"),
    Column("expires_ms", BigInteger, nullable=False),
)

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("project_id", String(36), ForeignKey("projects.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False, comment="page that it is of: runs or charts"),
    Column("name", String(128), nullable=False),
    Column("owner", String(128), nullable=False, comment="name of the user who saved it last"),
    Column("content", Text, nullable=False, comment="JSON, as the page made it"),
    Column("created_ms", BigInteger, nullable=False),
    Column("modified_ms", BigInteger, nullable=False),
    UniqueConstraint("project_id", "kind", "name"),
)

used_keys = Table(
    "used_keys",
    metadata,
    Column("digest", String(64), primary_key=True, comment="SHA-256 of a one-time key that was used"),
    Column("expires_ms", BigInteger, nullable=False, index=True),
)
