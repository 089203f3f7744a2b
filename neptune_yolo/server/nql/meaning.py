"""What a query asks of the attributes: every value read as the types allow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import assert_never

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.system import SYSTEM_TYPES
from neptune_yolo.server.nql.automaton import Automaton
from neptune_yolo.server.nql.errors import syntax_error
from neptune_yolo.server.nql.parser import Query
from neptune_yolo.server.nql.patterns import Node, PatternError, parse_pattern
from neptune_yolo.server.nql.syntax import Aggregate, And, Clause, Expression, Not, Operator, Or
from neptune_yolo.server.nql.values import read_moment, read_number, read_state, read_truth

MAX_CONDITIONS = 300
"""Comparisons of a query; equal ones that are joined by OR, as the client writes lists of IDs, count as one."""

ComparedValue = bool | int | float | str | Node


@dataclass(frozen=True)
class Comparison:
    """A comparison with attributes of one type.

    Attributes:
        type: Of the attribute.
        aggregate: Of a float series.
        operator: How it compares.
        values: What it compares with; one, or for ``=`` several of which one has to be equal.
    """

    type: AttributeType
    aggregate: Aggregate
    operator: Operator
    values: tuple[ComparedValue, ...]


@dataclass(frozen=True)
class Has:
    """True where an attribute of that name satisfies one of the comparisons."""

    name: str
    comparisons: tuple[Comparison, ...]


@dataclass(frozen=True)
class Opposite:
    """True where the condition is not."""

    condition: "Condition"


@dataclass(frozen=True)
class Every:
    """True where all conditions are."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True)
class Some:
    """True where a condition is."""

    conditions: tuple["Condition", ...]


@dataclass(frozen=True)
class Mentions:
    """True where identifier, name, description, a tag or the client's own identifier contain a word, in any case."""

    word: str


Condition = Has | Opposite | Every | Some | Mentions

_ORDERING = frozenset(
    {
        Operator.EQUAL,
        Operator.NOT_EQUAL,
        Operator.GREATER,
        Operator.GREATER_OR_EQUAL,
        Operator.LESS,
        Operator.LESS_OR_EQUAL,
    }
)
_PATTERNS = frozenset({Operator.MATCHES, Operator.NOT_MATCHES})
_MEMBERS = frozenset({Operator.CONTAINS, Operator.NOT_CONTAINS}) | _PATTERNS

_Reader = Callable[[str, int], ComparedValue | None]


@dataclass(frozen=True)
class _Kind:
    """What can be asked of a type.

    Attributes:
        read: Reads a value; gets the present moment in ms, too. None if the text is not such a value.
        expected: What the value should be, for messages.
        operators: Those that the type knows.
    """

    read: _Reader
    expected: str
    operators: frozenset[Operator]


def _text(text: str, _now_ms: int) -> str:
    return text


_NUMBERS = _Kind(lambda text, _now_ms: read_number(text), "a number", _ORDERING)
_TEXTS = _Kind(_text, "a text", _ORDERING | _MEMBERS)

_KINDS: Mapping[AttributeType, _Kind] = {
    AttributeType.FLOAT: _NUMBERS,
    AttributeType.INT: _NUMBERS,
    AttributeType.FLOAT_SERIES: _NUMBERS,
    AttributeType.FILE_SET: _NUMBERS,
    AttributeType.BOOL: _Kind(lambda text, _now_ms: read_truth(text), "true or false", _ORDERING),
    AttributeType.DATETIME: _Kind(read_moment, "a date such as 2024-12-31 or -24h", _ORDERING),
    AttributeType.STATE: _Kind(lambda text, _now_ms: read_state(text), "running or idle", _ORDERING),
    AttributeType.STRING: _TEXTS,
    AttributeType.STRING_SERIES: _TEXTS,
    AttributeType.ARTIFACT: _TEXTS,
    AttributeType.GIT_REF: _TEXTS,
    AttributeType.FILE: _TEXTS,
    AttributeType.STRING_SET: _Kind(_text, "a text", _MEMBERS),
}
"""A file is asked for its extension, a file set for its size in bytes, a commit for its hash.
Pictures compare with nothing."""


