"""Conditions that say what the rows of a group have in common."""

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.nql.meaning import Comparison, Condition, Has, Opposite
from neptune_yolo.server.nql.syntax import Aggregate, Operator
from neptune_yolo.server.nql.table import GroupKey

_TEXTS = (
    AttributeType.STRING,
    AttributeType.STRING_SERIES,
    AttributeType.ARTIFACT,
    AttributeType.GIT_REF,
    AttributeType.FILE,
    AttributeType.STATE,
)
_WHOLE = (AttributeType.INT, AttributeType.DATETIME, AttributeType.FILE_SET)
_REAL = (AttributeType.FLOAT, AttributeType.FLOAT_SERIES)
_LEAST = float("-inf")


def belongs(name: str, key: GroupKey) -> Condition:
    """Return the condition that an attribute has a value, or for None that it has none.

    Args:
        name: Path of the attribute.
        key: Value of the group.
    """
    if key is None:
        texts = [_comparison(kind, Operator.GREATER_OR_EQUAL, "") for kind in (*_TEXTS, AttributeType.STRING_SET)]
        kinds = (*_WHOLE, *_REAL, AttributeType.BOOL)
        numbers = [_comparison(kind, Operator.GREATER_OR_EQUAL, _LEAST) for kind in kinds]
        return Opposite(Has(name, (*texts, *numbers)))
    if isinstance(key, bool):
        return Has(name, (_comparison(AttributeType.BOOL, Operator.EQUAL, key),))
    if isinstance(key, str):
        texts = [_comparison(kind, Operator.EQUAL, key) for kind in _TEXTS]
        return Has(name, (*texts, _comparison(AttributeType.STRING_SET, Operator.CONTAINS, key)))
    return Has(name, tuple(_comparison(kind, Operator.EQUAL, key) for kind in (*_WHOLE, *_REAL)))


def _comparison(kind: AttributeType, operator: Operator, value: float | str) -> Comparison:
    return Comparison(kind, Aggregate.LAST, operator, (value,))
