r"""Regular expressions of ``MATCHES``: a part of the usual syntax that can be matched in linear time.

Supported: literals, ``.``, ``[...]``, ``\d \D \w \W \s \S``, ``\b``, ``^ $``, groups, ``|``, ``* + ? {m,n}``
(lazy ones too: whether a text matches does not depend on it) and ``(?i)`` at the beginning. Classes are those of ASCII.
Look-around and references to groups are refused: they cannot be bounded.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

MAX_LENGTH = 1000
"""Characters of a pattern."""

MAX_REPEATS = 255
"""Largest number within braces; PostgreSQL's own limit."""

MAX_NESTING = 50
"""Depth of groups."""

LAST_CHARACTER = 0x10FFFF


class PatternError(Exception):
    """A pattern that cannot be read; the text says what was expected."""


class Anchor(StrEnum):
    """A place in the text, spelled as PostgreSQL does."""

    START = "^"
    END = "$"
    WORD = r"\y"


@dataclass(frozen=True)
class Characters:
    """One character out of ranges (code points, both ends included), or out of all others."""

    ranges: tuple[tuple[int, int], ...]
    is_negated: bool = False

    def __contains__(self, character: str) -> bool:
        code = ord(character)
        return any(first <= code <= last for first, last in self.ranges) != self.is_negated


