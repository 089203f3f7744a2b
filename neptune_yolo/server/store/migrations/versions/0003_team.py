"""Users, tokens and roles, signals, names and statistics of attributes, and float series in chunks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "holds",
        sa.Column("name", sa.String(length=64), nullable=False, comment="who needs that no blob is removed"),
        sa.Column("expires_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_holds")),
    )
    op.create_table(
        "server_keys",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", sa.Text(), nullable=False, comment="shared by all processes on this database"),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_server_keys")),
    )
    op.create_table(
        "users",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True, comment="null without a password"),
        sa.Column("is_admin", sa.Boolean(), nullable=False, comment="may do everything on this server"),
        sa.Column("is_service_account", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
        sa.UniqueConstraint("id", name=op.f("uq_users_id")),
    )
    op.create_table(
        "workspaces",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workspaces")),
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_name", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of the secret"),
        sa.Column("label", sa.String(length=255), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("expires_ms", sa.BigInteger(), nullable=True, comment="null: never"),
        sa.Column("revoked_ms", sa.BigInteger(), nullable=True),
        sa.Column("used_ms", sa.BigInteger(), nullable=True, comment="when it was last exchanged"),
        sa.ForeignKeyConstraint(
            ["user_name"], ["users.name"], name=op.f("fk_api_tokens_user_name"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_tokens_digest")),
    )
    op.create_index(op.f("ix_api_tokens_user_name"), "api_tokens", ["user_name"], unique=False)
    op.create_table(
        "attribute_names",
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column("container_type", sa.String(length=16), nullable=False),
        sa.Column("path", sa.String(length=1024), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_attribute_names_project_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "container_type", "path", "type", name=op.f("pk_attribute_names")),
        comment="what attributes the containers of a project have had",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "invitations",
        sa.Column("workspace", sa.String(length=128), nullable=False),
        sa.Column("invitee", sa.String(length=255), nullable=False, comment="user name or e-mail address"),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("add_to_all_projects", sa.Boolean(), nullable=False),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.name"], name=op.f("fk_invitations_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace", "invitee", name=op.f("pk_invitations")),
    )
    op.create_table(
        "project_members",
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column("user_name", sa.String(length=128), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["project_id"], ["projects.id"], name=op.f("fk_project_members_project_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_name"], ["users.name"], name=op.f("fk_project_members_user_name"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("project_id", "user_name", name=op.f("pk_project_members")),
    )
    op.create_index(op.f("ix_project_members_user_name"), "project_members", ["user_name"], unique=False)
    op.create_table(
        "workspace_members",
        sa.Column("workspace", sa.String(length=128), nullable=False),
        sa.Column("user_name", sa.String(length=128), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_name"], ["users.name"], name=op.f("fk_workspace_members_user_name"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["workspace"], ["workspaces.name"], name=op.f("fk_workspace_members_workspace"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("workspace", "user_name", name=op.f("pk_workspace_members")),
    )
    op.create_index(op.f("ix_workspace_members_user_name"), "workspace_members", ["user_name"], unique=False)
    op.create_table(
        "signals",
        sa.Column("pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("container_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False, comment="stop or abort"),
        sa.Column(
            "seconds", sa.Integer(), nullable=True, comment="how long a stopping client may take to send what it has"
        ),
        sa.Column("created_ms", sa.BigInteger(), nullable=False),
        sa.Column("delivered_ms", sa.BigInteger(), nullable=True, comment="null until a client has been told"),
        sa.ForeignKeyConstraint(
            ["container_pk"], ["containers.pk"], name=op.f("fk_signals_container_pk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pk", name=op.f("pk_signals")),
    )
    op.create_index(op.f("ix_signals_container_pk"), "signals", ["container_pk"], unique=False)
    op.create_table(
        "float_chunks",
        sa.Column("attribute_pk", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_step", sa.Double(), nullable=False),
        sa.Column("last_step", sa.Double(), nullable=False),
        sa.Column(
            "first_position", sa.BigInteger(), nullable=False, comment="of the first point in its series, from 0"
        ),
        sa.Column("point_count", sa.Integer(), nullable=False),
        sa.Column("points", sa.LargeBinary(), nullable=False, comment="packed steps, timestamps and values"),
        sa.ForeignKeyConstraint(
            ["attribute_pk"], ["attributes.pk"], name=op.f("fk_float_chunks_attribute_pk"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attribute_pk", "first_step", name=op.f("pk_float_chunks")),
    )
    op.add_column(
        "attributes", sa.Column("minimum", sa.Double(), nullable=True, comment="smallest value of a float series")
    )
    op.add_column(
        "attributes", sa.Column("maximum", sa.Double(), nullable=True, comment="largest value of a float series")
    )
    op.add_column(
        "attributes", sa.Column("mean", sa.Double(), nullable=True, comment="average value of a float series")
    )
    op.add_column(
        "attributes",
        sa.Column(
            "squares",
            sa.Double(),
            nullable=True,
            comment="sum of the squared deviations from the mean of a float series",
        ),
    )
    op.create_index(
        op.f("ix_containers_project_id_type_created_ms"),
        "containers",
        ["project_id", "type", "created_ms"],
        unique=False,
    )
    op.add_column("projects", sa.Column("description", sa.Text(), nullable=True))
    _fill()


def _fill() -> None:
    """Compute from the old rows what new code keeps up to date."""
    op.execute(
        "INSERT INTO workspaces (name, created_ms) SELECT workspace, MIN(created_ms) FROM projects GROUP BY workspace"
    )
    op.execute(
        "INSERT INTO attribute_names (project_id, container_type, path, type) "
        "SELECT DISTINCT c.project_id, c.type, a.path, a.type "
        "FROM attributes a JOIN containers c ON c.pk = a.container_pk"
    )
    op.execute(
        "UPDATE attributes SET "
        "minimum = (SELECT MIN(p.value) FROM float_points p WHERE p.attribute_pk = attributes.pk), "
        "maximum = (SELECT MAX(p.value) FROM float_points p WHERE p.attribute_pk = attributes.pk), "
        "mean = (SELECT AVG(p.value) FROM float_points p WHERE p.attribute_pk = attributes.pk) "
        "WHERE type = 'floatSeries'"
    )
    op.execute(
        "UPDATE attributes SET squares = (SELECT SUM((p.value - attributes.mean) * (p.value - attributes.mean)) "
        "FROM float_points p WHERE p.attribute_pk = attributes.pk) WHERE type = 'floatSeries'"
    )


def downgrade() -> None:
    op.drop_column("projects", "description")
    op.drop_index(op.f("ix_containers_project_id_type_created_ms"), table_name="containers")
    op.drop_column("attributes", "squares")
    op.drop_column("attributes", "mean")
    op.drop_column("attributes", "maximum")
    op.drop_column("attributes", "minimum")
    op.drop_table("float_chunks")
    op.drop_index(op.f("ix_signals_container_pk"), table_name="signals")
    op.drop_table("signals")
    op.drop_index(op.f("ix_workspace_members_user_name"), table_name="workspace_members")
    op.drop_table("workspace_members")
    op.drop_index(op.f("ix_project_members_user_name"), table_name="project_members")
    op.drop_table("project_members")
    op.drop_table("invitations")
    op.drop_table("attribute_names")
    op.drop_index(op.f("ix_api_tokens_user_name"), table_name="api_tokens")
    op.drop_table("api_tokens")
    op.drop_table("workspaces")
    op.drop_table("users")
    op.drop_table("server_keys")
    op.drop_table("holds")
