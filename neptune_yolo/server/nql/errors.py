"""Errors that point at the place in the text."""

from neptune_yolo.server.exceptions import QuerySyntaxError

SHOWN_BEFORE = 40
SHOWN_AFTER = 30
"""Characters of the text around the place, in the excerpt."""


def syntax_error(text: str, position: int, expected: str, got: str | None = None) -> QuerySyntaxError:
    """Return an error with line, column and an excerpt that has a caret below the place.

    Args:
        text: The whole query.
        position: Of the place, in characters from 0; at most the length of the text.
        expected: What should stand there.
        got: What stands there instead; None takes it from the text.
    """
    before = text[:position]
    line, column = before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
    found = _found(text, position) if got is None else got
    start = max(before.rfind("\n") + 1, position - SHOWN_BEFORE)
    end = text.find("\n", position)
    stop = min(len(text) if end < 0 else end, position + SHOWN_AFTER)
    excerpt = text[start:stop].replace("\t", " ").replace("\r", " ")
    caret = " " * (position - start) + "^"
    return QuerySyntaxError(
        f"Expected {expected} at line {line}, column {column} of the query, got {found}.\n{excerpt}\n{caret}",
        line=line,
        column=column,
    )


def _found(text: str, position: int) -> str:
    rest = text[position : position + SHOWN_AFTER].split()
    return repr(rest[0]) if rest else "its end"
