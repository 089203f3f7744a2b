"""A database of an earlier version keeps all it has, and takes what is new."""

from typing import Any

import pytest
from sqlalchemy import Connection, inspect, text

from neptune_yolo.server.domain.attribute import AttributeType, Datetime, FileValue, GitRefValue, StringSetValue
from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.domain.images import ImageUpload
from neptune_yolo.server.domain.operation import DeleteAttribute, LogFloats, LogImages
from neptune_yolo.server.exceptions import ConfigurationError
from neptune_yolo.server.services.bundle import ServiceFactory
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.engine import Engines
from neptune_yolo.server.store.migrate import upgrade
from neptune_yolo.server.store.sql import SqlStore

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
CONTENT = b"test"

ATTRIBUTES: list[dict[str, Any]] = [
    {"path": "float", "type": "float", "float_value": 0.5},
    {"path": "int", "type": "int", "int_value": 7},
    {"path": "bool", "type": "bool", "int_value": 1},
    {"path": "string", "type": "string", "string_value": "größer"},
    {"path": "moment", "type": "datetime", "int_value": 1_700_000_000_123},
    {"path": "file", "type": "file", "int_value": 4, "string_value": SHA256, "extension": "pt"},
    {"path": "set", "type": "fileSet", "int_value": 4},
    {"path": "metric", "type": "floatSeries", "float_value": 0.7, "last_step": 2.0, "point_count": 2},
    {"path": "log", "type": "stringSeries", "string_value": "b", "last_step": 1.0, "point_count": 1},
    {"path": "sys/tags", "type": "stringSet"},
    {"path": "source_code/git", "type": "gitRef", "string_value": '{"commit":{"commitId":"abc"}}'},
]

ROWS = (
    "INSERT INTO projects VALUES ('p', 'local', 'yolo', 'YOL', 'workspace', 1000, 1)",
    "INSERT INTO containers VALUES (1, 'p', 'project', 'YOL', 'p', 'me', FALSE, NULL, 1000, 1000, 1000, 0)",
    "INSERT INTO containers VALUES (2, 'r', 'run', 'YOL-1', 'p', 'me', FALSE, 'mine', 2000, 3000, 4000, 500)",
    "INSERT INTO float_points VALUES (8, 1.0, 10, 0.5), (8, 2.0, 20, 0.7)",
    "INSERT INTO string_points VALUES (9, 1.0, 10, 'b')",
    "INSERT INTO set_strings VALUES (10, 'night')",
    f"INSERT INTO file_entries VALUES (6, '', 'pt', '{SHA256}', 4, 10), (7, 'a/b.txt', '', '{SHA256}', 4, 10)",
    "INSERT INTO replays VALUES (1, 2, 'digest of an answered batch', '[]', 4000)",
    "INSERT INTO uploads VALUES ('u', 2, 'later', 'file', 'pt', '', 8, FALSE, 4000)",
    "INSERT INTO upload_parts VALUES ('u', 0, 4)",
)


@pytest.fixture
def database_url(empty_database_url: str) -> str:
    return empty_database_url


@pytest.fixture
def old(settings: ServerSettings) -> ServerSettings:
    """A database of the first schema with a value of each kind."""
    engines = Engines(settings.database_url)
    with engines.writing() as connection:
        upgrade(connection, "0001")
        for statement in ROWS[:3]:
            connection.execute(text(statement))
        for pk, columns in enumerate(ATTRIBUTES, start=1):
            row = {"pk": pk, "container_pk": 2, **columns}
            names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO attributes ({names}) VALUES ({values})"), row)
        for statement in ROWS[3:]:
            connection.execute(text(statement))
        _continue_numbers(connection)
    engines.close()
    place = settings.file_root / SHA256[:2] / SHA256
    place.parent.mkdir(parents=True)
    place.write_bytes(CONTENT)
    return settings


