"""A training as told on the command line, in the words of ``yolo train``."""

import importlib
import logging
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ultralytics.cfg import (
    CLI_HELP_MSG,
    MODES,
    TASK2DATA,
    TASK2MODEL,
    TASKS,
    check_cfg,
    check_dict_alignment,
    merge_equals_args,
    parse_key_value_pair,
)
from ultralytics.utils import DEFAULT_CFG_DICT, LOGGER, YAML
from ultralytics.utils.checks import check_yaml

from neptune_yolo.exceptions import TrainingArgumentError
from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.trainers.factory import neptune_trainer, neptune_trainer_for

_DEFAULT_MODEL = "yolo26n.pt"
_FLAGS_WITHOUT_DEFAULT = frozenset({"half", "int8", "end2end", "nms"})
_NOT_TRAINABLE = ("fastsam", "sam_", "sam2_", "sam2.1_", "sam3", "mobile_sam", "yolo_nas")
_TRAIN = "train"

SettingsFor = Callable[[NeptuneSettings], NeptuneSettings]


def train_as_told(
    words: Sequence[str], *, trainer: str | None, settings_for: SettingsFor, options: Sequence[str] = ()
) -> None:
    """Train with a trainer of ours.

    Args:
        words: Words of the command line, as ``yolo train`` takes them.
        trainer: The trainer class as ``module:Class`` or ``file.py:Class``. None: the one of the model's task.
        settings_for: Returns the settings to use, given those of the trainer class.
        options: Names of the command's own options, for the messages.

    Raises:
        TrainingArgumentError: If a word or the trainer cannot be used.
        NeptuneYoloError: If there is no way to log as the settings ask.
    """
    model, kind, arguments = read_training(words, trainer=trainer, options=options)
    model.train(trainer=kind.with_settings(settings_for(kind.neptune)), **arguments)


def read_training(
    words: Sequence[str], *, trainer: str | None, options: Sequence[str] = ()
) -> tuple[Any, type[Any], dict[str, Any]]:
    """Return the model, the trainer class and Ultralytics' arguments as the words of a command line give them.

    Args:
        words: Words of the command line, as ``yolo train`` takes them.
        trainer: The trainer class as ``module:Class`` or ``file.py:Class``. None: the one of the model's task.
        options: Names of the command's own options, for the messages.

    Raises:
        TrainingArgumentError: If a word or the trainer cannot be used.
    """
    arguments = read_words(words, options)
    chosen = load_trainer(trainer) if trainer else None
    model = _load_model(arguments)
    return model, chosen or neptune_trainer_for(model), arguments


def read_words(words: Sequence[str], options: Sequence[str] = ()) -> dict[str, Any]:
    """Return Ultralytics' arguments as the words of a command line give them, with the types of Ultralytics.

    ``key=value`` is read as ``yolo`` reads it, with blanks around ``=``, leading dashes and a trailing comma forgiven;
    the name of a task stands for ``task=``, and that of a boolean argument for ``True``; the arguments of the file in
    ``cfg=`` stand behind all others.

    Args:
        words: The words.
        options: Names of the command's own options, for the messages.

    Raises:
        TrainingArgumentError: If a word is not known, or a value not of its type.
    """
    from_file: dict[str, Any] = {}
    arguments: dict[str, Any] = {}
    with _as_argument_errors():
        for word in merge_equals_args(list(words)):
            name, value = _read_word(_forgiven(word, options), options)
            if name == "cfg" and value is not None:
                from_file = {key: item for key, item in YAML.load(check_yaml(value)).items() if key != "cfg"}
            else:
                arguments[name] = value
        arguments = from_file | arguments
        _check_names(arguments, options)
        check_cfg({name: value for name, value in arguments.items() if name in DEFAULT_CFG_DICT})
    _check_mode(arguments)
    return arguments


def load_trainer(name: str) -> type[Any]:
    """Return a trainer class that logs, from ``module:Class`` or ``file.py:Class``.

    A trainer of Ultralytics' kind that does not log yet is given a run. The module is looked for in the working
    directory too, and the processes of several GPUs find it there as well.

    Args:
        name: Where the class is.

    Raises:
        TrainingArgumentError: If there is no such class.
        TrainerClassError: If it is no trainer.
    """
    place, _, class_name = name.rpartition(":")
    if not place or not class_name:
        raise TrainingArgumentError(f"--trainer must have the form module:Class or file.py:Class; got {name!r}.")
    folder, module_name = Path.cwd(), place
    if place.endswith(".py"):
        folder, module_name = Path(place).absolute().parent, Path(place).stem
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        found = getattr(importlib.import_module(module_name), class_name, None)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module_name}.".startswith(f"{error.name}."):
            raise  # it is there, but what it imports is not
        raise TrainingArgumentError(f"--trainer names the module {module_name!r}, which {folder} has not.") from error
    if found is None:
        raise TrainingArgumentError(f"--trainer names {class_name!r}, which the module {module_name!r} has not.")
    return neptune_trainer(found)


