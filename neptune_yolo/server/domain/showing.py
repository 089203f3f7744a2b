"""Values of a peer in messages: enough to recognize them, and never more."""

import reprlib

SHOWN_CHARACTERS = 80

_SHORT = reprlib.Repr()
_SHORT.maxlevel = 2
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxdict = 3
_SHORT.maxstring = _SHORT.maxother = SHOWN_CHARACTERS


def shown(value: object) -> str:
    """Return the beginning of a value as text, however large or deep the value is."""
    if isinstance(value, str):
        return value[:SHOWN_CHARACTERS]
    return _SHORT.repr(value)[:SHOWN_CHARACTERS]


def is_deeper_than(value: object, levels: int) -> bool:
    """Return whether values are nested in each other more than ``levels`` deep.

    Args:
        value: A value as JSON gives it.
        levels: A list or dict of plain values is one level deep.
    """
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    if inner is None:
        return False
    return levels == 0 or any(is_deeper_than(item, levels - 1) for item in inner)
