import time

import pytest

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.exceptions import QuerySyntaxError
from neptune_yolo.server.nql.parser import MAX_DEPTH, MAX_LENGTH, parse
from neptune_yolo.server.nql.syntax import Aggregate, And, Clause, Expression, Not, Operator, Or, to_text

A = Clause("a", None, None, Operator.EQUAL, "1")
B = Clause("b", None, None, Operator.EQUAL, "2")
C = Clause("c", None, None, Operator.EQUAL, "3")
VISIBLE = Clause("sys/trashed", AttributeType.BOOL, None, Operator.EQUAL, "false")
OF_MODEL = Clause("sys/model_id", AttributeType.STRING, None, Operator.EQUAL, "YOL-DET")


def clause(name: str, operator: Operator, value: str, kind: AttributeType | None = None) -> Clause:
    return Clause(name, kind, None, operator, value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", None),
        (" \n\t ", None),
        ("a = 1", A),
        ("a=1", A),
        ("(((a=1)))", A),
        ("`a` = '1'", A),
        ('a = "1"', A),
        ("a = 1 AND b = 2 OR c = 3", Or((And((A, B)), C))),
        ("a = 1 and (b = 2 Or c = 3)", And((A, Or((B, C))))),
        ("a = 1 AND (b = 2 AND c = 3)", And((A, B, C))),
        ("NOT a = 1 AND b = 2", And((Not(A), B))),
        ("not (a = 1 OR b = 2)", Not(Or((A, B)))),
        ("NOT NOT a=1", Not(Not(A))),
        ("a CONTAINS x", clause("a", Operator.CONTAINS, "x")),
        ("a not  contains x", clause("a", Operator.NOT_CONTAINS, "x")),
        ("a MATCHES '^x.*\\d$'", clause("a", Operator.MATCHES, "^x.*\\d$")),
        ('a NOT matches "x"', clause("a", Operator.NOT_MATCHES, "x")),
        ("contains contains contains", clause("contains", Operator.CONTAINS, "contains")),
        ("a>-1", clause("a", Operator.GREATER, "-1")),
        ("a >= 1e-3", clause("a", Operator.GREATER_OR_EQUAL, "1e-3")),
        ("a<=.5", clause("a", Operator.LESS_OR_EQUAL, ".5")),
        ("a<2", clause("a", Operator.LESS, "2")),
        ("a!=2", clause("a", Operator.NOT_EQUAL, "2")),
        ("sys/state : experimentState = running", clause("sys/state", Operator.EQUAL, "running", AttributeType.STATE)),
        ("metrics/m-A.p_5:Float > 0.5", clause("metrics/m-A.p_5", Operator.GREATER, "0.5", AttributeType.FLOAT)),
        ("`metrics/mAP50(B)`:float > 0.5", clause("metrics/mAP50(B)", Operator.GREATER, "0.5", AttributeType.FLOAT)),
        ("`a b`:integer = 1", clause("a b", Operator.EQUAL, "1", AttributeType.INT)),
        ("`and`:string = 'or'", clause("and", Operator.EQUAL, "or", AttributeType.STRING)),
        ("größe = 1", clause("größe", Operator.EQUAL, "1")),
        ("a = -24h", clause("a", Operator.EQUAL, "-24h")),
        ("a > 2024-12-31T23:59:59.5Z", clause("a", Operator.GREATER, "2024-12-31T23:59:59.5Z")),
        ("a = 'say \"hi\"'", clause("a", Operator.EQUAL, 'say "hi"')),
        ('a = "say \\"hi\\""', clause("a", Operator.EQUAL, 'say "hi"')),
        ('a = ""', clause("a", Operator.EQUAL, "")),
        (
            "(a/b:floatSeries.max > 1)",
            Clause("a/b", AttributeType.FLOAT_SERIES, Aggregate.MAX, Operator.GREATER, "1"),
        ),
        (
            "a:floatSeries.Variance<1",
            Clause("a", AttributeType.FLOAT_SERIES, Aggregate.VARIANCE, Operator.LESS, "1"),
        ),
    ],
)
def test_queries_are_read(text: str, expected: Expression | None) -> None:
    assert parse(text).expression == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(`sys/trashed`:bool = false)", VISIBLE),
        ("(a = 1 OR b = 2 AND (`sys/trashed`:bool = false))", And((Or((A, B)), VISIBLE))),
        ("(a = 1 AND b = 2 AND (`sys/trashed`:bool = false))", And((A, B, VISIBLE))),
        (
            '((a = 1 OR b = 2 AND (`sys/trashed`:bool = false)) AND (`sys/model_id`:string = "YOL-DET"))',
            And((Or((A, B)), VISIBLE, OF_MODEL)),
        ),
        # a whole of which the end only looks like the client's
        ("(a = 1) OR (b = 2 AND (`sys/trashed`:bool = false))", Or((A, And((B, VISIBLE))))),
        ("a = 1 OR b = 2 AND (`sys/trashed`:bool = false)", Or((A, And((B, VISIBLE))))),
        ("(a = 1 OR b = 2 AND (sys/trashed:bool = false))", Or((A, And((B, VISIBLE))))),
        ("(a = 1 OR b = 2 AND (`c` = 3))", Or((A, And((B, C))))),
    ],
)
def test_what_the_client_adds_holds_for_the_whole_of_the_users_text(text: str, expected: Expression) -> None:
    assert parse(text).expression == expected


