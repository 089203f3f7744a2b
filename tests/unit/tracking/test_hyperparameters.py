import math
from pathlib import PurePosixPath
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neptune_yolo.tracking.hyperparameters import (
    AtomValue,
    changed,
    parse_hyperparameters,
    typed_hyperparameters,
    typed_value,
)

ATOMS = st.one_of(
    st.booleans(),
    st.integers(min_value=-(2**31), max_value=2**31 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(min_size=1).filter(lambda text: text[0] not in "[{"),
    st.none(),
)
NESTED = st.recursive(
    ATOMS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=5,
)


@given(st.dictionaries(st.text(min_size=1, max_size=5), NESTED, max_size=5))
def test_arguments_come_back_as_they_were(arguments: dict[str, Any]) -> None:
    stored = typed_hyperparameters(arguments)
    returned = parse_hyperparameters(stored)

    assert returned == arguments
    assert {name: type(value) for name, value in returned.items()} == {
        name: type(value) for name, value in arguments.items()
    }


@given(NESTED)
def test_an_attribute_can_hold_every_stored_value(value: object) -> None:
    assert type(typed_value(value)) in (bool, int, float, str)


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        pytest.param(None, "", id="None, as the former callback stored it"),
        pytest.param((1, 2), "[1, 2]", id="tuple"),
        pytest.param([0.5, "ä"], '[0.5, "ä"]', id="list with a letter beyond ASCII"),
        pytest.param({"a": [1]}, '{"a": [1]}', id="dictionary"),
        pytest.param(2**31 - 1, 2**31 - 1, id="largest integer of 32 bits"),
        pytest.param(2**31, "2147483648", id="larger integer"),
        pytest.param(-(2**31) - 1, "-2147483649", id="smaller integer"),
        pytest.param(math.inf, "inf", id="infinity"),
        pytest.param(math.nan, "nan", id="not a number"),
        pytest.param(PurePosixPath("/a b/c"), "/a b/c", id="path"),
        pytest.param(True, True, id="boolean stays one"),
        pytest.param([PurePosixPath("x")], '["x"]', id="object within a list"),
    ],
)
def test_how_values_are_stored(value: object, stored: object) -> None:
    result = typed_value(value)

    assert result == stored
    assert type(result) is type(stored)


def test_text_that_looks_like_json_but_is_not_stays_text() -> None:
    assert parse_hyperparameters({"a": "[not json", "b": "{}"}) == {"a": "[not json", "b": {}}


def test_only_what_changed_is_told() -> None:
    before: dict[str, AtomValue] = {"a": 1, "b": 1, "c": "x", "d": True}

    assert changed(before, {"a": 1, "b": 1.0, "c": "y", "d": 1, "e": 0}) == {"b": 1.0, "c": "y", "d": 1, "e": 0}
