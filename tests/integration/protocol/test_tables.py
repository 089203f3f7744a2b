"""Tables as the real client reads them, on every database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import Connection, create_engine, insert, update

from neptune_yolo.server.store.models import containers

pytestmark = pytest.mark.filterwarnings("ignore:.*model registry.*")


@pytest.fixture
def project(service: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The project of the real client, for reading."""
    monkeypatch.setenv("NEPTUNE_API_TOKEN", service.token)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    import neptune

    project = neptune.init_project("local/yolo", mode="read-only")
    yield project
    project.stop()


@pytest.fixture
def create(bearer: httpx.Client) -> Callable[..., str]:
    """Create a container with attributes; gives its ``sys/id``."""
    place = {"projectIdentifier": "local/yolo"}
    project_id = bearer.get("/api/backend/v1/projects2/get", params=place).json()["id"]

    def create(
        *operations: dict[str, Any], kind: str = "run", parent: str | None = None, key: str | None = None
    ) -> str:
        body = {"projectIdentifier": project_id, "parentId": parent or project_id, "type": kind, "key": key}
        answer = bearer.post("/api/leaderboard/v1/experiment", json=body)
        assert answer.status_code == 200, answer.text
        created = answer.json()
        answer = bearer.post(
            "/api/leaderboard/v1/attributes/operations",
            params={"experimentId": created["id"]},
            json=list(operations),
        )
        assert answer.json() == []
        return str(created["shortId"])

    return create


@contextmanager
def direct(service: Any) -> Iterator[Connection]:
    """A transaction of our own on the server's database."""
    engine = create_engine(service.settings.database_url)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def assign(path: str, kind: str, value: object) -> dict[str, Any]:
    return {"path": path, f"assign{kind}": {"value": value}}


def tags(*values: str) -> dict[str, Any]:
    return {"path": "sys/tags", "insertStrings": {"values": values}}


def ids(table: Any) -> list[str]:
    return [row["sys/id"].get() for row in table]


def test_runs_are_found_and_sorted(service: Any, project: Any, create: Callable[..., str]) -> None:
    first = create(assign("params/lr", "Float", 0.1), assign("n", "Int", 1), tags("all", '5" disk'))
    second = create(assign("params/lr", "Float", 0.3), assign("n", "Int", 3), tags("all", "b"))
    third = create(assign("params/lr", "Int", 2), assign("sys/name", "String", "x"))
    fetch = project.fetch_runs_table

    assert ids(fetch(columns=[])) == [third, second, first]
    assert ids(fetch(ascending=True)) == [first, second, third]
    assert ids(fetch(columns=[], limit=2)) == [third, second]
    assert ids(fetch(columns=["n"], sort_by="n")) == [second, first, third]
    assert ids(fetch(columns=["n"], sort_by="params/lr", ascending=True)) == [first, second, third]
    assert ids(fetch(id=[first, third, "NO-1"])) == [third, first]
    assert ids(fetch(owner="local")) == [third, second, first]
    assert ids(fetch(owner=["nobody", 'no"body'])) == []
    assert ids(fetch(tag="all")) == [second, first]
    assert ids(fetch(tag=["all", '5" disk'])) == [first]
    assert ids(fetch(query="(params/lr:float > 0.2)")) == [third, second]
    assert ids(fetch(query="params/lr < 0.2 OR n = 3")) == [second, first]
    assert ids(fetch(query="", trashed=None)) == [third, second, first]
    with direct(service) as connection:
        connection.execute(update(containers).where(containers.c.sys_id == first).values(trashed=True))
        connection.execute(update(containers).where(containers.c.sys_id == second).values(pinged_ms=0))
    assert ids(fetch(columns=[])) == [third, second]
    assert ids(fetch(trashed=True)) == [first]
    assert ids(fetch(trashed=None)) == [third, second, first]
    assert ids(fetch(query="params/lr < 0.2 OR n = 3")) == [second]
    assert ids(fetch(state="inactive")) == [second]
    assert ids(fetch(columns=["sys/state"], state="active", id=[second, third])) == [third]


@pytest.fixture
def idle_after_seconds() -> float:
    return 300.0


def test_rows_have_the_columns_that_were_asked_for(project: Any, create: Callable[..., str]) -> None:
    run = create(
        assign("f", "Float", 0.5),
        assign("b", "Bool", value=True),
        {"path": "d", "assignDatetime": {"valueMilliseconds": 1_714_521_600_123}},
        {"path": "loss", "logFloats": {"entries": [{"value": 2.5, "step": 0, "timestampMilliseconds": 1}]}},
        tags("one", "two"),
    )
    frame = project.fetch_runs_table(columns=["f", "loss", "sys/tags", "missing"]).to_pandas()
    assert set(frame.columns) == {"sys/id", "sys/creation_time", "f", "loss", "sys/tags"}
    assert frame.iloc[0].to_dict() | {"sys/creation_time": None} == {
        "sys/id": run,
        "sys/creation_time": None,
        "f": 0.5,
        "loss": 2.5,
        "sys/tags": "one,two",
    }
    (row,) = project.fetch_runs_table().to_rows()
    assert row["d"].get().isoformat() == "2024-05-01T00:00:00.123000"
    assert row["b"].get() is True
    assert row["sys/state"].get() == "Active"
    assert row["sys/name"].get() == "Untitled"
    assert row["sys/failed"].get() is False
    assert row["sys/size"].get() == 0


