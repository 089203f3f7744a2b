import re
from collections.abc import Callable, Iterator, Sequence

import pytest

from neptune_yolo.server.api.wire_operations import parse_operations
from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.domain.container import ContainerType
from neptune_yolo.server.domain.system import SYSTEM_ATTRIBUTES
from neptune_yolo.server.exceptions import InvalidRequestError, NotFoundError, QuerySyntaxError
from neptune_yolo.server.nql.patterns import parse_pattern, to_postgres
from neptune_yolo.server.nql.syntax import Aggregate
from neptune_yolo.server.nql.table import Sorting
from neptune_yolo.server.services.bundle import ServiceFactory, Services
from neptune_yolo.server.services.runs import NewRun
from neptune_yolo.server.services.tables import MAX_ROWS, TableRequest
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore

NEWEST = Sorting("sys/creation_time", AttributeType.DATETIME, Aggregate.LAST, descending=True)
TEXTS = ["", "a", "A", "run 1", "run-12", "breakfast", "a fast run", "x.y", "xzy", "größe", "a\nb", "_", "  ", "aab"]

Ask = Callable[..., list[int]]


def assign(path: str, kind: str, value: object) -> dict[str, object]:
    return {"path": path, f"assign{kind}": {"value": value}}


def log(path: str, kind: str, values: Sequence[object]) -> dict[str, object]:
    points = [{"value": value, "step": step, "timestampMilliseconds": 1} for step, value in enumerate(values)]
    return {"path": path, f"log{kind}s": {"entries": points}}


CONTENTS: list[list[dict[str, object]]] = [
    [
        assign("f", "Float", 0.5),
        assign("n", "Int", 3),
        assign("s", "String", "beta"),
        assign("b", "Bool", value=True),
        {"path": "d", "assignDatetime": {"valueMilliseconds": 1_714_521_600_000}},
        log("loss", "Float", [3.0, 1.0, 2.0]),
        log("out", "String", ["first", "last line"]),
        {"path": "sys/tags", "insertStrings": {"values": ["all", "one"]}},
    ],
    [
        assign("f", "Int", 1),
        assign("n", "Int", 10),
        assign("s", "String", "Alpha"),
        assign("b", "Bool", value=False),
        {"path": "d", "assignDatetime": {"valueMilliseconds": 1_717_200_000_000}},
        log("loss", "Float", [5.0]),
        assign("sys/failed", "Bool", value=True),
        assign("sys/name", "String", "named"),
        {"path": "sys/tags", "insertStrings": {"values": ["all", "two"]}},
    ],
    [assign("f", "String", "text"), assign("s", "String", "ähnlich"), assign("a b/(c)", "Float", -1.0)],
    [],
]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqlStore]:
    """A database of each kind, filled once: these tests only read, or write to projects of their own."""
    url = f"sqlite:///{tmp_path_factory.mktemp('tables') / 'neptune.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("cluster").create_database(request.getfixturevalue("postgres_template"))
    store = SqlStore(url)
    yield store
    store.close()


@pytest.fixture(scope="module")
def services(store: SqlStore, tmp_path_factory: pytest.TempPathFactory) -> Services:
    folder = tmp_path_factory.mktemp("files")
    settings = ServerSettings(
        database_url="", file_root=folder, api_secret="a", signing_key="b", page_key="c", public_url="http://127.0.0.1"
    )
    return ServiceFactory(store, DiskBlobStore(folder), settings).for_caller(Caller("local", is_admin=True))


@pytest.fixture(scope="module")
def project_id(services: Services) -> str:
    project = services.projects.get_or_create("local/yolo")
    for number, content in enumerate(CONTENTS, start=1):
        run = services.runs.create(NewRun(project.id, f"own-{number}" if number == 1 else None, _git(number)))
        assert services.operations.execute(run.id, parse_operations(content), str(number)) == []
    return project.id


