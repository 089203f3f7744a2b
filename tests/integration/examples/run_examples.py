"""Runs examples one after the other, and reads their runs: python run_examples.py <folder> <result.json>.

One process runs them all, because loading torch takes longer than an example. The arguments are those that a user
would give.
"""

import json
import os
import runpy
import sys
import traceback
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

EXAMPLES = {
    "custom_metrics": ["1"],
    "callbacks_beside": ["1"],
    "own_trainer": ["1"],
    "offline_then_sync": ["1"],
    "upload_checkpoints": ["3"],
    "resume_by_run_id": ["2"],
}
"""Name of an example -> its arguments. They are run in this order, so that their runs are EXA-1, EXA-2..."""

FETCHED = ("custom/", "training/", "train/box_loss", "sys/name", "sys/tags")
"""What is fetched; of the rest only the type is noted, because each value is a request."""


def run(file: Path, arguments: list[str]) -> dict[str, str]:
    """Run an example as a script, and return its error (or nothing) and what it has printed."""
    sys.argv = [str(file), *arguments]
    printed = StringIO()
    error = ""
    try:
        with redirect_stdout(printed):
            runpy.run_path(str(file), run_name="__main__")
    except BaseException:  # noqa: BLE001 - whatever it is, the next example is run and the test shows it
        error = traceback.format_exc()
    return {"error": error, "printed": printed.getvalue()}


def read(run_id: str) -> dict[str, Any]:
    """Return what a run holds: path -> value; of a series, its steps."""
    import neptune

    run = neptune.init_run(with_id=run_id, project="local/examples", mode="read-only")
    content: dict[str, Any] = {}
    for path, attribute in leaves(run.get_structure()).items():
        kind = type(attribute).__name__
        if not path.startswith(FETCHED):
            content[path] = kind
        elif kind == "FloatSeries":
            content[path] = [row.step for row in attribute.fetch_values(include_timestamp=False).itertuples()]
        elif kind in ("Integer", "Float", "Boolean", "String"):
            content[path] = attribute.fetch()
        elif kind == "StringSet":
            content[path] = sorted(attribute.fetch())
        else:
            content[path] = kind
    run.stop()
    return content


def leaves(structure: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return path -> attribute, without what the client records by itself."""
    found = {}
    for name, value in structure.items():
        path = f"{prefix}{name}"
        if path != "monitoring":
            found.update(leaves(value, f"{path}/") if isinstance(value, dict) else {path: value})
    return found


def main(folder: Path, result: Path) -> None:
    """Run them all, then read their runs."""
    from neptune_yolo.connection import open_connection
    from neptune_yolo.settings import NeptuneSettings

    outcomes = {name: run(folder / f"{name}.py", arguments) for name, arguments in EXAMPLES.items()}
    connection = open_connection(NeptuneSettings())
    os.environ["NEPTUNE_API_TOKEN"] = str(connection.api_token)
    runs = {f"EXA-{number}": read(f"EXA-{number}") for number in range(1, len(EXAMPLES) + 1)}
    result.write_text(json.dumps({"outcomes": outcomes, "runs": runs}), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