@dataclass(frozen=True)
class Sequence:
    """One after the other."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class Choice:
    """One of several."""

    options: tuple["Node", ...]


@dataclass(frozen=True)
class Repeat:
    """The same again; without a maximum, any number of times."""

    part: "Node"
    minimum: int
    maximum: int | None


Node = Anchor | Characters | Sequence | Choice | Repeat

_DIGITS = ((0x30, 0x39),)
_WORD = (*_DIGITS, (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
_SPACES = ((0x09, 0x0D), (0x20, 0x20))
_CLASSES: Mapping[str, tuple[tuple[int, int], ...]] = {"d": _DIGITS, "w": _WORD, "s": _SPACES}
_CONTROLS: Mapping[str, str] = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_BRACES = re.compile(r"\{(\d{1,4})(,?)(\d{0,4})\}")

WORD_CHARACTERS = Characters(_WORD)


def parse_pattern(text: str) -> Node:
    """Read a pattern.

    Raises:
        PatternError: If it is longer than ``MAX_LENGTH`` or not of the supported syntax.
    """
    if len(text) > MAX_LENGTH:
        raise PatternError(f"a pattern of at most {MAX_LENGTH} characters")
    ignores_case = text.startswith("(?i)")
    return _Reader(text, 4 if ignores_case else 0, ignores_case=ignores_case).read()


class _Reader:
    def __init__(self, text: str, position: int, *, ignores_case: bool) -> None:
        self._text = text
        self._position = position
        self._ignores_case = ignores_case
        self._depth = 0

    def read(self) -> Node:
        node = self._choice()
        if self._position < len(self._text):
            raise PatternError("a pattern whose ')' have a '(' before them")
        return node

    def _choice(self) -> Node:
        options = [self._sequence()]
        while self._take("|"):
            options.append(self._sequence())
        return options[0] if len(options) == 1 else Choice(tuple(options))

    def _sequence(self) -> Node:
        parts: list[Node] = []
        while self._position < len(self._text) and self._peek() not in "|)":
            parts.append(self._repeated())
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _repeated(self) -> Node:
        part = self._single()
        bounds = self._quantifier()
        if bounds is None:
            return part
        if isinstance(part, Anchor):
            raise PatternError(f"something that can be repeated before position {self._position} of the pattern")
        if self._peek() and self._peek() in "*+?{":
            raise PatternError(f"no second quantifier at position {self._position + 1} of the pattern")
        return Repeat(part, *bounds)

    def _quantifier(self) -> tuple[int, int | None] | None:
        simple: Mapping[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        bounds = simple.get(self._peek())
        if bounds is not None:
            self._position += 1
        elif self._peek() == "{":
            bounds = self._braces()
        else:
            return None
        self._take("?")
        return bounds

    def _braces(self) -> tuple[int, int | None]:
        found = _BRACES.match(self._text, self._position)
        if found is None:
            raise PatternError(f"{{m}}, {{m,}} or {{m,n}} at position {self._position + 1} of the pattern")
        self._position = found.end()
        minimum = int(found[1])
        maximum = int(found[3]) if found[3] else (None if found[2] else minimum)
        if minimum > MAX_REPEATS or (maximum is not None and not minimum <= maximum <= MAX_REPEATS):
            raise PatternError(f"repeats of 0 to {MAX_REPEATS} times, the smaller number first")
        return minimum, maximum

    def _single(self) -> Node:
        character = self._next()
        match character:
            case "(":
                return self._group()
            case "[":
                return self._set()
            case "\\":
                return self._escape()
            case ".":
                return Characters(((0x0A, 0x0A),), is_negated=True)
            case "^":
                return Anchor.START
            case "$":
                return Anchor.END
            case "*" | "+" | "?" | "{":
                raise PatternError(f"something to repeat before {character!r} at position {self._position}")
        return self._literal(character)

    def _group(self) -> Node:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise PatternError(f"groups nested at most {MAX_NESTING} deep")
        if self._take("?") and not self._take(":"):
            raise PatternError("no look-around, name or flag in a group; (?i) may stand at the beginning")
        node = self._choice()
        if not self._take(")"):
            raise PatternError("a ')' for each '('")
        self._depth -= 1
        return Sequence((node,))

    def _escape(self) -> Node:
        character = self._next()
        if character == "b":
            return Anchor.WORD
        if character.lower() in _CLASSES:
            return Characters(_CLASSES[character.lower()], is_negated=character.isupper())
        return self._literal(_escaped(character))

    def _set(self) -> Node:
        is_negated = self._take("^")
        ranges: list[tuple[int, int]] = []
        while not self._take("]") or not ranges:
            ranges.extend(self._range())
        return Characters(tuple(ranges), is_negated=is_negated)

    def _range(self) -> Iterable[tuple[int, int]]:
        first = self._member()
        if len(first) > 1 or first == "":
            return _CLASSES[first[1:]]
        last = first
        rest = self._text[self._position : self._position + 2]
        if rest.startswith("-") and rest != "-]" and len(rest) == 2:  # noqa: PLR2004 - the dash and what follows it
            self._position += 1
            last = self._member()
        if len(last) > 1 or last < first:
            raise PatternError(f"a range from a lower to a higher character before position {self._position + 1}")
        return self._with_cases(ord(first), ord(last))

    def _member(self) -> str:
        character = self._text[self._position : self._position + 1]
        if not character:
            raise PatternError("a ']' for each '['")
        self._position += 1
        if character == "[" and self._peek() in ":.=":
            raise PatternError("no '[:' within '[...]'; write \\d, \\w or \\s, or put a backslash before '['")
        if character != "\\":
            return character
        escaped = self._next()
        return f"\\{escaped}" if escaped in _CLASSES else _escaped(escaped)

    def _literal(self, character: str) -> Characters:
        return Characters(tuple(self._with_cases(ord(character), ord(character))))

    def _with_cases(self, first: int, last: int) -> Iterable[tuple[int, int]]:
        yield first, last
        if not self._ignores_case:
            return
        if first == last:
            forms = {chr(first).lower(), chr(first).upper()} - {chr(first)}
            yield from ((ord(form), ord(form)) for form in sorted(forms) if len(form) == 1)
            return
        for low, high, shift in ((0x41, 0x5A, 0x20), (0x61, 0x7A, -0x20)):
            if max(first, low) <= min(last, high):
                yield max(first, low) + shift, min(last, high) + shift

    def _peek(self) -> str:
        return self._text[self._position : self._position + 1]

    def _take(self, character: str) -> bool:
        if self._peek() != character:
            return False
        self._position += 1
        return True

    def _next(self) -> str:
        if self._position >= len(self._text):
            raise PatternError("a character after the backslash at the end of the pattern")
        self._position += 1
        return self._text[self._position - 1]


def _escaped(character: str) -> str:
    if character in _CONTROLS:
        return _CONTROLS[character]
    if character.isalnum():
        raise PatternError(f"one of \\d \\w \\s \\b \\t \\n or a sign after the backslash, got {character!r}")
    return character


def to_postgres(node: Node) -> str:
    """Write a pattern in PostgreSQL's own syntax, so that it matches the same texts there."""
    match node:
        case Anchor():
            return node.value
        case Characters():
            ranges = "".join(f"{_code(first)}-{_code(last)}" for first, last in node.ranges)
            return f"[{'^' if node.is_negated else ''}{ranges}]"
        case Sequence():
            return "(?:" + "".join(map(to_postgres, node.parts)) + ")"
        case Choice():
            return "(?:" + "|".join(map(to_postgres, node.options)) + ")"
        case Repeat():
            maximum = "" if node.maximum is None else node.maximum
            bounds = "*" if (node.minimum, node.maximum) == (0, None) else f"{{{node.minimum},{maximum}}}"
            return f"(?:{to_postgres(node.part)}){bounds}"


def _code(code: int) -> str:
    return f"\\U{code:08x}"
