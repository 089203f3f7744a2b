"""Neptune trainers made from other trainers, and the right one for a model or a task."""

from typing import TYPE_CHECKING, Any

from ultralytics.engine.model import Model
from ultralytics.engine.trainer import BaseTrainer
from ultralytics.models.yolo import YOLO

from neptune_yolo import trainers
from neptune_yolo.exceptions import SettingsError, TrainerClassError
from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.trainers.mixin import NeptuneTrainerMixin

if TYPE_CHECKING:
    from collections.abc import Mapping


def neptune_trainer(trainer: type[Any], settings: NeptuneSettings | None = None, /, **changes: Any) -> type[Any]:
    """Return a trainer class that does what `trainer` does and logs to Neptune.

    For Ultralytics' own trainers this is the ready class, such as `NeptuneDetectionTrainer`; for others it is a new
    subclass, which runs before the given class's methods and calls them. It may be used for a training on several
    GPUs. A Neptune trainer is returned as it is, or with the settings given here.

    Args:
        trainer: Any subclass of Ultralytics' ``BaseTrainer``. An attribute `neptune` with settings is kept.
        settings: Settings to begin with. None: those of the class.
        **changes: Single settings to change, by the names of `NeptuneSettings`.

    Raises:
        TrainerClassError: If `trainer` is no such class.
        SettingsError: If a setting is unknown or its value cannot be used.
    """
    if not _is_trainer_class(trainer):
        raise TrainerClassError(trainer)
    made = trainer if issubclass(trainer, NeptuneTrainerMixin) else _ready_trainer(trainer) or _extended(trainer)
    if settings is None and not changes:
        return made
    configured: type[Any] = made.with_settings(settings, **changes)
    return configured


def neptune_trainer_for(
    model_or_task: Model | str, settings: NeptuneSettings | None = None, /, **changes: Any
) -> type[Any]:
    """Return the Neptune trainer that fits a model, in place of the one that Ultralytics would take.

    Args:
        model_or_task: A model, such as ``YOLO("yolo11n-seg.pt")`` or ``RTDETR("rtdetr-l.pt")``; or the task of a YOLO
            model: ``detect``, ``segment``, ``semantic``, ``depth``, ``classify``, ``pose`` or ``obb``.
        settings: Settings to begin with. None: the defaults.
        **changes: Single settings to change, by the names of `NeptuneSettings`.

    Raises:
        SettingsError: If there is no such task, or a setting is unknown or cannot be used.
        TrainerClassError: If models of this kind cannot be trained.
    """
    if isinstance(model_or_task, Model):
        trainer = _trainers_by_task(model_or_task).get(model_or_task.task)
    else:
        by_task = _trainers_by_task(YOLO.__new__(YOLO))  # the table is the same for every model of the class
        if model_or_task not in by_task:
            raise SettingsError.for_choice("The task", model_or_task, by_task)
        trainer = by_task[model_or_task]
    if trainer is None:
        raise TrainerClassError(model_or_task)
    return neptune_trainer(trainer, settings, **changes)


def _is_trainer_class(given: object) -> bool:
    return isinstance(given, type) and issubclass(given, BaseTrainer)


def _trainers_by_task(model: Any) -> "Mapping[str, type[Any]]":
    return {task: classes["trainer"] for task, classes in model.task_map.items() if "trainer" in classes}


def _ready_trainer(trainer: type[Any]) -> type[Any] | None:
    """Return our own class for one of Ultralytics' trainers; None for any other."""
    ready = getattr(trainers, f"Neptune{trainer.__name__}", None)
    return ready if ready is not None and trainer in ready.__bases__ else None


def _extended(trainer: type[Any]) -> type[Any]:
    """Return a new class that logs.

    Its name contains "Trainer", because Ultralytics switches its own integrations on by that. It stands in no module,
    so that it travels by value to the processes of several GPUs; its bases travel as they are.
    """
    name = trainer.__name__
    name = name if "Trainer" in name else f"{name}Trainer"
    name = name if name.startswith("Neptune") else f"Neptune{name}"
    namespace: dict[str, Any] = {"__module__": trainer.__module__, "__doc__": trainer.__doc__}
    if isinstance(kept := getattr(trainer, "neptune", None), NeptuneSettings):
        namespace["neptune"] = kept
    return type(name, (NeptuneTrainerMixin, trainer), namespace)
