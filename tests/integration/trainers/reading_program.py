"""Reads a run through the real client: python reading_program.py <project> <run id> <folder> [<prefix>].

Writes run.json (path -> type and value) into the folder, and each file attribute below files/. With a prefix only the
paths that begin with it are read: each one is a request, and a run has hundreds.
"""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from neptune_yolo.connection import allow_loopback
from neptune_yolo.server.embedded import EmbeddedServer


def leaves(structure: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found = {}
    for name, value in structure.items():
        path = f"{prefix}{name}"
        found.update(leaves(value, f"{path}/") if isinstance(value, dict) else {path: value})
    return found


def read(path: str, attribute: Any, folder: Path) -> Any:
    kind = type(attribute).__name__
    if kind in ("FloatSeries", "StringSeries"):
        rows = attribute.fetch_values(include_timestamp=False)
        return [[row.step, row.value] for row in rows.itertuples()]
    if kind == "File":
        target = folder / "files" / f"{path}.{attribute.fetch_extension()}"
        target.parent.mkdir(parents=True, exist_ok=True)
        attribute.download(str(target), progress_bar=False)
        return str(target)
    if kind == "FileSeries":
        target = folder / "files" / path
        target.mkdir(parents=True, exist_ok=True)
        attribute.download(str(target), progress_bar=False)
        return sorted(str(file) for file in target.iterdir())
    if kind == "StringSet":
        return sorted(attribute.fetch())
    if hasattr(attribute, "fetch"):
        value = attribute.fetch()
        return value if isinstance(value, bool | int | float | str) else str(value)
    return None


def main(project: str, run_id: str, folder: Path, wanted: Callable[[str], bool] = bool) -> None:
    running = EmbeddedServer().ensure_running()
    allow_loopback(running.url)
    os.environ["NEPTUNE_API_TOKEN"] = running.api_token
    import neptune

    run = neptune.init_run(with_id=run_id, project=project, mode="read-only")
    content = {
        path: {"type": type(attribute).__name__, "value": read(path, attribute, folder)}
        for path, attribute in leaves(run.get_structure()).items()
        if wanted(path)
    }
    run.stop()
    (folder / "run.json").write_text(json.dumps(content), encoding="utf-8")


if __name__ == "__main__":
    below = sys.argv[4] if sys.argv[4:] else ""
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), lambda path: path.startswith(below))
