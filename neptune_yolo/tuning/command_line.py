"""A search as told on the command line, in the words of ``yolo train``."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ultralytics.utils import YAML

from neptune_yolo.exceptions import SettingsError, TrainingArgumentError
from neptune_yolo.trainers.command_line import SettingsFor, read_training, read_words
from neptune_yolo.tuning.results import TuneResult
from neptune_yolo.tuning.search import tune
from neptune_yolo.tuning.search_space import parse_space

_ITERATIONS = "iterations="


def tune_as_told(  # noqa: PLR0913 - one for each option of the command
    words: Sequence[str],
    *,
    trainer: str | None,
    settings_for: SettingsFor,
    iterations: int | None = None,
    space: Sequence[str] = (),
    resume: str | None = None,
    isolated: bool = True,
    options: Sequence[str] = (),
) -> TuneResult:
    """Search with a trainer of ours.

    Args:
        words: Words of the command line, as ``yolo train`` takes them, and ``iterations=``.
        trainer: The trainer class as ``module:Class`` or ``file.py:Class``. None: the one of the model's task.
        settings_for: Returns the settings to use, given those of the trainer class.
        iterations: Number of trials. None: what ``iterations=`` says, else the default of `tune`.
        space: Hyperparameters as ``name=lowest:highest[:gain]``, or one YAML file; empty: Ultralytics' own space.
        resume: Folder or run of the search to go on with.
        isolated: Whether each trial has a process of its own.
        options: Names of the command's own options, for the messages.

    Raises:
        TrainingArgumentError: If a word or the trainer cannot be used.
        SettingsError: If the space or a setting cannot be used.
        NeptuneYoloError: If there is no way to log as the settings ask.
    """
    counts = [word.removeprefix(_ITERATIONS) for word in words if word.startswith(_ITERATIONS)]
    number = iterations if iterations is not None or not counts else _whole(counts[-1])
    others = [word for word in words if not word.startswith(_ITERATIONS)]
    given = read_words(others, options)
    resume = resume or given.get("resume") or None
    if resume is not None and not given.get("model"):
        raise TrainingArgumentError("A search is resumed with the model that it began with: give model= as before.")
    model, kind, arguments = read_training(others, trainer=trainer, options=options)
    arguments = {name: value for name, value in arguments.items() if name not in ("model", "resume")}
    if resume is not None and not given.get("data"):
        arguments.pop("data", None)  # a default, in whose place the resumed search's own is meant
    settings = settings_for(kind.neptune)
    searched = read_space(space) if space else None
    return tune(
        model, kind, iterations=number, space=searched, settings=settings, resume=resume, isolated=isolated, **arguments
    )


def read_space(texts: Sequence[str]) -> Mapping[str, Sequence[float]]:
    """Return the space that texts or a YAML file describe.

    Args:
        texts: ``name=lowest:highest[:gain]`` each, or one name of a YAML file of ``name: [lowest, highest]``.

    Raises:
        SettingsError: If they have another form, or there is no such file.
    """
    if len(texts) != 1 or Path(texts[0]).suffix not in (".yaml", ".yml"):
        return parse_space(texts)
    try:
        content: dict[str, Sequence[float]] = YAML.load(texts[0])
    except (OSError, ValueError, AssertionError) as error:
        raise SettingsError(
            f"The space must be a YAML file of name: [lowest, highest]; {texts[0]} cannot be read: {error}"
        ) from error
    return content


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise SettingsError(f"iterations must be a whole number from 1; got {text!r}.") from None
