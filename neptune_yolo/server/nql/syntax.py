"""What a query says, as a tree."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import assert_never

from neptune_yolo.server.domain.attribute import AttributeType


class Operator(StrEnum):
    """How a clause compares; each has its opposite."""

    EQUAL = "="
    NOT_EQUAL = "!="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    CONTAINS = "CONTAINS"
    NOT_CONTAINS = "NOT CONTAINS"
    MATCHES = "MATCHES"
    NOT_MATCHES = "NOT MATCHES"


class Aggregate(StrEnum):
    """Which figure of a float series is meant."""

    LAST = "last"
    MIN = "min"
    MAX = "max"
    AVERAGE = "average"
    VARIANCE = "variance"


@dataclass(frozen=True)
class Clause:
    """One comparison.

    Attributes:
        name: Full path of the attribute.
        type: Of the attribute; None stands for any.
        aggregate: Of a float series; None stands for the last value.
        operator: How it compares.
        value: As it was written, without quotes.
        position: Where the value starts in the text, in characters; where to point at if it does not suit.
    """

    name: str
    type: AttributeType | None
    aggregate: Aggregate | None
    operator: Operator
    value: str
    position: int = field(default=0, compare=False)


@dataclass(frozen=True)
class Not:
    """True where the operand is not."""

    operand: "Expression"


@dataclass(frozen=True)
class And:
    """True where all operands are; two or more, none of them an ``And``."""

    operands: tuple["Expression", ...]


@dataclass(frozen=True)
class Or:
    """True where an operand is; two or more, none of them an ``Or``."""

    operands: tuple["Expression", ...]


Expression = Clause | Not | And | Or


def all_of(*operands: Expression) -> Expression:
    """Join expressions by AND, without needless nesting."""
    flat = [part for operand in operands for part in (operand.operands if isinstance(operand, And) else (operand,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def any_of(*operands: Expression) -> Expression:
    """Join expressions by OR, without needless nesting."""
    flat = [part for operand in operands for part in (operand.operands if isinstance(operand, Or) else (operand,))]
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def walk(expression: Expression) -> Iterator[tuple[Expression, int]]:
    """Yield every node with its depth, from 1; as deep as the tree may be."""
    waiting: list[tuple[Expression, int]] = [(expression, 1)]
    while waiting:
        node, depth = waiting.pop()
        yield node, depth
        match node:
            case And() | Or():
                waiting.extend((operand, depth + 1) for operand in node.operands)
            case Not():
                waiting.append((node.operand, depth + 1))


def to_text(expression: Expression) -> str:
    """Write an expression so that parsing gives it back."""
    match expression:
        case Clause():
            return _clause_to_text(expression)
        case Not():
            return f"NOT ({to_text(expression.operand)})"
        case And():
            return " AND ".join(f"({to_text(operand)})" for operand in expression.operands)
        case Or():
            return " OR ".join(f"({to_text(operand)})" for operand in expression.operands)
        case _:
            assert_never(expression)


def _clause_to_text(clause: Clause) -> str:
    kind = "" if clause.type is None else f":{clause.type}"
    aggregate = "" if clause.aggregate is None else f".{clause.aggregate}"
    value = clause.value.replace('"', '\\"')
    return f'`{clause.name}`{kind}{aggregate} {clause.operator} "{value}"'
