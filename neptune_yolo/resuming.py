"""Goes on with the training of a run, on any machine: what is needed is fetched from the run."""

import csv
import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from socket import gethostname
from typing import Any

from neptune_yolo.connection import open_connection
from neptune_yolo.exceptions import RunNotResumableError
from neptune_yolo.settings import NeptuneSettings
from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.opening import Target, open_read_only
from neptune_yolo.tracking.resume import RunNote, read_note, write_note
from neptune_yolo.trainers.session import target_of

_LOGGER = logging.getLogger(__name__)
_DEFAULT_FOLDER = Path("runs") / "resumed"
_COMPLETED = "completed"


def resume_run(
    run_id: str,
    *,
    project: str | None = None,
    folder: Path | str | None = None,
    trainer: type[Any] | None = None,
    settings: NeptuneSettings | None = None,
    **overrides: Any,
) -> Any:
    """Go on with the training of a run, log to the same run, and return the trained model.

    Where the training's own folder is on this machine, it goes on there. Elsewhere the newest checkpoint that holds an
    optimizer is fetched from the run: that of a training with ``CheckpointPolicy(last=True)`` or ``every``, or of one
    that was interrupted or failed.

    Args:
        run_id: Id of the run, such as ``YOL-12``.
        project: Project as ``workspace/name``. None: as `NeptuneSettings` finds it.
        folder: Where the training goes on. None: its own folder, else ``runs/resumed/<run id>``.
        trainer: Trainer class. None: the one for the model's task, with `settings`.
        settings: Settings of the run. None: those of `trainer`, or the defaults.
        **overrides: Arguments that Ultralytics lets a resumed training change, such as ``data`` or ``device``.

    Returns:
        The Ultralytics model, as ``model.train`` leaves it.

    Raises:
        RunNotResumableError: If the training is complete, or the run holds no checkpoint to go on from.
        NeptuneYoloError: If the run cannot be opened.
    """
    from ultralytics import YOLO

    from neptune_yolo.trainers.factory import neptune_trainer, neptune_trainer_for

    chosen = settings or getattr(trainer, "neptune", None) or NeptuneSettings()
    chosen = replace(chosen, project=project or chosen.project, run=None, custom_run_id=None)
    connection = open_connection(chosen)
    target = target_of(connection)
    run = open_read_only(run_id, target)
    try:
        checkpoint = _local_checkpoint(run, run_id, folder) or _fetched(run, run_id, Path(folder or _default(run_id)))
    finally:
        run.stop()
    save_dir = checkpoint.parent.parent
    _tie(save_dir, run_id, target)
    model = YOLO(str(checkpoint))
    chosen = replace(chosen, with_id=run_id, project=connection.project)
    kind = neptune_trainer(trainer, chosen) if trainer else neptune_trainer_for(model, chosen)
    model.train(**overrides, trainer=kind, resume=True, save_dir=str(save_dir))
    return model


def _default(run_id: str) -> Path:
    return _DEFAULT_FOLDER / run_id


def _local_checkpoint(run: Any, run_id: str, folder: Path | str | None) -> Path | None:
    """Return last.pt of the training's own folder, if that is here and belongs to the run."""
    if folder is None and run.exists(paths.SAVE_DIR):
        folder = str(run[paths.SAVE_DIR].fetch())
    if folder is None:
        return None
    note = read_note(Path(folder))
    checkpoint = Path(folder) / "weights" / "last.pt"
    if note is None or note.run_id != run_id or not _is_resumable(_content(checkpoint)):
        return None
    return checkpoint.absolute()


def _fetched(run: Any, run_id: str, folder: Path) -> Path:
    """Fetch the newest checkpoint of a run that training can go on from, and its table of epochs."""
    if run.exists(paths.STATUS) and run[paths.STATUS].fetch() == _COMPLETED:
        raise RunNotResumableError(run_id, "its training is complete")
    target = (folder / "weights" / "last.pt").absolute()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name("fetched.pt")
    for path in _newest_first(run):
        run[path].download(str(part), progress_bar=False)
        content = _content(part)
        if _is_resumable(content):
            part.replace(target)
            _write_results(content.get("train_results"), folder / "results.csv")
            _LOGGER.warning("Going on from %s of the run %s, in %s.", path, run_id, folder)
            return target
        part.unlink()
    raise RunNotResumableError(run_id, f"it holds no checkpoint with an optimizer below {paths.WEIGHTS}/")


def _newest_first(run: Any) -> Iterator[str]:
    """Yield the paths of a run's checkpoints, the newest first; of two of one epoch, last.pt."""
    structure = run.get_structure()
    names = [name for name in structure.get(paths.WEIGHTS, {}) if isinstance(name, str)]

    def age(name: str) -> tuple[float, bool]:
        path = f"{paths.CHECKPOINTS}/{name}/epoch"
        if run.exists(path):
            return float(run[path].fetch()), name == "last"
        return (float("inf"), True) if name == "last" else (0.0, False)

    for name in sorted(names, key=age, reverse=True):
        yield f"{paths.WEIGHTS}/{name}"


def _is_resumable(content: Mapping[str, Any]) -> bool:
    """Return whether training can go on from a checkpoint: it was written after an epoch, and holds an optimizer."""
    epoch = content.get("epoch")
    return isinstance(epoch, int) and epoch >= 0 and content.get("optimizer") is not None


def _content(checkpoint: Path) -> dict[str, Any]:
    from ultralytics.nn.tasks import load_checkpoint

    if not checkpoint.exists():
        return {}
    try:
        return dict(load_checkpoint(str(checkpoint))[1])
    except (OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
        _LOGGER.warning("The checkpoint %s cannot be read: %s", checkpoint, error)
        return {}


def _write_results(columns: object, file: Path) -> None:
    """Write the table of epochs that a checkpoint holds, as results.csv, unless there is one."""
    if file.exists() or not isinstance(columns, dict) or not columns:
        return
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


def _tie(folder: Path, run_id: str, target: Target) -> None:
    """Leave the note in the folder, so that later a plain ``resume=True`` finds the run as well."""
    note = read_note(folder)
    if note is None or note.run_id != run_id:
        write_note(folder, RunNote(run_id=run_id, project=target.project, server_url=target.server_url))
        _LOGGER.debug("The folder %s on %s now belongs to the run %s.", folder, gethostname(), run_id)
