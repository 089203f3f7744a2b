"""``neptune-yolo train``: whatever ``yolo train`` takes, with a run."""

from typing import Any

import click

from neptune_yolo.cli.arguments import (
    TrainingCommand,
    interruptible,
    option_names,
    setting_options,
    settings_with,
    trainer_option,
)
from neptune_yolo.settings import NeptuneSettings


@click.command("train", cls=TrainingCommand)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[TASK] [resume] [key=value]...")
@trainer_option
@setting_options
@click.pass_context
def train(context: click.Context, /, arguments: tuple[str, ...], trainer: str | None, **values: Any) -> None:
    """Train as `yolo train` does, and log the training to a run.

    \b
    neptune-yolo train model=yolo11n.yaml data=coco8.yaml epochs=10 project=my-workspace/my-project name=experiment-1
    neptune-yolo train segment model=yolo11n-seg.pt data=coco8-seg.yaml cfg=custom.yaml --tags night,rain
    neptune-yolo train model=yolo11n.pt data=coco8.yaml --checkpoint-every 5 --checkpoint-keep 3
    neptune-yolo train resume model=runs/detect/train/weights/last.pt

    The words are Ultralytics': https://docs.ultralytics.com/usage/cfg. project=workspace/name and name= name the run
    as well as the folder. A resumed training goes on with its run.

    The run goes to the embedded server, or to the server that NEPTUNE_API_TOKEN names. Exit codes: 0 if the training
    completed, 130 after Ctrl+C, 2 for a value of an option that is none of its choices, 1 for every other error.
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    if "help" in arguments:
        click.echo(context.get_help())
        return
    settings_with(NeptuneSettings(), values)  # what cannot be meant is refused before anything is loaded
    with interruptible():
        from neptune_yolo.trainers.command_line import train_as_told

        train_as_told(
            arguments,
            trainer=trainer,
            settings_for=lambda base: settings_with(base, values),
            options=option_names(context.command),
        )
