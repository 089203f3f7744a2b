"""The tables that services use are those that the migrations make."""

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from neptune_yolo.server.store.engine import Engines
from neptune_yolo.server.store.migrate import upgrade
from neptune_yolo.server.store.models import metadata


def _engines(folder: Path) -> Engines:
    return Engines(f"sqlite:///{folder / 'neptune.db'}")


def test_migrations_make_the_tables_of_the_models(tmp_path: Path) -> None:
    engines = _engines(tmp_path)
    with engines.writing() as connection:
        upgrade(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert len(inspect(connection).get_table_names()) == len(metadata.tables) + 1
    engines.close()


def test_migrating_twice_changes_nothing(tmp_path: Path) -> None:
    engines = _engines(tmp_path)
    for _ in range(2):
        with engines.writing() as connection:
            upgrade(connection)
    engines.close()


def test_points_have_no_hidden_row_number(tmp_path: Path) -> None:
    engines = _engines(tmp_path)
    with engines.writing() as connection:
        upgrade(connection)
        for table in ("float_points", "string_points"):
            text = connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE name = '{table}'").scalar_one()
            assert "WITHOUT ROWID" in text
    engines.close()
