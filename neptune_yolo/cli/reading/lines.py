"""What a program printed, as lines: of a progress bar that was drawn over and over, the last state counts."""

import re
from collections.abc import Iterator

from neptune_yolo.cli.reading.values import plain

_BREAKS = re.compile(r"\r\n|\n|\r|\x1b\[[0-9]*A")
_MAX_PENDING = 100_000


class Lines:
    """Makes lines of pieces of output.

    Attributes:
        pending: The line that isn't finished yet.
    """

    def __init__(self) -> None:
        self.pending = ""
        self._is_overwritten = False

    def feed(self, text: str) -> Iterator[str]:
        """Yield the lines that a further piece finishes, without anything that a terminal would obey."""
        position = 0
        for found in _BREAKS.finditer(text):
            self._add(text[position : found.start()])
            position = found.end()
            if found[0].endswith("\n"):
                yield self.pending
                self.pending, self._is_overwritten = "", False
            else:
                self._is_overwritten = True
        self._add(text[position:])

    def _add(self, text: str) -> None:
        clean = plain(text)
        if not clean:
            return
        self.pending = clean if self._is_overwritten else (self.pending + clean)[-_MAX_PENDING:]
        self._is_overwritten = False