def test_an_empty_project_has_an_empty_table(project: Any) -> None:
    assert project.fetch_runs_table().to_pandas().empty
    assert project.fetch_models_table(sort_by="sys/name").to_rows() == []
    with pytest.raises(ValueError, match="not present"):
        project.fetch_runs_table(sort_by="missing")


def test_models_and_their_versions_have_tables(project: Any, create: Callable[..., str], bearer: httpx.Client) -> None:
    import neptune

    create()
    model, other = create(kind="model", key="DET"), create(assign("f", "Float", 1.0), kind="model", key="SEG")
    found = bearer.get("/api/leaderboard/v1/experiment", params={"experimentId": f"local/yolo/{model}"}).json()
    first = create(assign("f", "Float", 1.0), kind="modelVersion", parent=found["id"])
    second = create(assign("sys/stage", "String", "production"), kind="modelVersion", parent=found["id"])
    found = bearer.get("/api/leaderboard/v1/experiment", params={"experimentId": f"local/yolo/{other}"}).json()
    create(kind="modelVersion", parent=found["id"])

    assert ids(project.fetch_models_table()) == [other, model]
    assert ids(project.fetch_models_table(query="f > 0", sort_by="f", columns=[])) == [other]
    opened = neptune.init_model(with_id=model, project="local/yolo", mode="read-only")
    assert ids(opened.fetch_model_versions_table()) == [second, first]
    assert ids(opened.fetch_model_versions_table(query="sys/stage:string = none OR f > 1")) == [first]
    frame = opened.fetch_model_versions_table(columns=["sys/stage", "sys/model_id"]).to_pandas()
    assert list(frame["sys/stage"]) == ["production", "none"]
    assert set(frame["sys/model_id"]) == {model}
    opened.stop()


def test_an_invalid_query_is_told(project: Any, caplog: pytest.LogCaptureFixture) -> None:
    from neptune.exceptions import NeptuneInvalidQueryException

    for query in ("key: float = (-_-)", "a = ", "a MATCHES '('", "a:float = x", "a\x00 = 1"):
        caplog.clear()
        with pytest.raises(NeptuneInvalidQueryException):
            project.fetch_runs_table(query=query).to_rows()
        assert "at line 1, column" in caplog.text


def test_the_place_of_the_error_is_told(bearer: httpx.Client, create: Callable[..., str]) -> None:
    create()
    project_id = bearer.get("/api/backend/v1/projects2/get", params={"projectIdentifier": "local/yolo"}).json()["id"]

    def search(params: object) -> httpx.Response:
        return bearer.post(
            "/api/leaderboard/v1/leaderboard/entries/search",
            params={"projectIdentifier": project_id, "type": "run"},
            json=params,
        )

    answer = search({"query": {"query": "a = 1 b"}})
    assert answer.status_code == 400
    assert answer.json()["title"] == "Syntax error"
    assert "line 1, column 7" in answer.json()["message"]
    assert search({}).json()["matchingItemCount"] == 1
    wrongs: list[object] = [
        [],
        {"query": "a = 1"},
        {"query": {"query": 1}},
        {"pagination": {"limit": -1}},
        {"pagination": {"limit": 10**6}},
        {"pagination": {"offset": 1e9}},
        {"sorting": {"dir": "up"}},
        {"sorting": {"sortBy": {"name": "a", "type": "colour"}}},
        {"sorting": {"sortBy": {"name": 1}}},
        {"sorting": {"aggregationMode": ["none"]}},
        {"attributeFilters": ["sys/id"]},
    ]
    for wrong in wrongs:
        assert search(wrong).status_code == 400, wrong


def test_no_row_is_lost_past_the_ten_thousandth(
    service: Any, project: Any, create: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten runs at a time are created at the same moment, so that the clause of the client alone would lose some."""
    create()
    count = 10_055
    with direct(service) as connection:
        project_id = connection.execute(containers.select()).mappings().first()["project_id"]  # type: ignore[index]
        connection.execute(insert(containers), [_row(project_id, number) for number in range(2, count + 1)])
    monkeypatch.setenv("NEPTUNE_FETCH_TABLE_STEP_SIZE", "5000")
    for sort_by, ascending in (("sys/creation_time", False), ("sys/monitoring_time", True)):
        found = ids(project.fetch_runs_table(columns=[], sort_by=sort_by, ascending=ascending, progress_bar=False))
        assert len(found) == len(set(found)) == count
        numbers = [int(name.rpartition("-")[2]) // 10 for name in found if name != "YOL-1"]
        assert numbers == sorted(numbers, reverse=not ascending)


def _row(project_id: str, number: int) -> dict[str, Any]:
    moments = dict.fromkeys(("created_ms", "pinged_ms", "modified_ms"), 1_600_000_000_000 + number // 10)
    return {
        "id": f"run-{number}",
        "type": "run",
        "sys_id": f"YOL-{number}",
        "project_id": project_id,
        "owner": "local",
        "trashed": False,
        "running_ms": number // 10 * 1000,
        **moments,
    }
