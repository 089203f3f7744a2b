"""Reads the file of a run again that an export as JSON has written, line by line."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np

from neptune_yolo.transfer.writing.expected import Expected, ExpectedFloats, ExpectedTexts

FORMAT = "neptune_yolo.run/1"

_LINES_AT_A_TIME = 50_000
_FIRST_LINE_BYTES = 10_000


def read_state(file: Path) -> list[Any] | None:
    """Return in which state a run was exported; None if the file is not there, or none of ours."""
    try:
        with file.open(encoding="utf-8") as opened:
            line = opened.readline(_FIRST_LINE_BYTES)
        head = json.loads(line.rstrip().removesuffix(",") + "}")
    except (FileNotFoundError, ValueError):
        return None
    is_ours = isinstance(head, dict) and head.get("format") == FORMAT and isinstance(head.get("state"), list)
    return head["state"] if is_ours else None


def read_back(file: Path) -> Expected:
    """Return what a file has of a run.

    Raises:
        OSError: If it cannot be read.
        ValueError: If it is no JSON.
    """
    found = Expected()
    with file.open(encoding="utf-8") as opened:
        for _ in range(3):  # form, run, and the beginning of the attributes
            opened.readline()
        while (line := opened.readline()) and line != "}}\n":
            if line.endswith('"points": [\n'):
                ((path, content),) = json.loads("{" + line + "]}}").items()
                _take_points(found, path, content["type"], opened)
            else:
                ((path, content),) = json.loads("{" + line.rstrip("\n").removesuffix(",") + "}").items()
                _take(found, path, content)
    return found


def _take_points(found: Expected, path: str, kind: str, file: IO[str]) -> None:
    if kind == "stringSeries":
        found.texts.setdefault(path, ExpectedTexts())
    lines = _until_end(file)
    while piece := list(islice(lines, _LINES_AT_A_TIME)):
        points = json.loads("[" + "".join(piece).rstrip().removesuffix(",") + "]")
        if kind == "stringSeries":
            found.texts[path].add(map(tuple, points))
        else:
            steps, moments, values = zip(*points, strict=True)
            series = found.floats.setdefault(path, ExpectedFloats())
            series.add(np.array(steps), np.array(moments, dtype=np.int64), np.array(values, dtype=np.float64))


def _until_end(file: IO[str]) -> Iterator[str]:
    for line in file:
        if line.startswith("]}"):
            return
        yield line


def _take(found: Expected, path: str, content: dict[str, Any]) -> None:
    files = content.get("files")
    if files is None:
        found.atom(path, content["type"], content["value"])
    elif content["type"] == "fileSet":
        found.sets[path] = {file["member"]: (file["size_bytes"], file["sha256"]) for file in files}
    elif content["type"] == "imageSeries":
        found.pictures[path] = [(file["step"], file["size_bytes"], file["sha256"]) for file in files]
    else:
        found.files[path] = (files[0]["size_bytes"], files[0]["sha256"])