def _git(number: int) -> dict[str, object] | None:
    return {"commit": {"commitId": f"abc{number}", "message": "def"}} if number < 3 else None


@pytest.fixture(scope="module")
def ask(services: Services, project_id: str) -> Ask:
    """Ask for a table; gives the numbers of the runs."""

    def ask(query: str, sorting: Sorting = NEWEST, offset: int = 0, limit: int = 100) -> list[int]:
        request = TableRequest(project_id, (ContainerType.RUN,), query, sorting, offset, limit, ())
        page = services.tables.search(request, lambda row, _values: int(row.sys_id.rpartition("-")[2]))
        only_number = TableRequest(project_id, (ContainerType.RUN,), query, sorting, 0, 0, ())
        assert services.tables.search(only_number, lambda row, _values: row).total == page.total
        return page.rows

    return ask


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {1, 2, 3, 4}),
        ("f:float >= 0.5", {1, 2}),
        ("f:int = 1", {2}),
        ("f:int < 1.5", {2}),
        ("f = text", {3}),
        ("f != text", set()),
        ("f > 0.6", {2, 3}),
        ("NOT f:float > 0.6", {1, 3, 4}),
        ("n != 3", {2}),
        ("n:integer = 3 OR n:integer = 10", {1, 2}),
        ("n = 3 OR n = 4 OR s = Alpha", {1, 2}),
        ("s = Alpha", {2}),
        ("s = alpha", set()),
        ("s:string < a", {2}),
        ("s:string > b", {1, 3}),
        ("s CONTAINS h", {2, 3}),
        ("s NOT CONTAINS h", {1}),
        ("s MATCHES '^[a-b]'", {1}),
        ("s NOT MATCHES '(?i)^[a-b]'", {3}),
        ("b = TRUE", {1}),
        ("b:bool != true", {2}),
        ("d > 2024-05-15", {2}),
        ("d:datetime = '2024-05-01T00:00:00.000Z'", {1}),
        ("d < -24h", {1, 2}),
        ("loss > 2.5", {2}),
        ("loss:floatSeries = 2", {1}),
        ("out CONTAINS line", {1}),
        ("out:stringSeries = first", set()),
        ("`a b/(c)` < 0", {3}),
        ("sys/tags CONTAINS two", {2}),
        ("sys/tags NOT CONTAINS two", {1, 3, 4}),
        ("sys/tags MATCHES '^t'", {2}),
        ("sys/tags NOT MATCHES '.'", {3, 4}),
        ("sys/name = Untitled", {1, 3, 4}),
        ("sys/name:string CONTAINS nam", {2}),
        ("sys/failed:bool = true", {2}),
        ("sys/failed = false", {1, 3, 4}),
        ("sys/id = YOL-2 OR sys/id = YOL-4 OR sys/id = NO-1", {2, 4}),
        ("sys/owner = local AND sys/trashed = false", {1, 2, 3, 4}),
        ("sys/trashed = true", set()),
        ("sys/state = active", {1, 2, 3, 4}),
        ("sys/state:experimentState = idle", set()),
        ("sys/creation_time > -1h", {1, 2, 3, 4}),
        ("sys/modification_time < -1h", set()),
        ("sys/ping_time > -1M", {1, 2, 3, 4}),
        ("sys/size = 0", {1, 2, 3, 4}),
        ("sys/running_time < 60 AND sys/monitoring_time = 0", {1, 2, 3, 4}),
        ("sys/custom_run_id = own-1", {1}),
        ("sys/custom_run_id != x", {1}),
        ("sys/model_id = x OR sys/stage = none", set()),
        ("source_code/git = abc2", {2}),
        ("source_code/git:gitRef MATCHES 'abc|def'", {1, 2}),
        ("source_code/git CONTAINS def", set()),
        ("missing = 1 OR NOT missing != 1", {1, 2, 3, 4}),
        ("s = 'x'' OR ''1''=''1' OR s = \"'; DROP TABLE containers\"", None),
    ],
)
def test_queries_find_runs(ask: Ask, query: str, expected: set[int] | None) -> None:
    if expected is None:
        with pytest.raises(QuerySyntaxError):
            ask(query)
    else:
        assert set(ask(query)) == expected


