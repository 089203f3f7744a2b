"""Leaves out of a recorded run what no server takes: names that are too long or cannot be shown, and double ones."""

from typing import Any

from neptune_yolo.transfer.ultralytics_runs.recorded import RecordedRun

_LONGEST_PATH = 500
_LONGEST_TEXT = 16_000  # characters; a text attribute holds 16,384
_MOST_ATTRIBUTES = 10_000
_NOT_OURS = ("sys/", "import/")


def fit(run: RecordedRun) -> None:
    """Leave out what cannot be an attribute, and tell it in the run's problems.

    Args:
        run: What a folder holds.
    """
    for path in list(run.series):
        if path in run.values or path in run.files:
            del run.series[path]
            run.problems.append(f"the column of {shown(path)} has the name of another attribute: it is left out")
    groups: tuple[dict[str, Any], ...] = (run.values, run.series, run.files, run.pictures, run.texts)
    for group in groups:
        for number, path in enumerate(list(group)):
            if problem := _problem(path, number):
                del group[path]
                run.problems.append(f"{shown(path)} is left out: {problem}")
    for path, value in run.values.items():
        if isinstance(value, str):
            run.values[path] = shown(value, _LONGEST_TEXT)


def shown(text: str, longest: int = 80) -> str:
    """Return a text that can be sent and printed: cut, and without parts of characters, as in names of some files.

    Args:
        text: Any text.
        longest: Most characters.
    """
    return text[:longest].replace("\0", "?").encode(errors="replace").decode()


def _problem(path: str, number: int) -> str:
    if len(path) > _LONGEST_PATH:
        return f"its path has more than {_LONGEST_PATH} characters"
    if not path.isprintable():
        return "its name cannot be shown"
    if path.startswith(_NOT_OURS):
        return "the server keeps such attributes itself"
    return f"there are more than {_MOST_ATTRIBUTES} of its kind" if number >= _MOST_ATTRIBUTES else ""
