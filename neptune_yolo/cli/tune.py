"""``neptune-yolo tune``: a search for hyperparameters, in the words of ``yolo train``."""

from typing import Any

import click

from neptune_yolo.cli.arguments import (
    SettingOption,
    TrainingCommand,
    interruptible,
    option_names,
    setting_options,
    settings_with,
    trainer_option,
)
from neptune_yolo.settings import NeptuneSettings

_GROUP = "What is searched"


@click.command("tune", cls=TrainingCommand)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[TASK] [key=value]...")
@click.option(
    "--iterations",
    cls=SettingOption,
    group=_GROUP,
    type=click.IntRange(min=1),
    metavar="N",
    help="Number of trials in all (10); iterations=N says the same.",
)
@click.option(
    "--space",
    cls=SettingOption,
    group=_GROUP,
    multiple=True,
    metavar="NAME=LOW:HIGH[:GAIN]|FILE",
    help="A hyperparameter and its bounds, once for each; or a YAML file of them. Default: Ultralytics' own.",
)
@click.option(
    "--resume",
    cls=SettingOption,
    group=_GROUP,
    metavar="FOLDER|ID",
    help="Go on with a search: its folder, or its run, such as YOL-5. Finished trials are not repeated.",
)
@click.option(
    "--isolated/--in-process",
    cls=SettingOption,
    group=_GROUP,
    default=True,
    help="Each trial in a process of its own, which outlives one that runs out of memory (default); or in this one.",
)
@trainer_option
@setting_options
@click.pass_context
def tune(
    context: click.Context,
    /,
    arguments: tuple[str, ...],
    iterations: int | None,
    space: tuple[str, ...],
    resume: str | None,
    isolated: bool,
    trainer: str | None,
    **values: Any,
) -> None:
    """Search hyperparameters as Ultralytics' model.tune() does, with a run for the search and one for each trial.

    \b
    neptune-yolo tune model=yolo11n.pt data=coco8.yaml epochs=10 --iterations 30
    neptune-yolo tune model=yolo11n.pt data=coco8.yaml epochs=10 --space lr0=1e-5:1e-2 --space momentum=0.7:0.98:0.3
    neptune-yolo tune model=yolo11n.pt --resume YOL-5 --iterations 60

    The words are those of `yolo train`; they hold for every trial. The first trial has them as they are, the later ones
    change what was best so far. tune_results.ndjson, best_hyperparameters.yaml, plots and the best weights are left in
    runs/<task>/tune, and in the run of the search. A trial that fails is recorded, and the search goes on.

    Exit codes: 0 if at least one trial was completed, 3 if all have failed, 130 after Ctrl+C, 2 for an option that
    cannot be used, 1 for every other error.
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    if "help" in arguments:
        click.echo(context.get_help())
        return
    settings_with(NeptuneSettings(), values)  # what cannot be meant is refused before anything is loaded
    with interruptible():
        from neptune_yolo.tuning.command_line import tune_as_told

        result = tune_as_told(
            arguments,
            trainer=trainer,
            settings_for=lambda base: settings_with(base, values),
            iterations=iterations,
            space=space,
            resume=resume,
            isolated=isolated,
            options=option_names(context.command),
        )
    if result.best is None:
        raise SystemExit(_EXIT_ALL_FAILED)


_EXIT_ALL_FAILED = 3