def test_statistics_of_series_are_asked(ask: Ask) -> None:
    assert ask("loss:floatSeries.min = 1") == [1]
    assert ask("loss:floatSeries.max = 3 OR loss:floatSeries.max = 5") == [2, 1]
    assert ask("loss:floatSeries.average = 2") == [1]
    assert ask("loss:floatSeries.variance > 0.66 AND loss:floatSeries.variance < 0.67") == [1]
    assert ask("loss:floatSeries.last = 2") == [1]


@pytest.mark.parametrize(
    ("name", "kind", "ascending", "descending"),
    [
        ("f", AttributeType.FLOAT, [1, 2, 3, 4], [2, 1, 4, 3]),
        ("n", AttributeType.INT, [1, 2, 3, 4], [2, 1, 4, 3]),
        ("s", AttributeType.STRING, [2, 1, 3, 4], [3, 1, 2, 4]),
        ("f", AttributeType.STRING, [3, 1, 2, 4], [3, 2, 1, 4]),
        ("b", AttributeType.BOOL, [2, 1, 3, 4], [1, 2, 4, 3]),
        ("d", AttributeType.DATETIME, [1, 2, 3, 4], [2, 1, 4, 3]),
        ("loss", AttributeType.FLOAT_SERIES, [1, 2, 3, 4], [2, 1, 4, 3]),
        ("source_code/git", AttributeType.GIT_REF, [1, 2, 3, 4], [2, 1, 4, 3]),
        ("sys/id", AttributeType.STRING, [1, 2, 3, 4], [4, 3, 2, 1]),
        ("sys/custom_run_id", AttributeType.STRING, [1, 2, 3, 4], [1, 4, 3, 2]),
        ("sys/name", AttributeType.STRING, [1, 3, 4, 2], [2, 4, 3, 1]),
        ("sys/failed", AttributeType.BOOL, [1, 3, 4, 2], [2, 4, 3, 1]),
        ("sys/size", AttributeType.FLOAT, [1, 2, 3, 4], [4, 3, 2, 1]),
        ("sys/state", AttributeType.STATE, [1, 2, 3, 4], [4, 3, 2, 1]),
        ("sys/monitoring_time", AttributeType.INT, [1, 2, 3, 4], [4, 3, 2, 1]),
        ("sys/tags", AttributeType.STRING_SET, [1, 2, 3, 4], [4, 3, 2, 1]),
        ("missing", AttributeType.FLOAT, [1, 2, 3, 4], [4, 3, 2, 1]),
    ],
)
def test_rows_are_sorted(ask: Ask, name: str, kind: AttributeType, ascending: list[int], descending: list[int]) -> None:
    assert ask("", Sorting(name, kind, Aggregate.LAST, descending=False)) == ascending
    assert ask("", Sorting(name, kind, Aggregate.LAST, descending=True)) == descending


def test_an_aggregate_sorts(ask: Ask) -> None:
    by_minimum = Sorting("loss", AttributeType.FLOAT_SERIES, Aggregate.MIN, descending=True)
    assert ask("loss:floatSeries > 0", by_minimum) == [2, 1]


def test_pages_follow_each_other(ask: Ask) -> None:
    by_size = Sorting("sys/size", AttributeType.FLOAT, Aggregate.LAST, descending=True)
    assert [ask("", by_size, offset, 1) for offset in range(5)] == [[4], [3], [2], [1], []]


