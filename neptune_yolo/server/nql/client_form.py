"""What the client itself puts around and into a query.

The client writes a clause as ``(`name`:type = "value")``, does not escape the value, and joins a user's own text with
its own clauses without parentheses around the former: ``(a = 1 OR b = 2 AND (`sys/trashed`:bool = false))``.
Read by the letter, ``a = 1`` would let trashed runs through, which no user means. So clauses that the client has put at
the end hold for all that stands before them.
"""

import re
from dataclasses import dataclass

QUOTE, BACKSLASH = "\x00", "\x01"
"""Stand for a quote and a backslash inside a value of the client; neither may occur in a query."""

_HEAD = re.compile(r'\(`[^`]+`:[A-Za-z]+ (?:=|>|CONTAINS) "')
_END = re.compile(r'"(?=\s*\)(?:\s*\))*\s*(?:\Z|(?:AND|OR)\b))', re.IGNORECASE)
_TAIL = re.compile(r' AND (\(`([^`]+)`:([A-Za-z]+) ([=>]) (?:true|false|".*")\))\)\Z', re.DOTALL)
_ALONE = re.compile(r'\(`([^`]+)`:[A-Za-z]+ > (?:true|false|"[^"]*")\)\Z')

_JOINED = {("sys/trashed", "bool", "="), ("sys/model_id", "string", "=")}


@dataclass(frozen=True)
class Peeled:
    """A query without the clause that the client has put at its end.

    Attributes:
        rest: The query before it; blanks stand for what was taken off, so that positions stay.
        tail: The clause; blanks stand for all before it.
        continues: Whether the clause asks for what follows a value of the sort column, as the client does for rows past
            the 10,000th.
    """

    rest: str
    tail: str
    continues: bool


def peel(text: str, sorted_by: str | None) -> Peeled | None:
    """Take off the clause that the client has put at the end, if there is one.

    Args:
        text: The query.
        sorted_by: Name of the sort column; a clause with ``>`` on it is the client's way to continue a long table.
    """
    alone = _ALONE.match(text)
    if alone is not None:
        return Peeled("", text, continues=True) if alone.group(1) == sorted_by else None
    start = text.rfind(" AND (`")
    found = _TAIL.match(text, start) if start > 0 and text.startswith("(") else None
    if found is None:
        return None
    name, kind, operator = found.group(2, 3, 4)
    continues = operator == ">" and name == sorted_by
    if not continues and (name, kind, operator) not in _JOINED:
        return None
    return Peeled(f" {text[1:start]}", " " * found.start(1) + found.group(1), continues)


def mask_values(text: str) -> str:
    """Replace quotes and backslashes within the values of the client's clauses, character by character.

    Such a value ends at a quote after which only closing parentheses come before the next AND, OR or the end.
    """
    parts: list[str] = []
    done = 0
    while (head := _HEAD.search(text, done)) is not None:
        end = _END.search(text, head.end())
        if end is None:
            break
        value = text[head.end() : end.start()].replace('"', QUOTE).replace("\\", BACKSLASH)
        parts += [text[done : head.end()], value, '"']
        done = end.end()
    return "".join([*parts, text[done:]])


def unmask(value: str) -> str:
    """Undo ``mask_values``."""
    return value.replace(QUOTE, '"').replace(BACKSLASH, "\\")
