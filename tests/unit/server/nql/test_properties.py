from hypothesis import example, given, settings
from hypothesis import strategies as st

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.exceptions import QuerySyntaxError
from neptune_yolo.server.nql.meaning import resolve
from neptune_yolo.server.nql.parser import parse
from neptune_yolo.server.nql.syntax import Aggregate, Clause, Expression, Not, Operator, all_of, any_of, to_text

NOW_MS = 1_700_000_000_000

CHARACTERS = st.characters(codec="utf-8", exclude_characters="\x00\x01`\\")
NAMES = st.text(CHARACTERS, min_size=1, max_size=20)
VALUES = st.text(CHARACTERS, max_size=20)
TYPES = st.sampled_from([None, *(kind for kind in AttributeType if kind is not AttributeType.FLOAT_SERIES)])

CLAUSES = st.builds(Clause, NAMES, TYPES, st.none(), st.sampled_from(Operator), VALUES) | st.builds(
    Clause,
    NAMES,
    st.just(AttributeType.FLOAT_SERIES),
    st.none() | st.sampled_from(Aggregate),
    st.sampled_from(Operator),
    VALUES,
)


def _joined(children: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(children, min_size=2, max_size=4)
    return several.map(lambda parts: all_of(*parts)) | several.map(lambda parts: any_of(*parts)) | children.map(Not)


EXPRESSIONS: st.SearchStrategy[Expression] = st.recursive(CLAUSES, _joined, max_leaves=12)

SIGNS = "()`\"'=>:. \n\\"
WORDS = st.sampled_from(
    (*SIGNS, "!=", "AND", "or", "NOT", "contains", "MATCHES", "a/b", "sys/trashed", "float", "floatSeries", "max")
) | st.sampled_from(("-24h", "1.5", "(`sys/trashed`:bool = false)", "[a-", "{3"))


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS)
def test_what_is_printed_is_read_as_it_was(expression: Expression) -> None:
    assert parse(to_text(expression)).expression == expression


@settings(max_examples=400, deadline=None)
@given(st.text() | st.lists(WORDS, max_size=30).map(" ".join) | st.lists(WORDS, max_size=30).map("".join))
@example("a MATCHES '(?=x)'")
@example("a MATCHES '((((((){255}){255}){255}){255}){255}){255}'")
def test_any_text_is_a_query_or_a_syntax_error(text: str) -> None:
    try:
        resolve(parse(text, "a/b"), NOW_MS)
    except QuerySyntaxError as error:
        assert "^" in str(error)  # noqa: PT017 - not every text is an error


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=30))
def test_any_value_of_the_clients_own_clauses_is_taken_as_it_is(value: str) -> None:
    if "\x00" in value or "\x01" in value or '"' in value or "\\" in value:
        return
    query = parse(f'((`sys/trashed`:bool = false) AND (`sys/owner`:string = "{value}"))')
    assert Clause("sys/owner", AttributeType.STRING, None, Operator.EQUAL, value) in query.expression.operands  # type: ignore[union-attr]
