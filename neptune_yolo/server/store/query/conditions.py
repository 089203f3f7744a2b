"""Conditions of a query as conditions of a statement."""

import operator as operators
from collections.abc import Callable, Mapping
from typing import Any, assert_never

from sqlalchemy import ColumnElement, Double, and_, false, func, literal, not_, or_, select
from sqlalchemy import exists as sql_exists

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.system import SYSTEM_TYPES
from neptune_yolo.server.nql.meaning import ComparedValue, Comparison, Condition, Every, Has, Mentions, Opposite, Some
from neptune_yolo.server.nql.patterns import Anchor, Characters, Choice, Repeat
from neptune_yolo.server.nql.patterns import Sequence as NodeSequence
from neptune_yolo.server.nql.syntax import Operator
from neptune_yolo.server.nql.table import Table
from neptune_yolo.server.store.models import attributes, containers, set_strings
from neptune_yolo.server.store.query.dialect import Dialect
from neptune_yolo.server.store.query.fields import TEXT_TYPES, members_of, row_of, stored_field, system_field

_NODES = (Anchor, Characters, NodeSequence, Choice, Repeat)
_NEGATED = {
    Operator.NOT_EQUAL: Operator.EQUAL,
    Operator.NOT_CONTAINS: Operator.CONTAINS,
    Operator.NOT_MATCHES: Operator.MATCHES,
}
_COMPARISONS: Mapping[Operator, Callable[[Any, Any], Any]] = {
    Operator.EQUAL: operators.eq,
    Operator.NOT_EQUAL: operators.ne,
    Operator.GREATER: operators.gt,
    Operator.GREATER_OR_EQUAL: operators.ge,
    Operator.LESS: operators.lt,
    Operator.LESS_OR_EQUAL: operators.le,
}


class ConditionWriter:
    """Writes conditions on the rows of ``containers``.

    An attribute that a row lacks, or that has no value yet, satisfies no comparison, not even ``!=``.

    Args:
        table: What is asked for.
        dialect: Of the database.
    """

    def __init__(self, table: Table, dialect: Dialect) -> None:
        self._table = table
        self._dialect = dialect

    def write(self, condition: Condition) -> ColumnElement[bool]:
        """Return a condition of a statement that reads ``containers``; true or false, never null."""
        match condition:
            case Has():
                return self._has(condition)
            case Opposite():
                return not_(self.write(condition.condition))
            case Every():
                return and_(*map(self.write, condition.conditions))
            case Some():
                return or_(*map(self.write, condition.conditions))
            case Mentions():
                return self._mentions(condition.word)
            case _:
                assert_never(condition)

    def _mentions(self, word: str) -> ColumnElement[bool]:
        texts = attributes.alias()
        written = (
            select(literal(1))
            .select_from(texts)
            .where(texts.c.container_pk == containers.c.pk, texts.c.path.in_(("sys/name", "sys/description")))
            .where(self._dialect.contains_folded(texts.c.string_value, word))
            .correlate(containers)
        )
        tags = members_of("sys/tags").where(self._dialect.contains_folded(set_strings.c.value, word))
        own_id = func.coalesce(containers.c.custom_run_id, "")
        identifiers = (self._dialect.contains_folded(text, word) for text in (containers.c.sys_id, own_id))
        return or_(*identifiers, sql_exists(written), sql_exists(tags))

    def _has(self, condition: Has) -> ColumnElement[bool]:
        known = SYSTEM_TYPES.get(condition.name)
        if known is None:
            return self._stored(condition)
        comparisons = [comparison for comparison in condition.comparisons if comparison.type is known]
        if not comparisons:
            return false()
        if known is AttributeType.STRING_SET:
            return self._member(condition.name, comparisons[0])
        field = system_field(condition.name, self._table)
        return and_(field.is_not(None), self._compare(field, comparisons[0]))

    def _stored(self, condition: Has) -> ColumnElement[bool]:
        rows, is_own = row_of(condition.name)
        comparisons = [
            and_(
                rows.c.type == comparison.type.value,
                self._compare(stored_field(rows, comparison.type, comparison.aggregate, self._dialect), comparison),
            )
            for comparison in condition.comparisons
            if comparison.type not in {AttributeType.STRING_SET, AttributeType.STATE}
        ]
        if not comparisons:
            return false()
        return sql_exists(select(literal(1)).select_from(rows).where(is_own, or_(*comparisons)).correlate(containers))

    def _member(self, name: str, comparison: Comparison) -> ColumnElement[bool]:
        operator = _NEGATED.get(comparison.operator, comparison.operator)
        value = comparison.values[0]
        members = members_of(name).where(self._single(set_strings.c.value, operator, value, is_member=True))
        found = sql_exists(members)
        return not_(found) if comparison.operator in _NEGATED else found

    def _compare(self, field: ColumnElement[Any], comparison: Comparison) -> ColumnElement[bool]:
        values = [_bound(value) for value in comparison.values]
        if comparison.operator is Operator.EQUAL and len(values) > 1:
            return field.in_(values)
        if comparison.type in TEXT_TYPES and comparison.operator not in {Operator.EQUAL, Operator.NOT_EQUAL}:
            field = self._dialect.ordered(field)
        if comparison.operator in {Operator.NOT_CONTAINS, Operator.NOT_MATCHES}:
            return not_(self._single(field, _NEGATED[comparison.operator], comparison.values[0]))
        return self._single(field, comparison.operator, comparison.values[0])

    def _single(
        self, field: ColumnElement[Any], operator: Operator, value: ComparedValue, *, is_member: bool = False
    ) -> ColumnElement[bool]:
        if isinstance(value, _NODES):
            return self._dialect.matches(field, value)
        if operator is Operator.CONTAINS:
            return field == value if is_member else self._dialect.contains(field, str(value))
        compare: Callable[[Any, Any], ColumnElement[bool]] = _COMPARISONS[operator]
        return compare(field, _bound(value))


def _bound(value: ComparedValue) -> Any:
    """Return a value that the database compares as what it is, whatever the type of the column."""
    if isinstance(value, bool):
        return int(value)
    return literal(value, Double) if isinstance(value, float) else value