def _forgiven(word: str, options: Sequence[str]) -> str:
    """Return a word without the dashes and the comma that Ultralytics forgives."""
    text = word
    if text.startswith("--"):
        text = text.removeprefix("--")
        name = text.split("=", 1)[0].strip()
        if name not in _known_words():
            raise TrainingArgumentError(
                f"--{name} is neither an option of this command nor an argument of YOLO."
                f"{_suggestion(name, options)} --help lists the options."
            )
        LOGGER.warning(f"'{word}' needs no leading dashes; reading it as '{text}'.")
    if text.endswith(","):
        text = text.removesuffix(",")
        LOGGER.warning(f"'{word}' needs no trailing comma; reading it as '{text}'.")
    return text


def _read_word(word: str, options: Sequence[str]) -> tuple[str, Any]:
    """Return name and value of one word."""
    if "=" in word:
        try:
            name, value = parse_key_value_pair(word)
        except AssertionError as error:
            raise TrainingArgumentError(f"Expected a value after {word!r}, got none.") from error
        return str(name), value
    if word in TASKS:
        return "task", word
    if word in MODES:
        return "mode", word
    if isinstance(DEFAULT_CFG_DICT.get(word), bool) or word in _FLAGS_WITHOUT_DEFAULT:
        return word, True
    if word in DEFAULT_CFG_DICT:
        example = f"{word}={DEFAULT_CFG_DICT[word]}"
        raise TrainingArgumentError(f"{word!r} is an argument of YOLO that needs a value, such as {example!r}.")
    _check_names({word: ""}, options)
    return word, ""


def _check_names(arguments: dict[str, Any], options: Sequence[str]) -> None:
    """Replace deprecated names, and refuse unknown ones with Ultralytics' message."""
    try:
        check_dict_alignment(_known_words(), arguments)
    except SyntaxError as error:
        unknown = [name for name in arguments if name not in _known_words()]
        hints = "".join(_suggestion(name, options) for name in unknown)
        raise TrainingArgumentError(f"{' '.join(str(error).split())}{hints}") from error


def _known_words() -> dict[str, Any]:
    return {**DEFAULT_CFG_DICT, **dict.fromkeys(TASKS), **dict.fromkeys(MODES)}


def _suggestion(name: str, options: Sequence[str]) -> str:
    matches = get_close_matches(name.replace("_", "-"), options, n=2)
    return f" Did you mean the option {' or '.join(f'--{match}' for match in matches)}?" if matches else ""


def _check_mode(arguments: dict[str, Any]) -> None:
    """Refuse what is no training; `train` itself is understood."""
    mode = arguments.pop("mode", _TRAIN) or _TRAIN
    if mode != _TRAIN:
        raise TrainingArgumentError(f"This command trains; mode must be 'train', got {mode!r}. Use `yolo {mode}`.")
    task = arguments.get("task")
    if task and task not in TASKS:
        raise TrainingArgumentError.for_choice("task", task, TASKS)


def _load_model(arguments: dict[str, Any]) -> Any:
    """Return the model, and put what it decides into the arguments."""
    from ultralytics import RTDETR, YOLO, YOLOE, YOLOWorld

    task = arguments.pop("task", None)
    name = str(arguments.get("model") or _default_model(task, arguments.get("resume")))
    arguments["model"] = name
    stem = Path(name).stem.lower()
    if any(part in stem for part in _NOT_TRAINABLE):
        raise TrainingArgumentError(f"Expected a model that Ultralytics can train, got {name!r}.")
    model = RTDETR(name) if "rtdetr" in stem else YOLO(name, task=task)
    prompts = arguments.get("classes")
    if isinstance(model, YOLOE | YOLOWorld) and isinstance(prompts, str):
        del arguments["classes"]
        model.set_classes([prompt.strip() for prompt in prompts.split(",")])
    if task and task != model.task:
        LOGGER.warning(f"The model's task is {model.task!r}; 'task={task}' is left out.")
    if arguments.get("data") is None and not arguments.get("resume"):
        arguments["data"] = DEFAULT_CFG_DICT["data"] or TASK2DATA.get(model.task)
        LOGGER.warning(f"'data' argument is missing. Using default 'data={arguments['data']}'.")
    return model


def _default_model(task: str | None, resume: object) -> str:
    """Return the model of a command that names none: the checkpoint to resume, else the task's smallest."""
    if resume is True:
        raise TrainingArgumentError("resume needs the checkpoint to go on from: model=path/to/last.pt, got no model.")
    if resume:
        return str(resume)
    name = str(TASK2MODEL[task]) if task else _DEFAULT_MODEL
    LOGGER.warning(f"'model' argument is missing. Using default 'model={name}'.")
    return name


@contextmanager
def _as_argument_errors() -> Iterator[None]:
    """Turn what Ultralytics says about wrong words into errors of ours, without its page of help."""
    help_filter = _HelpFilter()
    LOGGER.addFilter(help_filter)
    try:
        yield
    except (SyntaxError, TypeError, OSError) as error:
        raise TrainingArgumentError(str(error)) from error
    except ValueError as error:
        if isinstance(error, TrainingArgumentError):
            raise
        raise TrainingArgumentError(str(error)) from error
    finally:
        LOGGER.removeFilter(help_filter)


class _HelpFilter(logging.Filter):
    """Holds back the help of ``yolo``, which describes another command."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a record is something else."""
        return record.msg != CLI_HELP_MSG
