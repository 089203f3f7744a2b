"""Server processes that do the same at the same time: one of them does it, and nobody loses anything."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

import pytest

from neptune_yolo.server.domain.artifacts import ArtifactFile, artifact_hash
from neptune_yolo.server.domain.attribute import AttributeType, FileSetValue, StringSetValue
from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.domain.files import FileTarget
from neptune_yolo.server.domain.operation import AssignValue, InsertStrings, LogFloats, Operation
from neptune_yolo.server.exceptions import ConflictError
from neptune_yolo.server.services.bundle import ServiceFactory, Services
from neptune_yolo.server.services.runs import NewRun
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore

PROCESSES = 4
PROGRAM = Path(__file__).with_name("writing_program.py")

T = TypeVar("T")


class AtOnce(Protocol):
    def __call__(self, act: Callable[[int, Services], T]) -> list[T]: ...


@pytest.fixture
def processes(settings: ServerSettings) -> Iterator[list[Services]]:
    """Services that share the database and the files and nothing else, as those of several processes."""
    stores = [SqlStore(settings.database_url) for _ in range(PROCESSES)]
    blobs = DiskBlobStore(settings.file_root)
    yield [
        ServiceFactory(store, blobs, settings).for_caller(Caller(f"user{number}", is_admin=True))
        for number, store in enumerate(stores)
    ]
    for store in stores:
        store.close()


@pytest.fixture
def at_once(processes: list[Services]) -> AtOnce:
    """Do something in all processes at the same moment; gives what each returns."""

    def run(act: Callable[[int, Services], T]) -> list[T]:
        barrier = threading.Barrier(PROCESSES)

        def start(number: int) -> T:
            barrier.wait(timeout=30)
            return act(number, processes[number])

        with ThreadPoolExecutor(PROCESSES) as pool:
            return list(pool.map(start, range(PROCESSES)))

    return run


def test_a_project_is_created_once(at_once: AtOnce) -> None:
    for name in (f"team/new{attempt}" for attempt in range(10)):
        assert len(set(at_once(partial(_project_id, name)))) == 1


def _project_id(name: str, _: int, services: Services) -> str:
    return services.projects.get_or_create(name).id


def test_projects_of_similar_names_have_different_keys(at_once: AtOnce) -> None:
    def create(number: int, services: Services) -> list[str]:
        return [services.projects.get_or_create(f"team/yolo{number}-{attempt}").key for attempt in range(5)]

    keys = [key for keys in at_once(create) for key in keys]
    assert len(set(keys)) == 5 * PROCESSES


def test_a_run_of_a_custom_id_is_created_once(at_once: AtOnce, services: Services) -> None:
    project = services.projects.get_or_create("local/yolo").id
    for attempt in range(10):
        made = at_once(partial(_run_sys_id, NewRun(project, f"mine {attempt}", None)))
        assert set(made) == {f"YOL-{attempt + 1}"}


def _run_sys_id(new: NewRun, _: int, services: Services) -> str:
    return services.runs.create(new).sys_id


def test_a_model_of_a_key_is_created_once(at_once: AtOnce, services: Services) -> None:
    project = services.projects.get_or_create("local/yolo").id

    for attempt in range(10):
        made = at_once(partial(_model_sys_id, project, f"KEY{attempt}"))
        assert sorted(made) == [""] * (PROCESSES - 1) + [f"YOL-KEY{attempt}"]


def _model_sys_id(project: str, key: str, _: int, services: Services) -> str:
    try:
        return services.models.create_model(project, key).sys_id
    except ConflictError:
        return ""


def test_versions_of_a_model_have_different_numbers(at_once: AtOnce, services: Services) -> None:
    project = services.projects.get_or_create("local/yolo").id
    model = services.models.create_model(project, "DET").id
    made = at_once(lambda _, services: [services.models.create_version(project, model).sys_id for _ in range(5)])
    assert {name for names in made for name in names} == {f"YOL-DET-{n}" for n in range(1, 5 * PROCESSES + 1)}


def test_an_artifact_is_described_once(at_once: AtOnce, services: Services) -> None:
    project = services.projects.get_or_create("local/yolo").id
    for attempt in range(5):
        files = [ArtifactFile(f"a{attempt}/{number}", "hash", "Local", 4, ()) for number in range(20)]
        name = artifact_hash(files)

        def track(_: int, services: Services, files: list[ArtifactFile] = files, name: str = name) -> str:
            services.artifacts.create(project, name, 80)
            return services.artifacts.describe(project, name, files).hash

        assert set(at_once(track)) == {name}
        assert [file.path for file in services.artifacts.list_files(project, name)] == [file.path for file in files]


def test_new_attributes_of_a_run_are_created_once(at_once: AtOnce, services: Services, run_id: str) -> None:
    def write(number: int, services: Services) -> list[str]:
        errors: list[str] = []
        for attempt in range(10):
            operations: list[Operation] = [
                AssignValue(f"value {attempt}", AttributeType.INT, number),
                InsertStrings("sys/tags", (f"tag {number} {attempt}", "same")),
                LogFloats("metric", [(None, attempt, 0.5)]),
            ]
            errors += services.operations.execute(run_id, operations, f"{number} {attempt}")
        return errors

    assert at_once(write) == [[]] * PROCESSES
    found = {attribute.path: attribute.value for attribute in services.attributes.list_all(run_id)}
    assert set(found) >= {f"value {attempt}" for attempt in range(10)}
    tags = found["sys/tags"]
    assert isinstance(tags, StringSetValue)
    assert len(tags.values) == 10 * PROCESSES + 1
    page = services.attributes.page(run_id, "metric", AttributeType.FLOAT_SERIES, 0, 1000)
    assert [point[0] for point in page.points] == list(range(10 * PROCESSES))


def test_a_file_set_knows_all_files_that_came_at_once(at_once: AtOnce, services: Services, run_id: str) -> None:
    def upload(number: int, services: Services) -> None:
        for attempt in range(5):
            writer = services.files.start_blob()
            writer.write(b"1234")
            target = FileTarget("files", AttributeType.FILE_SET, sub_path=f"{number}/{attempt}.txt")
            services.files.attach(run_id, [(target, writer.finish())])

    at_once(upload)
    assert len(services.files.list_set(run_id, "files")) == 5 * PROCESSES
    assert services.attributes.get(run_id, "files", AttributeType.FILE_SET).value == FileSetValue(4 * 5 * PROCESSES)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_processes_that_write_to_one_run_and_to_many_lose_nothing(
    services: Services, settings: ServerSettings, run_id: str
) -> None:
    batches = 40
    command = [sys.executable, str(PROGRAM), settings.database_url, str(settings.file_root), run_id, str(batches)]
    running = [subprocess.Popen([*command, str(number)]) for number in range(3)]
    assert [process.wait(timeout=120) for process in running] == [0] * 3
    shared = services.attributes.page(run_id, "shared", AttributeType.FLOAT_SERIES, 0, 100_000)
    assert [point[0] for point in shared.points] == list(range(3 * batches * 20))
    for number in range(3):
        own = services.attributes.page(run_id, f"own {number}", AttributeType.FLOAT_SERIES, 0, 1)
        assert own.total == batches * 20
        other = services.runs.create(NewRun(services.projects.get_or_create("local/yolo").id, f"run {number}", None))
        assert services.attributes.page(other.id, "metric", AttributeType.FLOAT_SERIES, 0, 1).total == batches * 20