@pytest.mark.parametrize(
    "value", ['5" disk', 'size (5")', 'a "b" c', '"', "C:\\dir\\", 'a\\"b', "it's", "`", "(x", "x) AND (", "\n"]
)
def test_the_client_does_not_escape_values(value: str) -> None:
    tag = f'(`sys/tags`:stringSet CONTAINS "{value}")'
    found = Clause("sys/tags", AttributeType.STRING_SET, None, Operator.CONTAINS, value)
    if value != 'a\\"b':  # alone it reads as an escaped quote, as a user may write it
        assert parse(tag).expression == found
    both = f'((`sys/trashed`:bool = false) AND ({tag} AND (`sys/tags`:stringSet CONTAINS "5" x")))'
    assert isinstance(parse(both).expression, And)
    assert found in parse(both).expression.operands  # type: ignore[union-attr]


def test_the_clause_with_which_a_long_table_goes_on_is_told_apart() -> None:
    text = '((a = 1 OR b = 2 AND (`sys/trashed`:bool = false)) AND (`x`:float > "0.5"))'
    query = parse(text, sorted_by="x")
    assert query.expression == And((Or((A, B)), VISIBLE))
    assert query.after == clause("x", Operator.GREATER, "0.5", AttributeType.FLOAT)
    assert parse(text, sorted_by="y").after is None
    alone = parse('(`x`:float > "0.5")', sorted_by="x")
    assert (alone.expression, alone.after) == (None, query.after)


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("key: float = (-_-)", 1, 14, "a value"),
        ("a", 1, 2, "CONTAINS"),
        ("a =", 1, 4, "a value"),
        ("= 1", 1, 1, "an attribute's name"),
        ("a = 1 b = 2", 1, 7, "OR or AND"),
        ("a = 1 AND", 1, 10, "an attribute's name"),
        ("(a = 1", 1, 7, ")"),
        ("a = 1)", 1, 6, "the end"),
        ("a == 1", 1, 4, "a value"),
        ("a = AND b = 2", 1, 5, "a value"),
        ("a:nonsense = 1", 1, 3, "floatSeries"),
        ("a:floatSeries.median > 1", 1, 15, "average"),
        ("a = 'x", 1, 5, "a value"),
        ('a = 1 AND\n  b = "x" c', 2, 11, "the end"),
        ("a NOT = 1", 1, 7, "CONTAINS"),
        ("`` = 1", 1, 1, "an attribute's name"),
        ("()", 1, 2, "an attribute's name"),
        ("a = 1 AND ()", 1, 12, "an attribute's name"),
        ("\x00 = 1", 1, 1, "no control character"),
    ],
)
def test_nonsense_is_an_error_that_points_at_the_place(text: str, line: int, column: int, expected: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    sentence, excerpt, caret = str(caught.value).split("\n")
    assert expected in sentence
    assert f"line {line}, column {column}" in sentence
    assert len(caret) - 1 <= len(excerpt)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100_000,
        "not " * 60_000 + "a = 1",
        "(" * 50_000 + "a = 1" + ")" * 49_999,
        "a = 1 and (b = 2 or (" * 10_000,
        '"' * 200_000,
        '(`a`:string = "' * 10_000,
        '(`a`:string = "' + '" ' * 100_000,
        "a = 1 and " * 20_000,
        "`" * 200_000,
        "a = '" + "\\" * 200_000,
        "a = 1 " + ") " * 100_000,
        "(" + " AND (`sys/trashed`:bool = false))" * 5_000,
        "x" * (MAX_LENGTH + 1),
    ],
    ids=lambda text: f"{text[:16]}...",
)
def test_long_nonsense_is_refused_soon(text: str) -> None:
    start = time.process_time()
    with pytest.raises(QuerySyntaxError):
        parse(text)
    assert time.process_time() - start < 5


def test_parentheses_alone_may_be_as_deep_as_they_like() -> None:
    assert parse("(" * 10_000 + "a = 1" + ")" * 10_000).expression == A


def test_operators_may_be_nested_up_to_a_limit() -> None:
    nested = to_text(A)
    for _ in range(MAX_DEPTH - 1):
        nested = f"NOT ({nested})"
    assert parse(nested).expression is not None
    with pytest.raises(QuerySyntaxError, match="nested at most"):
        parse(f"NOT ({nested})")
