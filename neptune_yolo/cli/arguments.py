"""Options of the commands that train: one for each setting of a run that makes sense there, grouped in the help."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NoReturn

import click

from neptune_yolo.exceptions import SettingsError
from neptune_yolo.policies import DatasetHash
from neptune_yolo.settings import Mode, NeptuneSettings, OnUnreachable

Decorated = Callable[..., Any]

EXIT_INTERRUPTED = 128 + 2  # what a shell reports for a program that Ctrl+C ended

_SEPARATOR = "__"
"""Between a policy's name and its field, in the name of an option's value."""

_WHOLE = click.IntRange(min=1)
_SECONDS = click.FloatRange(min=0, min_open=True)


class SettingOption(click.Option):
    """An option that stands under a heading of its own in the help."""

    def __init__(self, *args: Any, group: str, **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self.group = group


class TrainingCommand(click.Command):
    """A command whose help lists its options under headings, and that leaves Ultralytics' words alone."""

    def __init__(self, *args: Any, **keywords: Any) -> None:
        keywords.setdefault("context_settings", {"ignore_unknown_options": True})
        super().__init__(*args, **keywords)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, heading by heading."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx) if isinstance(parameter, click.Option) else None
            if record is not None:
                groups.setdefault(getattr(parameter, "group", "Help"), []).append(record)
        for heading, records in groups.items():
            with formatter.section(heading):
                formatter.write_dl(records)


def trainer_option(function: Decorated) -> Decorated:
    """Add ``--trainer``, the place of one's own trainer class."""
    return click.option(
        "--trainer",
        cls=SettingOption,
        group="Which trainer",
        metavar="MODULE:CLASS",
        help="Your own trainer: my_trainer:MyTrainer or path/to/my_trainer.py:MyTrainer. Default: the one of the task.",
    )(function)


def setting_options(function: Decorated) -> Decorated:
    """Add the options of `settings_with`; their values arrive as keywords, None where an option is not given."""
    for names, keywords in reversed(list(_options())):
        function = click.option(*names, cls=SettingOption, **keywords)(function)
    return function


def settings_with(base: NeptuneSettings, values: Mapping[str, Any]) -> NeptuneSettings:
    """Return settings in which the options that were given replace what was there.

    Args:
        base: The settings to begin with.
        values: The values of `setting_options`, by their names.

    Raises:
        SettingsError: If a value cannot be used, or two exclude each other.
    """
    given = {name: value for name, value in values.items() if value is not None}
    if given.pop("no_log", False):
        if given.get("mode", Mode.OFF) != Mode.OFF:
            raise SettingsError(f"--no-log and --mode {given['mode']} exclude each other; give only one of them.")
        given["mode"] = Mode.OFF
    changes: dict[str, Any] = {}
    policies: dict[str, dict[str, Any]] = {}
    for name, value in given.items():
        policy, separator, field = name.partition(_SEPARATOR)
        if separator:
            policies.setdefault(policy, {})[field] = value
        else:
            changes[name] = value
    changes |= {policy: replace(getattr(base, policy), **fields) for policy, fields in policies.items()}
    return replace(base, **changes)


def option_names(command: click.Command) -> tuple[str, ...]:
    """Return the long names of a command's options, without dashes."""
    return tuple(
        name.removeprefix("--")
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name.startswith("--")
    )


@contextmanager
def interruptible() -> Iterator[None]:
    """End the program with exit code 130 if Ctrl+C ends what happens inside."""
    try:
        yield
    except KeyboardInterrupt:
        _exit_interrupted()


def _exit_interrupted() -> NoReturn:
    click.echo("Interrupted.", err=True)
    raise SystemExit(EXIT_INTERRUPTED)


def _texts(_context: click.Context, _parameter: click.Parameter, values: tuple[str, ...]) -> tuple[str, ...] | None:
    """Split what was given once or more, with commas or without; None if nothing was."""
    texts = tuple(part.strip() for value in values for part in value.split(",") if part.strip())
    return texts or None


def _options() -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    for heading, options in (
        ("Which run", _run_options()),
        ("How it is sent", _sending_options()),
        ("Checkpoints", _checkpoint_options()),
        ("Metrics and pictures", _metric_options()),
        ("Data set", _dataset_options()),
        ("What the client records by itself", _client_options()),
    ):
        for *names, keywords in options:
            yield tuple(names), {"default": None, "group": heading, **keywords}


def _run_options() -> Iterator[tuple[Any, ...]]:
    several = {"multiple": True, "callback": _texts}
    yield (
        "--neptune-project",
        "project",
        {
            "metavar": "workspace/name",
            "help": "Project of the run, where it is not that of project=, which names Ultralytics' folder as well.",
        },
    )
    yield "--with-id", {"metavar": "ID", "help": "Go on with this run, such as YOL-12."}
    yield "--custom-run-id", {"metavar": "TEXT", "help": "Your own identifier; processes that share it share a run."}
    yield "--description", {"metavar": "TEXT", "help": "Description of the run."}
    yield "--tags", {"metavar": "TAG[,TAG]", "help": "Tags of the run, in place of 'Ultralytics'.", **several}
    yield "--group-tags", {"metavar": "TAG[,TAG]", "help": "Group tags of the run.", **several}
    yield "--parent", {"metavar": "ID", "help": "The run that this one belongs to, such as that of a search."}


