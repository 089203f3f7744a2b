from datetime import UTC, datetime

import pytest

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.exceptions import QuerySyntaxError
from neptune_yolo.server.nql.meaning import MAX_CONDITIONS, Comparison, Has, Some, resolve
from neptune_yolo.server.nql.parser import parse
from neptune_yolo.server.nql.syntax import Aggregate, Operator
from neptune_yolo.server.nql.values import read_moment, read_number


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


NOW_MS = ms("2024-03-31T12:00:00")


def compared(text: str) -> tuple[Comparison, ...]:
    condition = resolve(parse(text), NOW_MS)
    assert isinstance(condition, Has)
    return condition.comparisons


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-24h", "2024-03-30T12:00:00"),
        ("-1d", "2024-03-30T12:00:00"),
        ("-2 Weeks", "2024-03-17T12:00:00"),
        ("-90s", "2024-03-31T11:58:30"),
        ("-5m", "2024-03-31T11:55:00"),
        ("-1M", "2024-02-29T12:00:00"),
        ("-13 months", "2023-02-28T12:00:00"),
        ("-1y", "2023-03-31T12:00:00"),
        ("-1Y", "2023-03-31T12:00:00"),
        ("-1D", "2024-03-30T12:00:00"),
        ("2024-01-02", "2024-01-02T00:00:00"),
        ("2024-01-02 03:04", "2024-01-02T03:04:00"),
        ("2024-01-02T03:04:05.678Z", "2024-01-02T03:04:05.678"),
        ("2024-01-02T03:04:05+02:00", "2024-01-02T01:04:05"),
    ],
)
def test_moments(text: str, expected: str) -> None:
    assert read_moment(text, NOW_MS) == ms(expected)


@pytest.mark.parametrize(
    "text", ["", "24h", "-1 fortnight", "-h", "2024", "2024-13-01", "-999999y", "20240102", "now", "-1N"]
)
def test_other_texts_are_no_moments(text: str) -> None:
    assert read_moment(text, NOW_MS) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", 1), ("-1.5", -1.5), (".5", 0.5), ("2.", 2.0), ("1e3", 1000.0), ("9" * 18, int("9" * 18)), ("+3", 3)]
    + [(text, None) for text in ("nan", "inf", "", "0x1", "1_000", "-_-", "1,5", "१")],
)
def test_numbers(text: str, expected: float | None) -> None:
    assert read_number(text) == expected


def test_a_number_of_any_length_is_read() -> None:
    assert read_number("9" * 400) == float("inf")


def test_a_float_clause_asks_whole_numbers_too() -> None:
    assert [test.type for test in compared("a:float > 1")] == [AttributeType.FLOAT, AttributeType.INT]
    assert [test.type for test in compared("a:int > 1")] == [AttributeType.INT]


def test_without_a_type_every_type_is_asked_that_has_such_a_value() -> None:
    assert {test.type for test in compared("a = true")} >= {AttributeType.BOOL, AttributeType.STRING}
    assert AttributeType.FLOAT not in {test.type for test in compared("a = true")}
    assert {test.type for test in compared("a CONTAINS x")} >= {AttributeType.STRING, AttributeType.STRING_SET}
    assert {test.type for test in compared("a > 1")} >= {AttributeType.FLOAT_SERIES, AttributeType.INT}


def test_what_the_server_keeps_has_a_known_type() -> None:
    assert compared("sys/creation_time > -1h") == (
        Comparison(AttributeType.DATETIME, Aggregate.LAST, Operator.GREATER, (NOW_MS - 3_600_000,)),
    )
    assert compared("sys/state = Active")[0].values == ("running",)


def test_a_list_of_identifiers_is_one_comparison() -> None:
    text = " OR ".join(f'(`sys/id`:string = "YOL-{number}")' for number in range(5000))
    assert len(compared(text)[0].values) == 5000
    condition = resolve(parse("a:int = 1 OR a:int = 2 OR a:float = 3 OR b:int = 4"), NOW_MS)
    assert isinstance(condition, Some)
    assert len(condition.conditions) == 3


def test_different_comparisons_are_limited() -> None:
    text = " AND ".join(f"a{number} = 1" for number in range(MAX_CONDITIONS))
    assert resolve(parse(text), NOW_MS) is not None
    with pytest.raises(QuerySyntaxError, match="at most"):
        resolve(parse(f"{text} AND b = 1"), NOW_MS)


@pytest.mark.parametrize(
    ("text", "column", "expected"),
    [
        ("a:float = x", 11, "a number"),
        ("a:bool = 1", 10, "true or false"),
        ("a:datetime > yesterday", 14, "a date"),
        ("sys/state = stopped", 13, "running or idle"),
        ("sys/tags = x", 12, "CONTAINS"),
        ("a:float CONTAINS 1", 18, "one of ="),
        ("a:float.max > 1", 15, "floatSeries"),
        ("a.max:string.last = 1", 21, "floatSeries"),
        ("a:imageSeries = 1", 17, "a type with values"),
        ("a MATCHES '('", 11, "a ')' for each '('"),
    ],
)
def test_a_value_that_does_not_suit_is_an_error(text: str, column: int, expected: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        resolve(parse(text), NOW_MS)
    assert expected in str(caught.value)
    assert caught.value.column == column
