"""The tables that services use are those that the migrations make."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import String, inspect

from neptune_yolo.server.store import migrate
from neptune_yolo.server.store.engine import Engines
from neptune_yolo.server.store.migrate import upgrade
from neptune_yolo.server.store.models import metadata
from neptune_yolo.server.store.sql import SqlStore
from tests.integration.store.describing import describe_schema

GOLDEN = sorted((Path(__file__).parent / "schemas").glob("*.sql"))
"""The schema after each migration, in SQLite's words."""

POSTGRESQL_GOLDEN = sorted((Path(__file__).parent / "schemas" / "postgresql").glob("*.txt"))
"""The schema after each migration, as PostgreSQL describes it."""


def _engines(folder: Path) -> Engines:
    return Engines(f"sqlite:///{folder / 'neptune.db'}")


def test_migrations_make_the_tables_of_the_models(empty_database_url: str) -> None:
    engines = Engines(empty_database_url)
    with engines.writing() as connection:
        upgrade(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        assert len(inspect(connection).get_table_names()) == len(metadata.tables) + 1
    engines.close()


def test_migrating_twice_changes_nothing(empty_database_url: str) -> None:
    engines = Engines(empty_database_url)
    for _ in range(2):
        with engines.writing() as connection:
            upgrade(connection)
    engines.close()


def test_points_have_no_hidden_row_number(tmp_path: Path) -> None:
    engines = _engines(tmp_path)
    with engines.writing() as connection:
        upgrade(connection)
        for table in ("float_points", "string_points", "image_points"):
            text = connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE name = '{table}'").scalar_one()
            assert "WITHOUT ROWID" in text
    engines.close()


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda path: path.stem)
def test_a_migration_never_changes_once_it_is_released(tmp_path: Path, golden: Path) -> None:
    engines = _engines(tmp_path)
    with engines.writing() as connection:
        upgrade(connection, golden.stem)
        statements = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name"
        ).all()
    engines.close()
    made = "\n\n".join(f"{' '.join(sql.split())};" for (sql,) in statements) + "\n"
    assert made == golden.read_text(encoding="utf-8"), "write a new migration; this one is in use"


@pytest.mark.parametrize("golden", POSTGRESQL_GOLDEN, ids=lambda path: path.stem)
def test_a_migration_never_changes_on_postgresql_either(empty_postgres_url: str, golden: Path) -> None:
    engines = Engines(empty_postgres_url)
    with engines.writing() as connection:
        upgrade(connection, golden.stem)
        made = describe_schema(connection)
    engines.close()
    assert made == golden.read_text(encoding="utf-8"), "write a new migration; this one is in use"


def test_every_migration_is_held_to_its_schema() -> None:
    migrations = Path(migrate.__file__).parent / "migrations" / "versions"
    known = {path.stem[:4] for path in migrations.glob("0*.py")}
    assert {path.stem for path in GOLDEN} == known
    assert {path.stem for path in POSTGRESQL_GOLDEN} == known


def test_processes_that_start_at_once_make_the_tables_once(empty_postgres_url: str) -> None:
    with ThreadPoolExecutor(6) as pool:  # each with connections of its own, as processes have
        for store in pool.map(SqlStore, [empty_postgres_url] * 6):
            store.close()
    engines = Engines(empty_postgres_url)
    with engines.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM alembic_version").scalar_one() == 1
    engines.close()


def test_postgresql_sorts_every_text_by_code_points(postgres_url: str) -> None:
    engines = Engines(postgres_url)
    with engines.reading() as connection:
        columns = [
            (table, column["name"], getattr(column["type"], "collation", None))
            for table in metadata.tables
            for column in inspect(connection).get_columns(table)
            if isinstance(column["type"], String)
        ]
    engines.close()
    assert columns
    assert {collation for _, _, collation in columns} == {"C"}, columns
