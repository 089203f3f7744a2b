"""The present moment, as a value that services are given."""

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Gives milliseconds since 1970 (UTC)."""


def system_clock() -> int:
    """Return the present moment in milliseconds since 1970 (UTC)."""
    return time.time_ns() // 1_000_000
