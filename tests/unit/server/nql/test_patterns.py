import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neptune_yolo.server.nql.automaton import Automaton
from neptune_yolo.server.nql.patterns import PatternError, parse_pattern, to_postgres

ESCAPES = r"\d \D \w \W \s \S \. \- \t [a-b] [^a] [1_-] [\d.] []a] [^]a] [\]]"
ATOMS = st.sampled_from((*"abA1_- .é", *ESCAPES.split()))
ANCHORS = st.sampled_from(["^", r"\b"])
QUANTIFIERS = st.sampled_from(["*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,3}?", "*?"])


def _larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return (
        st.lists(parts, max_size=3).map("".join)
        | st.tuples(parts, parts).map(lambda pair: f"(?:{pair[0]}|{pair[1]})")
        | st.tuples(ATOMS | parts.map(lambda part: f"({part})"), QUANTIFIERS).map("".join)
        | st.tuples(ANCHORS, parts).map("".join)
    )


WRONG = r"( ) [ [a a** * a{3 {2} a{2,1} a{999} (?=x) (?P<n>x) (a)\1 \ \p{L} [b-a] [[:alpha:]] ^* a(?i)b \q"
PATTERNS = st.tuples(st.sampled_from(["", "(?i)"]), st.recursive(ATOMS, _larger, max_leaves=8)).map("".join)


@settings(max_examples=500, deadline=None)
@given(PATTERNS, st.text("abAB1_ .-é", max_size=8))
def test_a_pattern_matches_what_python_matches(pattern: str, text: str) -> None:
    expected = re.search(pattern, text, re.ASCII) is not None
    if "(?i)" in pattern and "é" in pattern:
        return  # Python's own ASCII mode leaves such letters alone
    assert Automaton(parse_pattern(pattern)).search(text) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("b$", "ab", True),
        ("a$", "ab", False),
        ("^$", "", True),
        ("(?i)GRÖSSE", "größe", False),
        ("(?i)É", "é", True),
        ("a|", "x", True),
        ("", "", True),
        (r"\bfast\b", "a fast run", True),
        (r"\bfast\b", "breakfast", False),
        ("a.c", "a\nc", False),
        ("^run-(1|2)[0-9]?$", "run-27", True),
    ],
)
def test_patterns(pattern: str, text: str, *, expected: bool) -> None:
    assert Automaton(parse_pattern(pattern)).search(text) is expected


@pytest.mark.parametrize(
    "pattern",
    [
        *WRONG.split(),
        "x" * 1001,
        "(" * 60 + ")" * 60,
    ],
)
def test_other_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(PatternError):
        parse_pattern(pattern)


@pytest.mark.parametrize("pattern", ["(((a{255}){255}){255}){255}", "((((){255}){255}){255}){255}", "a{255}" * 20])
def test_patterns_that_are_too_large_are_refused(pattern: str) -> None:
    start = time.process_time()
    with pytest.raises(PatternError):
        Automaton(parse_pattern(pattern))
    assert time.process_time() - start < 1


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(a*)*c", "a*a*a*a*a*a*b", "(?:a?){40}a{40}b"])
def test_no_pattern_takes_long(pattern: str) -> None:
    automaton = Automaton(parse_pattern(pattern))
    start = time.process_time()
    assert not automaton.search("a" * 20_000 + "!")
    assert time.process_time() - start < 1


def test_what_is_remembered_is_bounded() -> None:
    automaton = Automaton(parse_pattern("(?:.{0,60}x){0,2}y"))
    for number in range(40):
        automaton.search("".join(chr(0x4E00 + (number * 7919 + at) % 20_000) for at in range(2000)))
    assert automaton.remembered <= 20_000


def test_postgresql_gets_no_syntax_of_its_own() -> None:
    assert to_postgres(parse_pattern("a.")) == r"(?:[\U00000061-\U00000061][^\U0000000a-\U0000000a])"
    assert to_postgres(parse_pattern(r"^\bx*")).startswith(r"(?:^\y(?:[")
