"""Texts in CSV that no spreadsheet takes for formulas."""

import re

_RISKY = re.compile(r"'*[=+\-@\t\r]")


def neutral(text: str) -> str:
    """Return a text with an apostrophe before it if a spreadsheet might take it for a formula."""
    return f"'{text}" if _RISKY.match(text) else text


def original(text: str) -> str:
    """Return the text that `neutral` was given."""
    return text[1:] if text.startswith("'") and _RISKY.match(text) else text
