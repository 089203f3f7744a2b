"""The space of a search: the bounds of each hyperparameter. Pure functions."""

import math
from collections.abc import Mapping, Sequence

from neptune_yolo.exceptions import SettingsError

Space = dict[str, tuple[float, ...]]
"""Name of an argument -> lowest value, highest value and, optionally, how strongly it is changed (0 to 1)."""

_FEWEST, _MOST = 2, 3


def checked_space(space: Mapping[str, Sequence[float]], arguments: Mapping[str, object]) -> Space:
    """Return a space in the form that Ultralytics' tuner reads.

    Args:
        space: Name -> ``(lowest, highest)`` or ``(lowest, highest, gain)``.
        arguments: Every argument of Ultralytics with the value that the first trial has.

    Raises:
        SettingsError: If a name is no argument with a number, or its bounds cannot be used.
    """
    if not space:
        raise SettingsError("The space must hold at least one hyperparameter, such as {'lr0': (1e-5, 1e-2)}; got none.")
    for name in space:
        value = arguments.get(name)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise SettingsError(
                f"The space must name arguments of Ultralytics that are numbers, such as lr0; got {name!r}, "
                f"whose value is {value!r}."
            )
    return {name: _checked_bounds(name, bounds) for name, bounds in space.items()}


def parse_space(texts: Sequence[str]) -> dict[str, tuple[float, ...]]:
    """Return the space that texts like ``lr0=1e-5:1e-2`` or ``momentum=0.7:0.98:0.3`` describe.

    Args:
        texts: One hyperparameter each.

    Raises:
        SettingsError: If a text has another form.
    """
    space = {}
    for text in texts:
        name, separator, bounds = text.partition("=")
        try:
            numbers = tuple(float(number) for number in bounds.split(":"))
        except ValueError:
            numbers = ()
        if not separator or not _FEWEST <= len(numbers) <= _MOST:
            raise SettingsError(f"A hyperparameter must be given as name=lowest:highest[:gain]; got {text!r}.")
        space[name.strip()] = numbers
    return space


def _checked_bounds(name: str, bounds: object) -> tuple[float, ...]:
    numbers = tuple(bounds) if isinstance(bounds, Sequence) and not isinstance(bounds, str) else ()
    is_usable = _FEWEST <= len(numbers) <= _MOST and all(
        isinstance(number, int | float) and math.isfinite(number) for number in numbers
    )
    if not is_usable or numbers[0] > numbers[1]:
        raise SettingsError(
            f"The bounds of {name} must be (lowest, highest) or (lowest, highest, gain); got {bounds!r}."
        )
    return tuple(float(number) for number in numbers)