def test_an_old_database_keeps_what_it_has(old: ServerSettings) -> None:
    store = SqlStore(old.database_url)
    services = ServiceFactory(store, DiskBlobStore(old.file_root), old).for_caller(Caller("local", is_admin=True))
    run = services.runs.find("local/yolo/YOL-1")
    assert (run.id, run.custom_run_id, run.created_ms, run.running_ms) == ("r", "mine", 2000, 500)
    values = {attribute.path: attribute.value for attribute in services.attributes.list_all("r")}
    expected = {
        "float": 0.5,
        "int": 7,
        "bool": True,
        "string": "größer",
        "moment": Datetime(1_700_000_000_123),
        "sys/tags": StringSetValue(("night",)),
        "source_code/git": GitRefValue({"commit": {"commitId": "abc"}}),
    }
    assert {path: values[path] for path in expected} == expected
    page = services.attributes.page("r", "metric", AttributeType.FLOAT_SERIES, 0, 10)
    assert page.points == [(1.0, 10, 0.5), (2.0, 20, 0.7)]
    assert services.attributes.page("r", "log", AttributeType.STRING_SERIES, 0, 10).points == [(1.0, 10, "b")]
    assert services.files.list_set("r", "set")[0].sub_path == "a/b.txt"
    again = LogFloats("metric", [(None, 30, 0.9)])
    assert services.operations.execute("r", [again], "digest of an answered batch") == []
    assert services.attributes.page("r", "metric", AttributeType.FLOAT_SERIES, 0, 10).total == 2
    with store.read() as session:
        assert session.files.list_parts(session.files.list_abandoned_uploads(5000)[0])[0].size_bytes == 4
    store.close()


def test_what_new_code_keeps_up_to_date_is_computed_for_an_old_database(old: ServerSettings) -> None:
    SqlStore(old.database_url).close()
    engines = Engines(old.database_url)
    with engines.reading() as connection:
        statistics = connection.exec_driver_sql(
            "SELECT minimum, maximum, mean, squares FROM attributes WHERE path = 'metric'"
        ).one()
        names = connection.exec_driver_sql(
            "SELECT path FROM attribute_names WHERE project_id = 'p' AND container_type = 'run' ORDER BY path"
        )
        assert tuple(statistics) == (0.5, 0.7, pytest.approx(0.6), pytest.approx(0.02))
        assert list(names.scalars()) == sorted(attribute["path"] for attribute in ATTRIBUTES)
        assert connection.exec_driver_sql("SELECT name, created_ms FROM workspaces").all() == [("local", 1000)]
    engines.close()


def test_an_old_database_takes_what_is_new(old: ServerSettings) -> None:
    store = SqlStore(old.database_url)
    blobs = DiskBlobStore(old.file_root)
    services = ServiceFactory(store, blobs, old).for_caller(Caller("local", is_admin=True))
    services.collector.clean()
    file = services.attributes.get("r", "file", AttributeType.FILE).value
    assert isinstance(file, FileValue)
    assert b"".join(services.files.read(file.sha256)) == CONTENT
    picture = LogImages("pictures", [(1.0, 1, ImageUpload.of(CONTENT, None, None))])
    assert services.operations.execute("r", [picture, DeleteAttribute("file"), DeleteAttribute("set")], "new") == []
    assert list(blobs.list_all()) == [SHA256]
    assert services.operations.execute("r", [DeleteAttribute("pictures")], "newer") == []
    assert list(blobs.list_all()) == []
    model = services.models.create_model("p", "DET")
    assert services.models.create_version("p", model.id).sys_id == "YOL-DET-1"
    services.artifacts.create("p", "hash", None)
    store.close()
    engines = Engines(old.database_url)
    if old.database_url.startswith("sqlite"):
        with engines.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    engines.close()


def test_an_upgrade_that_is_interrupted_leaves_the_old_database(old: ServerSettings) -> None:
    engines = Engines(old.database_url)
    with pytest.raises(KeyboardInterrupt):
        _upgrade_and_be_interrupted(engines)
    with engines.reading() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one() == "0001"
        assert not inspect(connection).has_table("image_points")
    engines.close()
    store = SqlStore(old.database_url)
    with store.read() as session:
        assert session.references.list_released() == []
    store.close()


def test_a_database_of_a_newer_version_is_refused(settings: ServerSettings) -> None:
    SqlStore(settings.database_url).close()
    engines = Engines(settings.database_url)
    with engines.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engines.close()
    with pytest.raises(ConfigurationError, match=r"'9999'.*newer version"):
        SqlStore(settings.database_url)


def _continue_numbers(connection: Connection) -> None:
    """Let rows that are inserted later have numbers of their own; SQLite takes care of that itself."""
    if connection.dialect.name == "postgresql":
        for table in ("containers", "attributes", "replays"):
            connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'pk'), 1000)"))


def _upgrade_and_be_interrupted(engines: Engines) -> None:
    with engines.writing() as connection:
        upgrade(connection)
        raise KeyboardInterrupt
