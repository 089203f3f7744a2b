"""Collects what an import could not take over, or took over in another form, without growing with the data."""

from neptune_yolo.transfer.report import Difference

MAX_KINDS = 500
"""Different notes of one run that are told in full."""


class Notes:
    """What has to be said about one run.

    Attributes:
        lost: What the source has and the server has not, without a reason that lies in the source.
    """

    def __init__(self) -> None:
        self.lost: list[Difference] = []
        self._counts: dict[tuple[str, str], int] = {}
        self._left_out = 0

    def add(self, path: str, words: str, count: int = 1) -> None:
        """Add a note; the same one again is counted.

        Args:
            path: Of the attribute.
            words: What became of it.
            count: Of how many values.
        """
        if (path, words) not in self._counts and len(self._counts) >= MAX_KINDS:
            self._left_out += count
        elif count:
            self._counts[path, words] = self._counts.get((path, words), 0) + count

    def lose(self, path: str, expected: str, found: str) -> None:
        """Add something that should have been taken over, and was not."""
        if len(self.lost) < MAX_KINDS:
            self.lost.append(Difference(path, expected, found))

    def lines(self) -> list[str]:
        """Return all notes as sentences."""
        found = [
            f"{path}: {words}{f' ({count} times)' if count > 1 else ''}"
            for (path, words), count in self._counts.items()
        ]
        return [*found, f"{self._left_out} further notes were left out"] if self._left_out else found