def test_a_pattern_matches_the_same_texts_everywhere(services: Services) -> None:
    project = services.projects.get_or_create("local/patterns")
    numbers = {}
    for text in TEXTS:
        run = services.runs.create(NewRun(project.id, None, None))
        services.operations.execute(run.id, parse_operations([assign("t", "String", text)]), text)
        numbers[int(run.sys_id.rpartition("-")[2])] = text
    patterns = [
        "",
        "a",
        "(?i)A",
        "^a",
        "b$",
        r"\d",
        r"\bfast\b",
        "x.y",
        r"x\.y",
        "a.b",
        r"a\sb",
        "^[^a-z]*$",
        "ö",
        r"^\w+$",
    ]
    for pattern in [*patterns, "a{2}b", "^(?:a|A)?$", "r(un|o)[- ]+1{1,2}", "[]_]", r"\W\S"]:
        request = TableRequest(project.id, (ContainerType.RUN,), f"t MATCHES '{pattern}'", NEWEST, 0, 100, ())
        rows = services.tables.search(request, lambda row, _values: int(row.sys_id.rpartition("-")[2])).rows
        expected = {text for text in TEXTS if re.search(pattern, text, re.ASCII)}
        assert {numbers[row] for row in rows} == expected, (pattern, to_postgres(parse_pattern(pattern)))


def test_a_query_that_takes_too_long_is_refused(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("neptune_yolo.server.store.query.limits.LIMIT_SECONDS", 0.001)
    monkeypatch.setattr("neptune_yolo.server.store.query.dialect.PLACES_LIMIT", 100)
    condition = " OR ".join(f"s MATCHES '(a|b|{number})*x'" for number in range(100))
    with pytest.raises(InvalidRequestError, match=r"takes? longer"):
        ask(condition)
    monkeypatch.undo()
    assert ask("s MATCHES 'b'") == [1]


def test_a_page_has_a_limit(ask: Ask) -> None:
    with pytest.raises(InvalidRequestError, match="at most"):
        ask("", limit=MAX_ROWS + 1)


def test_an_unknown_project_is_missing(services: Services) -> None:
    request = TableRequest("no-project", (ContainerType.RUN,), "", NEWEST, 0, 10, None)
    with pytest.raises(NotFoundError):
        services.tables.search(request, lambda row, _values: row)
    with pytest.raises(NotFoundError):
        services.tables.list_columns("no-project", (ContainerType.RUN,), "")


def test_columns_are_found_by_a_part_of_their_names(services: Services, project_id: str) -> None:
    runs = (ContainerType.RUN,)
    assert services.tables.list_columns(project_id, runs, "los") == [("loss", AttributeType.FLOAT_SERIES)]
    assert services.tables.list_columns(project_id, runs, "n") == [
        ("n", AttributeType.FLOAT),
        ("n", AttributeType.INT),
    ]
    assert dict(services.tables.list_columns(project_id, runs, "f")).keys() == {"f"}
    assert {kind for _, kind in services.tables.list_columns(project_id, runs, "f")} == {
        AttributeType.FLOAT,
        AttributeType.INT,
        AttributeType.STRING,
    }
    assert services.tables.list_columns(project_id, (ContainerType.MODEL,), "loss") == []
    assert ("sys/stage", AttributeType.STRING) in services.tables.list_columns(
        project_id, (ContainerType.MODEL_VERSION,), "sys/"
    )


@pytest.mark.parametrize("kind", ContainerType)
def test_what_tables_know_of_the_servers_own_attributes_is_what_a_container_has(
    services: Services, kind: ContainerType
) -> None:
    project = services.projects.get_or_create(f"local/kinds-{kind}")
    model = services.models.create_model(project.id, "DET")
    ids = {
        ContainerType.PROJECT: project.id,
        ContainerType.RUN: services.runs.create(NewRun(project.id, "own", None)).id,
        ContainerType.MODEL: model.id,
        ContainerType.MODEL_VERSION: services.models.create_version(project.id, model.id).id,
    }
    found = {attribute.path: attribute.type for attribute in services.attributes.list_all(ids[kind])}
    assert found == dict(SYSTEM_ATTRIBUTES[kind])
