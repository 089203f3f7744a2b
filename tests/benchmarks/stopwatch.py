"""Measures directly how long a training is inside the trainer's overrides, without what they extend.

A trainer is built of three layers: the outer one starts the watch before each override of ours, the inner one stops it
when the override calls Ultralytics' own method, so that what remains is ours: recorders included, ``super()`` excluded.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

_VALIDATOR_CALLS = (
    "__call__",
    "init_metrics",
    "preprocess",
    "postprocess",
    "update_metrics",
    "gather_stats",
    "get_stats",
    "finalize_metrics",
    "plot_val_samples",
    "plot_predictions",
    "on_plot",
)
"""Methods of a validator that recorders may wrap on the object."""


class Stopwatch:
    """Adds up the seconds that the main thread spends in our code, and in other threads apart from that."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.thread_seconds = 0.0
        self.by_method: dict[str, float] = {}
        self._stacks = threading.local()

    @contextmanager
    def inside(self, name: str, *, ours: bool) -> Iterator[None]:
        """Count the time in the block for us, or for Ultralytics, apart from blocks within it."""
        stack = self._stack()
        self._book(stack)
        stack.append((name, ours))
        try:
            yield
        finally:
            self._book(stack)
            stack.pop()

    def _stack(self) -> list[tuple[str, bool]]:
        if not hasattr(self._stacks, "names"):
            self._stacks.names = []
            self._stacks.since = time.perf_counter()
        names: list[tuple[str, bool]] = self._stacks.names
        return names

    def _book(self, stack: list[tuple[str, bool]]) -> None:
        """Add the time since the last change to whoever was running."""
        now = time.perf_counter()
        spent, self._stacks.since = now - self._stacks.since, now
        if not stack or not stack[-1][1]:
            return
        if threading.current_thread() is threading.main_thread():
            self.seconds += spent
            self.by_method[stack[-1][0]] = self.by_method.get(stack[-1][0], 0.0) + spent
        else:
            self.thread_seconds += spent

    def around(self, function: Callable[..., Any], name: str, *, ours: bool) -> Callable[..., Any]:
        """Return a function that is counted."""

        @wraps(function)
        def counted(*arguments: Any, **keywords: Any) -> Any:
            with self.inside(name, ours=ours):
                return function(*arguments, **keywords)

        return counted


def timed_trainer(mixin: type[Any], base: type[Any], watch: Stopwatch) -> type[Any]:
    """Return ``mixin`` before ``base``, with a watch over every method of ``base`` that ``mixin`` overrides.

    Args:
        mixin: The mixin of ours.
        base: A trainer of Ultralytics.
        watch: Receives the time.
    """
    names = [name for name, value in vars(mixin).items() if callable(value) and callable(getattr(base, name, None))]
    names = [name for name in names if not isinstance(vars(mixin)[name], type) and name != "__init_subclass__"]
    inner = _layer("InnerTrainer", (base,), names, watch, ours=False)
    middle = type("MiddleTrainer", (mixin, inner), {})
    return _layer("TimedTrainer", (middle,), names, watch, ours=True)


def _layer(name: str, bases: tuple[type[Any], ...], methods: list[str], watch: Stopwatch, *, ours: bool) -> type[Any]:
    """Return a subclass whose methods call those of its base, counted."""
    (parent,) = bases

    def counted(method: str) -> Callable[..., Any]:
        def call(self: Any, *arguments: Any, **keywords: Any) -> Any:
            with watch.inside(method, ours=ours):
                result = getattr(parent, method)(self, *arguments, **keywords)
                if method == "get_validator":
                    _watch_validator(result, watch, ours=ours)
                return result

        return call

    return type(name, bases, {method: counted(method) for method in methods})


def _watch_validator(validator: Any, watch: Stopwatch, *, ours: bool) -> None:
    """Count what is, or will be, wrapped on the validator: the original for Ultralytics, the wrapper for us."""
    marked: dict[str, Any] = validator.__dict__.setdefault("_benchmark_marked", {})
    for name in _VALIDATOR_CALLS:
        current = getattr(validator, name, None)
        if current is None or name == "__call__" or marked.get(name) is current:
            continue
        if ours and name not in validator.__dict__:
            continue
        setattr(validator, name, watch.around(current, f"validator.{name}", ours=ours))
        marked[name] = validator.__dict__[name]
