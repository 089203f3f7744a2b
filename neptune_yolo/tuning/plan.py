"""What a search does: model, trainer, arguments, space, number of trials; kept beside its results to be resumed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from neptune_yolo.tuning.search_space import Space

PLAN_NAME = "neptune_search.json"
DEFAULT_ITERATIONS = 10


@dataclass(frozen=True, kw_only=True)
class SearchPlan:
    """What a search does, as it is kept on disk and in its run.

    Args:
        arguments: Ultralytics' arguments of each trial, apart from the hyperparameters that are searched.
        space: Bounds of each hyperparameter; empty: Ultralytics' own.
        iterations: Number of trials in all.
        group_tag: The group tag of the search's run and of all its trials; empty if there is none yet.
    """

    arguments: Mapping[str, Any] = field(default_factory=dict)
    space: Space = field(default_factory=dict)
    iterations: int = DEFAULT_ITERATIONS
    group_tag: str = ""

    def as_json(self) -> str:
        """Return the plan as JSON text, without arguments that JSON cannot hold, such as functions."""
        content = {
            "arguments": {name: value for name, value in map(_portable, self.arguments.items()) if _is_json(value)},
            "space": {name: list(bounds) for name, bounds in self.space.items()},
            "iterations": self.iterations,
            "group_tag": self.group_tag,
        }
        return json.dumps(content, indent=2, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "SearchPlan":
        """Return the plan that JSON text holds.

        Raises:
            ValueError: If it holds none.
        """
        content = json.loads(text)
        try:
            return cls(
                arguments=dict(content["arguments"]),
                space={name: tuple(bounds) for name, bounds in content["space"].items()},
                iterations=int(content["iterations"]),
                group_tag=str(content["group_tag"]),
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"no plan of a search: {error!r}") from error


def write_plan(folder: Path, plan: SearchPlan) -> Path:
    """Write a plan into the folder of its search, and return the file."""
    file = folder / PLAN_NAME
    file.write_text(plan.as_json(), encoding="utf-8")
    return file


def read_plan(folder: Path) -> SearchPlan:
    """Return the plan in the folder of a search; an empty one if there is none, as beside Ultralytics' own tuner."""
    try:
        return SearchPlan.from_json((folder / PLAN_NAME).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return SearchPlan()


def _portable(item: tuple[str, Any]) -> tuple[str, Any]:
    name, value = item
    if isinstance(value, list | tuple):
        return name, [_portable((name, part))[1] for part in value]
    return name, str(value) if isinstance(value, Path) else value


def _is_json(value: object) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return False
    return True