def resolve(query: Query, now_ms: int) -> Condition | None:
    """Return what a query asks; None if it holds for everything.

    Args:
        query: The query; its ``after`` is left out.
        now_ms: The present moment, in milliseconds since 1970 (UTC).

    Raises:
        QuerySyntaxError: If a value does not suit its type or operator, or there are too many comparisons.
    """
    if query.expression is None:
        return None
    condition = _resolve(query.expression, query.text, now_ms)
    if _count(condition) > MAX_CONDITIONS:
        raise syntax_error(query.text, 0, f"at most {MAX_CONDITIONS} comparisons", "more")
    return condition


def resolve_clause(clause: Clause, text: str, now_ms: int) -> Has:
    """Return what one clause asks.

    Args:
        clause: The clause.
        text: The query that it is part of.
        now_ms: The present moment, in milliseconds since 1970 (UTC).

    Raises:
        QuerySyntaxError: If its value does not suit its type or operator.
    """
    known = clause.type or SYSTEM_TYPES.get(clause.name)
    if known is None:
        types = tuple(kind for kind, rules in _KINDS.items() if clause.operator in rules.operators)
    else:
        types = (known,)
    if clause.type is AttributeType.FLOAT:
        types = (AttributeType.FLOAT, AttributeType.INT)
    _require_suitable(clause, types, text)
    pattern = _pattern(clause, text) if clause.operator in _PATTERNS else None
    comparisons = []
    for kind in types:
        value = pattern or _KINDS[kind].read(clause.value, now_ms)
        if value is not None:
            comparisons.append(Comparison(kind, clause.aggregate or Aggregate.LAST, clause.operator, (value,)))
    if not comparisons:
        raise syntax_error(
            text, clause.position, f"{_KINDS[types[0]].expected} for {clause.name!r}", repr(clause.value)
        )
    return Has(clause.name, tuple(comparisons))


def _require_suitable(clause: Clause, types: tuple[AttributeType, ...], text: str) -> None:
    if clause.aggregate is not None and types != (AttributeType.FLOAT_SERIES,):
        raise syntax_error(
            text, clause.position, f"type floatSeries before '.{clause.aggregate}' for {clause.name!r}", "another"
        )
    kind = _KINDS.get(types[0])
    if kind is None:
        raise syntax_error(text, clause.position, f"a type with values that compare for {clause.name!r}", types[0])
    if clause.operator not in kind.operators:
        allowed = ", ".join(operator.value for operator in Operator if operator in kind.operators)
        raise syntax_error(
            text, clause.position, f"one of {allowed} before the value, for {clause.name!r}", clause.operator.value
        )


def _pattern(clause: Clause, text: str) -> Node:
    try:
        pattern = parse_pattern(clause.value)
        Automaton(pattern)
    except PatternError as error:
        raise syntax_error(text, clause.position, str(error), repr(clause.value)) from error
    return pattern


def _resolve(expression: Expression, text: str, now_ms: int) -> Condition:
    match expression:
        case Clause():
            return resolve_clause(expression, text, now_ms)
        case Not():
            return Opposite(_resolve(expression.operand, text, now_ms))
        case And():
            return Every(tuple(_resolve(operand, text, now_ms) for operand in expression.operands))
        case Or():
            return _joined([_resolve(operand, text, now_ms) for operand in expression.operands])
        case _:
            assert_never(expression)


def _joined(conditions: list[Condition]) -> Condition:
    """Make one condition of those that ask for another value of the same attribute."""
    merged: dict[object, Condition] = {}
    for condition in conditions:
        key: object = object()
        if isinstance(condition, Has) and all(
            comparison.operator is Operator.EQUAL for comparison in condition.comparisons
        ):
            key = (
                condition.name,
                tuple((comparison.type, comparison.aggregate) for comparison in condition.comparisons),
            )
            known = merged.get(key)
            if isinstance(known, Has):
                pairs = zip(known.comparisons, condition.comparisons, strict=True)
                comparisons = tuple(replace(old, values=(*old.values, *new.values)) for old, new in pairs)
                merged[key] = Has(known.name, comparisons)
                continue
        merged[key] = condition
    found = tuple(merged.values())
    return found[0] if len(found) == 1 else Some(found)


def _count(condition: Condition) -> int:
    match condition:
        case Has() | Mentions():
            return 1
        case Opposite():
            return _count(condition.condition)
        case Every() | Some():
            return sum(_count(part) for part in condition.conditions)