def _sending_options() -> Iterator[tuple[Any, ...]]:
    modes = click.Choice([mode.value for mode in Mode])
    yield (
        "--mode",
        {
            "type": modes,
            "help": "async: in the background (default); sync: at once, for debugging; offline: kept on disk for "
            "`neptune-yolo sync`; debug: nothing is sent or kept; off: no run at all.",
        },
    )
    yield "--no-log", {"is_flag": True, "help": "The same as --mode off: Ultralytics' own trainer, and nothing else."}
    yield (
        "--offline-if-unreachable",
        "on_unreachable",
        {
            "flag_value": OnUnreachable.OFFLINE.value,
            "type": str,
            "help": "Train on offline if the server does not answer at the start, instead of not starting.",
        },
    )
    yield (
        "--connect-timeout",
        "connect_timeout_seconds",
        {"type": _SECONDS, "metavar": "SECONDS", "help": "Wait so long for the server's first answer (5)."},
    )
    yield (
        "--stop-timeout",
        "stop_timeout_seconds",
        {"type": _SECONDS, "metavar": "SECONDS", "help": "Wait so long at the end until all is sent (300)."},
    )


def _checkpoint_options() -> Iterator[tuple[Any, ...]]:
    yield (
        "--checkpoint-every",
        "checkpoints__every",
        {"type": _WHOLE, "metavar": "N", "help": "Upload a checkpoint every N epochs."},
    )
    yield (
        "--checkpoint-keep",
        "checkpoints__keep",
        {"type": _WHOLE, "metavar": "N", "help": "Keep the newest N of these on the server (all)."},
    )
    yield (
        "--checkpoint-top-k",
        "checkpoints__top_k",
        {"type": _WHOLE, "metavar": "K", "help": "Keep the best K checkpoints on the server."},
    )
    yield (
        "--checkpoint-metric",
        "checkpoints__metric",
        {"metavar": "NAME", "help": "What is best for --checkpoint-top-k, by Ultralytics' name (fitness)."},
    )
    yield (
        "--checkpoint-lower-is-better",
        "checkpoints__higher_is_better",
        {"flag_value": False, "type": bool, "help": "A smaller --checkpoint-metric is better."},
    )
    yield (
        "--checkpoint-best",
        "checkpoints__best",
        {"flag_value": True, "type": bool, "help": "Upload best.pt while training, not only at the end."},
    )
    yield (
        "--checkpoint-last",
        "checkpoints__last",
        {
            "flag_value": True,
            "type": bool,
            "help": "Upload last.pt while training, so that `neptune-yolo resume` works on another machine.",
        },
    )
    yield (
        "--register-model",
        {"metavar": "MODEL", "help": "Make best.pt a version of this model of the registry (YOL-DET or DET)."},
    )


def _metric_options() -> Iterator[tuple[Any, ...]]:
    yield (
        "--class-metrics/--no-class-metrics",
        {"help": "Precision, recall and AP of each class (on)."},
    )
    yield (
        "--tensorboard/--no-tensorboard",
        {"help": "TensorBoard event files in the training's folder, too (off)."},
    )
    yield "--batch-losses-every", {"type": _WHOLE, "metavar": "N", "help": "Losses of every Nth batch (none)."}
    yield (
        "--predictions",
        "predictions__images",
        {
            "type": click.IntRange(min=0),
            "metavar": "N",
            "help": "Show N validation images with labels and predictions (8); 0: none.",
        },
    )
    yield (
        "--prediction-every",
        "predictions__every",
        {"type": _WHOLE, "metavar": "N", "help": "Show them every N epochs (10)."},
    )
    yield (
        "--prediction-files",
        "predictions__files",
        {
            "metavar": "NAME[,NAME]",
            "multiple": True,
            "callback": _texts,
            "help": "Show these validation images instead, by their names.",
        },
    )
    yield (
        "--prediction-confidence",
        "predictions__confidence",
        {"type": click.FloatRange(0, 1), "metavar": "C", "help": "Leave weaker predictions out (0.1)."},
    )


def _dataset_options() -> Iterator[tuple[Any, ...]]:
    yield (
        "--dataset-hash",
        "dataset__hash",
        {
            "type": click.Choice([kind.value for kind in DatasetHash]),
            "help": "fast: by path, size and time of each file (default); full: by their contents.",
        },
    )
    yield (
        "--track-files",
        "dataset__track_files",
        {"flag_value": True, "type": bool, "help": "Track images and labels as artifacts. Reads every file."},
    )


def _client_options() -> Iterator[tuple[Any, ...]]:
    yield (
        "--hardware-metrics/--no-hardware-metrics",
        "capture_hardware_metrics",
        {"help": "Processor, memory and GPU load."},
    )
    yield "--stdout/--no-stdout", "capture_stdout", {"help": "What is printed."}
    yield "--stderr/--no-stderr", "capture_stderr", {"help": "What is printed as errors."}
    yield "--traceback/--no-traceback", "capture_traceback", {"help": "The exception that ends the training."}
    yield (
        "--source-files",
        {"metavar": "PATTERN[,...]", "multiple": True, "callback": _texts, "help": "Source files to upload."},
    )
    yield (
        "--no-git",
        "git_ref",
        {"flag_value": False, "type": bool, "help": "No Git commit."},
    )
    yield "--dependencies", {"metavar": "infer|FILE", "help": "Installed packages, or a requirements file."}
