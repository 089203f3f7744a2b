"""What the exporter could not export: it writes such errors into a file, and leaves holes in its tables."""

import json
from collections.abc import Iterator
from pathlib import Path

PATTERN = "neptune_exporter_errors*.jsonl"
"""Names of such files; by default they are where the exporter was called: beside the folder of the export."""

MAX_LINES = 1_000_000
MAX_LINE_LENGTH = 65_536
MAX_NOTES = 100
"""Of one run."""

Holes = dict[str, list[str]]
"""By ``workspace/project/RUN-ID``: sentences on what is missing."""


def find_holes(folder: Path) -> Holes:
    """Return what the exporter says is missing of its runs; what cannot be read is left out.

    Args:
        folder: Of the export.
    """
    holes: Holes = {}
    for file in sorted({*folder.glob(PATTERN), *folder.resolve().parent.glob(PATTERN)}):
        if file.is_symlink() or not file.is_file():
            continue
        for name, sentence in _lines(file):
            of_run = holes.setdefault(name, [])
            if len(of_run) < MAX_NOTES and sentence not in of_run:
                of_run.append(sentence)
    return holes


def _lines(file: Path) -> Iterator[tuple[str, str]]:
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            for _ in range(MAX_LINES):
                line = lines.readline(MAX_LINE_LENGTH)
                if not line:
                    return
                found = _parsed(line)
                if found is not None:
                    yield found
    except OSError:
        return


def _parsed(line: str) -> tuple[str, str] | None:
    try:
        entry = json.loads(line)
        name = f"{entry['project_id']}/{entry['run_id']}"
        path, error = entry.get("attribute_path"), entry.get("exception")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
    what = "something of it" if path is None else str(path)[:1024]
    return name, f"{what}: the exporter could not export it ({str(error)[:200]})"
