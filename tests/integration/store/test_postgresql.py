"""What PostgreSQL adds: connections that break, transactions that overlap, and settings that are wrong."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import util
from pathlib import Path

import pytest
from sqlalchemy import text, update

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.ids import Sha256
from neptune_yolo.server.domain.operation import LogFloats
from neptune_yolo.server.exceptions import (
    ConfigurationError,
    InvalidRequestError,
    NotFoundError,
    StorageUnavailableError,
)
from neptune_yolo.server.services.bundle import Services
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.engine import Engines
from neptune_yolo.server.store.locks import claim_blobs, protect_blobs
from neptune_yolo.server.store.models import projects
from neptune_yolo.server.store.sql import SqlStore
from tests.postgres import Cluster, database_name, find_binaries, running_cluster

FIRST, SECOND = Sha256("aa" * 32), Sha256("bb" * 32)


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


@pytest.fixture
def engines(postgres_url: str) -> Iterator[Engines]:
    engines = Engines(postgres_url)
    yield engines
    engines.close()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_plain_addresses_are_taken(postgres_url: str, scheme: str) -> None:
    store = SqlStore(postgres_url.replace("postgresql+psycopg", scheme, 1))
    with store.read() as session:
        assert session.projects.list_all() == []
    store.close()


@pytest.mark.parametrize("url", ["mysql://user:secret@host/name", "postgresql+asyncpg://user:secret@host/x", "secret"])
def test_other_addresses_are_refused_without_their_passwords(url: str) -> None:
    with pytest.raises(ConfigurationError, match="Expected 'sqlite") as caught:
        SqlStore(url)
    assert "secret" not in str(caught.value)


def test_a_missing_driver_is_named(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("neptune_yolo.server.store.postgresql.find_spec", lambda _: None)
    assert util.find_spec("psycopg")
    with pytest.raises(ConfigurationError, match=r"neptune-yolo\[postgresql\]"):
        SqlStore(postgres_url)


def test_a_database_of_another_encoding_is_refused(cluster: Cluster) -> None:
    url = cluster.create_database(encoding="LATIN1")
    with pytest.raises(ConfigurationError, match="UTF8, got LATIN1"):
        SqlStore(url)
    cluster.drop_database(url)


def test_a_database_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailableError, match="reachable"):
        SqlStore(f"postgresql://somebody@/name?host={tmp_path}")


def test_an_account_that_may_not_create_tables_is_told_so(cluster: Cluster, empty_postgres_url: str) -> None:
    with pytest.raises(StorageUnavailableError, match="permission denied"):
        SqlStore(cluster.url(database_name(empty_postgres_url), account="guest"))


def test_reading_sees_one_moment(engines: Engines) -> None:
    with engines.reading() as reading:
        before = reading.execute(text("SELECT count(*) FROM workspaces")).scalar_one()
        with engines.writing() as writing:
            writing.execute(text("INSERT INTO workspaces VALUES ('new', 1)"))
        assert reading.execute(text("SELECT count(*) FROM workspaces")).scalar_one() == before


def test_a_lost_connection_is_replaced(services: Services, run_id: str, engines: Engines) -> None:
    services.operations.execute(run_id, [LogFloats("metric", [(1.0, 1, 0.5)])], "first")
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with engines.writing() as connection:
        connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))
    services.operations.execute(run_id, [LogFloats("metric", [(2.0, 2, 0.5)])], "second")
    assert services.attributes.page(run_id, "metric", AttributeType.FLOAT_SERIES, 0, 10).total == 2


def test_a_connection_that_is_lost_on_the_way_is_unavailable(engines: Engines) -> None:
    with pytest.raises(StorageUnavailableError), engines.writing() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
    with engines.writing() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_a_database_that_restarts_is_unavailable_and_comes_back() -> None:
    binaries = find_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL on this machine")
    with running_cluster(binaries, is_durable=True) as cluster:
        store = SqlStore(cluster.create_database())
        with store.write() as session:
            session.workspaces.create("kept", 1)
        cluster.stop("immediate")
        with pytest.raises(StorageUnavailableError), store.read() as session:
            session.workspaces.list_all()
        cluster.start()
        with store.read() as session:
            assert session.workspaces.list_all() == ["kept"]
        store.close()


def test_two_transactions_that_wait_for_each_other_end(engines: Engines) -> None:
    with engines.writing() as connection:
        connection.execute(text("INSERT INTO workspaces VALUES ('a', 1), ('b', 1)"))
    barrier = threading.Barrier(2)

    def change(names: str) -> str:
        try:
            with engines.writing() as connection:
                for position, name in enumerate(names):
                    connection.execute(text("UPDATE workspaces SET created_ms = 2 WHERE name = :name"), {"name": name})
                    if position == 0:
                        barrier.wait(timeout=20)
        except StorageUnavailableError as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(change, ["ab", "ba"]))
    assert "deadlock" in outcomes[0]
    assert outcomes[1] == "done"


def test_a_row_that_stays_locked_is_not_waited_for_for_ever(engines: Engines) -> None:
    with engines.writing() as connection:
        connection.execute(text("INSERT INTO workspaces VALUES ('a', 1)"))
    with engines.writing() as holder:
        holder.execute(text("UPDATE workspaces SET created_ms = 2"))
        impatient = "SET LOCAL lock_timeout = '50ms'; UPDATE workspaces SET created_ms = 3"
        with pytest.raises(StorageUnavailableError, match="lock timeout"), engines.writing() as connection:
            connection.execute(text(impatient))


def test_values_that_do_not_fit_are_the_fault_of_the_request(engines: Engines) -> None:
    row = {"id": "x" * 37, "workspace": "w", "name": "n", "key": "K", "visibility": "priv", "created_ms": 1}
    with pytest.raises(InvalidRequestError, match="too long"), engines.writing() as connection:
        connection.execute(projects.insert().values(**row))


def test_what_was_deleted_meanwhile_is_not_found(engines: Engines) -> None:
    with pytest.raises(NotFoundError), engines.writing() as connection:
        connection.execute(text("INSERT INTO signals (container_pk, kind, created_ms) VALUES (12345, 'stop', 1)"))


def test_a_blob_that_is_about_to_be_used_is_not_claimed(engines: Engines) -> None:
    with engines.writing() as writer:
        protect_blobs(writer, [FIRST])
        with engines.writing() as other, engines.writing() as collector:
            protect_blobs(other, [FIRST])  # does not wait for the first
            assert claim_blobs(collector, [FIRST, SECOND]) == [SECOND]
    with engines.writing() as collector:
        assert claim_blobs(collector, [FIRST, SECOND]) == [FIRST, SECOND]


def test_a_blob_that_is_being_removed_is_waited_for(engines: Engines) -> None:
    done: list[str] = []
    with engines.writing() as collector:
        claim_blobs(collector, [FIRST])

        def use() -> None:
            with engines.writing() as writer:
                protect_blobs(writer, [FIRST])
                done.append("used")

        thread = threading.Thread(target=use)
        thread.start()
        thread.join(timeout=0.3)
        assert done == []
        done.append("removed")
    thread.join(timeout=20)
    assert done == ["removed", "used"]


def test_a_file_that_comes_again_while_it_is_removed_stays(
    services: Services, run_id: str, settings: ServerSettings
) -> None:
    """The collector has found that nobody refers to the bytes, when another process uploads them again."""
    from neptune_yolo.server.domain.files import FileTarget

    writer = services.files.start_blob()
    writer.write(b"weights")
    sha256 = writer.finish().blob.sha256
    store = SqlStore(settings.database_url)
    again = services.files.start_blob()
    again.write(b"weights")
    target = FileTarget("file", AttributeType.FILE)
    upload = threading.Thread(target=services.files.attach, args=(run_id, [(target, again.finish())]))
    with store.write() as session:
        assert session.references.claim([sha256]) == [sha256]
        assert session.references.list_unreferred([sha256]) == [sha256]
        upload.start()
        upload.join(timeout=0.3)
        assert upload.is_alive()
        services.files.blobs.remove([sha256])
    upload.join(timeout=20)
    store.close()
    assert b"".join(services.files.read(sha256)) == b"weights"


def test_a_container_is_changed_by_one_transaction_at_a_time(services: Services, run_id: str, engines: Engines) -> None:
    with engines.writing() as holder:
        holder.execute(text("SELECT pk FROM containers WHERE id = :id FOR NO KEY UPDATE"), {"id": run_id})
        writer = threading.Thread(
            target=services.operations.execute, args=(run_id, [LogFloats("metric", [(None, 1, 0.5)])], "digest")
        )
        writer.start()
        writer.join(timeout=0.3)
        assert writer.is_alive()
        holder.execute(update(projects).values(description="another transaction of the same run"))
    writer.join(timeout=20)
    assert services.attributes.page(run_id, "metric", AttributeType.FLOAT_SERIES, 0, 1).total == 1
