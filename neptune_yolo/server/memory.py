"""How the process takes memory from the system."""

import ctypes
import sys

_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's ``mallopt``."""


def share_memory_of_threads() -> bool:
    """Let all threads take memory from one place, where the C library is glibc; return whether it does.

    Else each thread that reads points keeps a heap of its own, which grows to what its largest request needed. Python
    runs one thread at a time, so that they rarely wait for each other here. Call it before there are threads.
    """
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and mallopt(_ARENA_MAX, 1) == 1
