"""Shows people at a terminal how far it is; says nothing to scripts."""

import sys
from threading import Lock
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

if TYPE_CHECKING:
    import rich.progress


class Progress(Protocol):
    """Is told what was done; several threads may tell it."""

    def begin(self, runs: int, size_bytes: int) -> None:
        """Tell how much there is to do: runs, and bytes of their tables."""

    def advance(self, size_bytes: float, points: int) -> None:
        """Tell that so much more of the tables was done, and points in it."""

    def sent(self, size_bytes: int) -> None:
        """Tell that so many more bytes of files were sent."""

    def done(self, name: str) -> None:
        """Tell that a run is done."""


class Silent:
    """Shows nothing."""

    def begin(self, runs: int, size_bytes: int) -> None:
        """Do nothing."""

    def advance(self, size_bytes: float, points: int) -> None:
        """Do nothing."""

    def sent(self, size_bytes: int) -> None:
        """Do nothing."""

    def done(self, name: str) -> None:
        """Do nothing."""


class TerminalProgress:
    """Shows a bar on standard error while it is a terminal; use it as a context manager."""

    def __init__(self, *, is_quiet: bool = False) -> None:
        """Prepare to show.

        Args:
            is_quiet: Whether to show nothing in any case.
        """
        self._bar: rich.progress.Progress | None = None
        self._is_quiet = is_quiet or not sys.stderr.isatty()
        self._lock = Lock()
        self._points = self._file_bytes = self._runs = self._all_runs = 0
        self._task: rich.progress.TaskID | None = None

    def __enter__(self) -> Self:
        if not self._is_quiet:
            from rich.console import Console
            from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            columns = (BarColumn(), TaskProgressColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def begin(self, runs: int, size_bytes: int) -> None:
        """Tell how much there is to do: runs, and bytes of their tables."""
        self._all_runs = runs
        if self._bar is not None:
            self._task = self._bar.add_task("", total=max(1, size_bytes))

    def advance(self, size_bytes: float, points: int) -> None:
        """Tell that so much more of the tables was done, and points in it."""
        self._show(size_bytes, points=points)

    def sent(self, size_bytes: int) -> None:
        """Tell that so many more bytes of files were sent."""
        self._show(0.0, file_bytes=size_bytes)

    def done(self, name: str) -> None:
        """Tell that a run is done."""
        del name
        self._show(0.0, runs=1)

    def _show(self, size_bytes: float, *, points: int = 0, file_bytes: int = 0, runs: int = 0) -> None:
        with self._lock:
            self._points += points
            self._file_bytes += file_bytes
            self._runs += runs
            words = (
                f"{self._runs}/{self._all_runs} runs, {self._points:,} rows, {self._file_bytes / 1e6:,.0f} MB of files"
            )
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, advance=size_bytes, description=words)
