"""The tables that services use are those that the migrations make."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from neptune_yolo.server.store import migrate
from neptune_yolo.server.store.engine import Engines
from neptune_yolo.server.store.migrate import upgrade
from neptune_yolo.server.store.models import metadata

GOLDEN = sorted((Path(__file__).parent / "schemas").glob("*.sql"))
"""The schema after each migration, in SQLite's words."""


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


def test_every_migration_is_held_to_its_schema() -> None:
    migrations = Path(migrate.__file__).parent / "migrations" / "versions"
    assert {path.stem for path in GOLDEN} == {path.stem[:4] for path in migrations.glob("0*.py")}
