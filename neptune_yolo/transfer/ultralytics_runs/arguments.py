"""Ultralytics' arguments of a training, from ``args.yaml``, or from the ``opt.yaml`` and ``hyp.yaml`` of YOLOv5."""

from dataclasses import dataclass, field
from typing import Any

from neptune_yolo.transfer.ultralytics_runs.folders import OwnFiles
from neptune_yolo.transfer.ultralytics_runs.yaml_files import UnreadableYamlError, read_yaml

_NEW_NAMES = {"batch_size": "batch", "img_size": "imgsz", "weights": "model"}
"""Arguments of YOLOv5 and what they are called since."""


@dataclass(frozen=True)
class Arguments:
    """The arguments of one training.

    Args:
        values: Name -> value, by today's names.
        is_yolov5: Whether YOLOv5 has written them.
        problems: What could not be read.
    """

    values: dict[str, Any] = field(default_factory=dict)
    is_yolov5: bool = False
    problems: tuple[str, ...] = ()

    def text(self, name: str) -> str:
        """Return an argument as text; empty if there is none."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def number(self, name: str) -> int | None:
        """Return an argument as a whole number above 0; None if it is none."""
        value = self.values.get(name)
        return int(value) if isinstance(value, int | float) and not isinstance(value, bool) and value > 0 else None


def read_arguments(files: OwnFiles) -> Arguments:
    """Return the arguments of a training; what cannot be read is told, and left out.

    Args:
        files: Files of the training's folder.
    """
    problems: list[str] = []
    if "args.yaml" in files.files:
        return Arguments(_read(files, "args.yaml", problems), problems=tuple(problems))
    values = _read(files, "opt.yaml", problems)
    hyperparameters = values.pop("hyp", None)
    if not isinstance(hyperparameters, dict):
        hyperparameters = {}
    hyperparameters |= _read(files, "hyp.yaml", problems)
    named = {_NEW_NAMES.get(name, name): value for name, value in values.items()}
    is_yolov5 = "opt.yaml" in files.files or "hyp.yaml" in files.files
    if not is_yolov5:
        problems.append("there is no args.yaml, so that the arguments are not known")
    return Arguments(
        {**{str(name): value for name, value in hyperparameters.items()}, **named}, is_yolov5, tuple(problems)
    )


def _read(files: OwnFiles, name: str, problems: list[str]) -> dict[str, Any]:
    if name not in files.files:
        return {}
    try:
        return read_yaml(files.files[name])
    except UnreadableYamlError as error:
        problems.append(str(error))
        return {}
