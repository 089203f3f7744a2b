"""Bring a database's tables to the newest schema."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from neptune_yolo.server.exceptions import ConfigurationError
from neptune_yolo.server.store.engine import shown_url
from neptune_yolo.server.store.models import metadata


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Apply the migrations that a database lacks, within the connection's transaction.

    Args:
        connection: An open connection in a writing transaction; it is not committed here.
        revision: Where to stop; the newest by default.

    Raises:
        ConfigurationError: If the tables are of a newer version than this one.
    """
    _require_known(connection)
    with _migrations() as config:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    if connection.dialect.name == "postgresql":
        _sort_by_code_points(connection)


def current_revision(connection: Connection) -> str | None:
    """Return the revision of a database's tables; None for a database without tables."""
    return MigrationContext.configure(connection).get_current_revision()


def known_revisions() -> list[str]:
    """Return all revisions, oldest first."""
    with _migrations() as config:
        scripts = ScriptDirectory.from_config(config)
        return [script.revision for script in reversed(list(scripts.walk_revisions()))]


def _require_known(connection: Connection) -> None:
    revision, known = current_revision(connection), known_revisions()
    if revision is not None and revision not in known:
        raise ConfigurationError(
            f"Expected tables of schema {known[-1]} or older in the database {shown_url(connection.engine.url)}, got "
            f"{revision[:40]!r}: a newer version of neptune-yolo has served it. Install that version, or restore a "
            "backup that this version has made."
        )


def _sort_by_code_points(connection: Connection) -> None:
    """Let PostgreSQL compare and sort all texts as SQLite and Python do, whatever the language of the database."""
    columns = connection.execute(
        text(
            "SELECT table_name, column_name, character_maximum_length FROM information_schema.columns "
            "WHERE table_schema = current_schema() AND data_type IN ('text', 'character varying') "
            "AND collation_name IS DISTINCT FROM 'C' ORDER BY table_name, ordinal_position"
        )
    ).all()
    for table, column, length in columns:
        if table in metadata.tables or table == "alembic_version":
            kind = "text" if length is None else f"varchar({length})"
            connection.execute(text(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" TYPE {kind} COLLATE "C"'))


@contextmanager
def _migrations() -> Iterator[Config]:
    with as_file(files("neptune_yolo.server.store").joinpath("migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        yield config
