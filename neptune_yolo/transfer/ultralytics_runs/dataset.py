"""What is still known of the data set of a training: its name, and what its YAML says if that is still there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.dataset_files import dataset_name
from neptune_yolo.tracking.redaction import redact
from neptune_yolo.transfer.ultralytics_runs.arguments import Arguments
from neptune_yolo.transfer.ultralytics_runs.yaml_files import UnreadableYamlError, read_yaml

_LONGEST_TEXT = 16_000  # characters; a text attribute holds 16,384
_YAML_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True)
class DatasetFacts:
    """What is known of a data set.

    Args:
        values: Attribute path -> value.
        yaml: Its YAML without secrets; None if it is not there any more.
        problem: What could not be read; empty if nothing was wrong.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    yaml: str | None = None
    problem: str = ""


def dataset_facts(arguments: Arguments) -> DatasetFacts:
    """Return what is known of the data set of a training. Images are neither counted nor hashed: they may have changed.

    Args:
        arguments: Arguments of the training; a relative path of the YAML is looked for from the working directory.
    """
    given = arguments.values.get("data")
    if isinstance(given, Mapping):  # YOLOv5 may have written the content itself
        return DatasetFacts(_values("custom", given))
    text = arguments.text("data").strip()
    if not text:
        return DatasetFacts()
    path = Path(text)
    if path.suffix.lower() not in _YAML_ENDINGS:
        return DatasetFacts({paths.DATASET_NAME: path.name or text})
    name = _name(path)
    if not path.is_file():
        return DatasetFacts({paths.DATASET_NAME: name})
    try:
        content = read_yaml(path)
        yaml = redact(path.read_text(encoding="utf-8-sig"))
    except (UnreadableYamlError, OSError, UnicodeDecodeError) as error:
        return DatasetFacts({paths.DATASET_NAME: name}, problem=f"data set: {error}")
    if not {"names", "nc"}.intersection(content) or not {"train", "val"}.intersection(content):
        return DatasetFacts({paths.DATASET_NAME: name}, problem=f"data set: {path.name} is no description of one")
    root = content.get("path")
    values = {paths.DATASET_PATH: str(root) if isinstance(root, str) and root else str(path.absolute().parent)}
    return DatasetFacts(_values(name, content) | values, yaml)


def _name(path: Path) -> str:
    """Return the name of a data set, also by a path of another system."""
    if "\\" in str(path):
        parts = str(path).replace("\\", "/").split("/")
        return dataset_name(Path("/", *parts[-2:]))
    return dataset_name(path)


def _values(name: str, content: Mapping[str, Any]) -> dict[str, object]:
    values: dict[str, object] = {paths.DATASET_NAME: name}
    names = content.get("names")
    if isinstance(names, Mapping):
        names = list(names.values())
    if isinstance(names, list):
        classes = json.dumps([str(entry) for entry in names], ensure_ascii=False)
        values[paths.DATASET_CLASS_COUNT] = len(names)
        if len(classes) <= _LONGEST_TEXT:
            values[paths.DATASET_CLASSES] = classes
    elif isinstance(content.get("nc"), int):
        values[paths.DATASET_CLASS_COUNT] = content["nc"]
    return values
