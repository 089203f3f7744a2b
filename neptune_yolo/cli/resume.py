"""``neptune-yolo resume``: goes on with the training of a run, on any machine that reaches its server."""

from pathlib import Path
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
from neptune_yolo.exceptions import TrainingArgumentError
from neptune_yolo.settings import NeptuneSettings

_PARTS_OF_PROJECT_AND_RUN = 3
_CHOSEN_BY_THE_RUN = ("model", "task", "resume")


@click.command("resume", cls=TrainingCommand)
@click.argument("run_id")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED, metavar="[key=value]...")
@click.option(
    "--folder",
    cls=SettingOption,
    group="Where it goes on",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the training goes on. Default: its own folder if it is on this machine, else a new one.",
)
@trainer_option
@setting_options
@click.pass_context
def resume(
    context: click.Context,
    /,
    run_id: str,
    arguments: tuple[str, ...],
    folder: Path | None,
    trainer: str | None,
    **values: Any,
) -> None:
    """Go on with the training of the run RUN_ID (YOL-12 or workspace/name/YOL-12).

    Fetches the last checkpoint and the arguments from the run, trains the epochs that are left, and logs them to the
    same run. Only what Ultralytics lets a resumed training change may be given as key=value: device, batch, imgsz,
    workers, patience, data...

    \b
    neptune-yolo resume YOL-12
    neptune-yolo resume my-workspace/my-project/YOL-12 device=0 data=/data/coco8.yaml

    A run has a checkpoint to go on from if it was trained with --checkpoint-last, or if it ended early.
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    project, short_id = split_run_id(run_id)
    project = values["project"] = values["project"] or project
    settings = settings_with(NeptuneSettings(), values)
    with interruptible():
        from neptune_yolo.resuming import resume_run
        from neptune_yolo.trainers.command_line import load_trainer, read_words

        overrides = read_words(arguments, option_names(context.command))
        if chosen := [name for name in _CHOSEN_BY_THE_RUN if overrides.get(name)]:
            raise TrainingArgumentError(f"{chosen[0]}= is what the run says; leave it out.")
        kind = load_trainer(trainer) if trainer else None
        if kind is not None:
            settings = settings_with(kind.neptune, values)
        resume_run(short_id, project=project, folder=folder, trainer=kind, settings=settings, **overrides)


def split_run_id(text: str) -> tuple[str | None, str]:
    """Return the project, None if it is not named, and the id of a run.

    Args:
        text: ``YOL-12`` or ``workspace/name/YOL-12``.

    Raises:
        click.BadParameter: If the text has another form.
    """
    parts = text.strip("/").split("/")
    if len(parts) == 1 and parts[0]:
        return None, parts[0]
    if len(parts) == _PARTS_OF_PROJECT_AND_RUN and all(parts):
        return "/".join(parts[:2]), parts[2]
    raise click.BadParameter(f"expected a run as YOL-12 or workspace/name/YOL-12, got {text!r}.", param_hint="RUN_ID")
