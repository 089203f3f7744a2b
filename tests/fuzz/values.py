"""Strategies for what peers may send: mostly sensible, sometimes broken in one place, sometimes nonsense."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

NASTY_TEXTS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "..",
    "../../etc/passwd",
    "/",
    "a/b/c",
    "local/yolo",
    "local/yolo/YOL-1",
    "//",
    "'; DROP TABLE runs; --",
    "%",
    "_",
    "\\",
    "\r\nX: y",
    "\ufeff",
    "\U0010ffff",
    "\N{RIGHT-TO-LEFT OVERRIDE}",
    "e\N{COMBINING ACUTE ACCENT}",
    "x" * 200,
    "x" * 1025,
    "x" * 5000,
    "é" * 1000,
    "null",
    "NaN",
    "True",
    "[]",
    "{}",
)
NASTY_NUMBERS = (
    0,
    -1,
    1,
    2**31 - 1,
    2**31,
    -(2**31) - 1,
    2**53 + 1,
    2**63 - 1,
    2**63,
    -(2**63),
    -(2**63) - 1,
    2**64 - 1,
    10**30,
    1e308,
    -1e308,
    5e-324,
    0.1,
    -0.0,
)

texts: SearchStrategy[str] = st.one_of(
    st.sampled_from(NASTY_TEXTS),
    st.text(st.characters(codec="utf-8"), max_size=30),
    st.from_regex(r"[a-z/]{1,12}", fullmatch=True),
)
numbers: SearchStrategy[Any] = st.one_of(
    st.sampled_from(NASTY_NUMBERS), st.integers(-3, 3), st.floats(allow_nan=False, allow_infinity=False)
)
leaves: SearchStrategy[Any] = st.one_of(st.none(), st.booleans(), numbers, texts)


def _nested(levels: int) -> SearchStrategy[Any]:
    if levels == 0:
        return leaves
    inner = _nested(levels - 1)
    return st.one_of(leaves, st.lists(inner, max_size=3), st.dictionaries(texts, inner, max_size=3))


json_values = _nested(3)
query_numbers = st.one_of(
    st.integers(0, 3).map(str),
    st.sampled_from(NASTY_NUMBERS).map(str),
    st.sampled_from(["", "9" * 30, "9" * 5000, "\N{ARABIC-INDIC DIGIT THREE}", "1_0", "+1", " 1", "0x10"]),
)


@st.composite
def mutated(draw: DrawFn, value: Any) -> Any:
    """Return a value of JSON with one of its parts replaced, left out or doubled."""
    if isinstance(value, dict) and value and draw(st.integers(0, 9)):
        key = draw(st.sampled_from(sorted(value)))
        match draw(st.integers(0, 5)):
            case 0:
                return {name: item for name, item in value.items() if name != key}
            case 1:
                return {**value, draw(texts): value[key]}
            case _:
                return {**value, key: draw(mutated(value[key]))}
    if isinstance(value, list) and value and draw(st.integers(0, 9)):
        index = draw(st.integers(0, len(value) - 1))
        match draw(st.integers(0, 5)):
            case 0:
                return value[:index] + value[index + 1 :]
            case 1:
                return [*value, value[index]]
            case _:
                return [*value[:index], draw(mutated(value[index])), *value[index + 1 :]]
    return draw(json_values)


@st.composite
def damaged(draw: DrawFn, content: bytes) -> bytes:
    """Return bytes with some of them changed, left out, doubled or cut off."""
    broken = bytearray(content)
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, max(0, len(broken) - 1)))
        match draw(st.integers(0, 4)):
            case 0:
                del broken[place:]
            case 1:
                broken[place : place + 1] = draw(st.binary(min_size=1, max_size=8))
            case 2:
                del broken[place : place + draw(st.integers(1, 600))]
            case 3:
                broken[place:place] = broken[place : place + draw(st.integers(1, 600))]
            case _:
                broken[place : place + 1] = b"\xff"
    return bytes(broken)


def some_of(values: Sequence[str]) -> SearchStrategy[str]:
    """Return one of the values most of the time, and any text otherwise."""
    known = st.sampled_from(sorted(values))
    return st.one_of(known, known, known, texts)
