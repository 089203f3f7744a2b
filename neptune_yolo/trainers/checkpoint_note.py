"""The note of the run inside a checkpoint, and the folder in which a checkpoint's training goes on."""

import logging
from pathlib import Path
from typing import Any

from neptune_yolo.tracking.resume import RunNote, read_note, training_folder

_LOGGER = logging.getLogger(__name__)
_ATTRIBUTE = "neptune_run"
_SIGNS_OF_A_TRAINING = ("args.yaml", "results.csv")


def mark_model(ema: Any, note: RunNote) -> None:
    """Put the note on the model that the next checkpoint is made of, as a plain dictionary.

    Args:
        ema: Ultralytics' ``ModelEMA``; None does nothing.
        note: Note of the run.
    """
    if ema is not None:
        setattr(ema.ema, _ATTRIBUTE, note.as_dict())


def note_of_checkpoint(checkpoint: Path, folder: Path) -> RunNote | None:
    """Return the note of the run that a checkpoint belongs to; None if there is none.

    It is looked for beside the checkpoint, then in the folder of the training, then in the checkpoint itself.

    Args:
        checkpoint: The checkpoint that is resumed.
        folder: Folder of the training (Ultralytics' ``save_dir``).
    """
    beside = read_note(training_folder(checkpoint)) or read_note(folder)
    return beside or _note_inside(checkpoint)


def stay_in_folder(arguments: Any, overrides: Any) -> None:
    """Let a resumed training write where its checkpoint lies, if its folder was copied or moved.

    Ultralytics itself would go on in the folder that the checkpoint remembers, and overwrite the original.

    Args:
        arguments: The trainer's arguments, already those of the checkpoint; ``save_dir`` may be changed.
        overrides: What the user has asked for; a ``save_dir`` there is kept.
    """
    folder = training_folder(Path(arguments.resume))
    remembered = getattr(arguments, "save_dir", None)
    if (overrides or {}).get("save_dir") or not remembered or Path(remembered).absolute() == folder:
        return
    if folder == Path(arguments.resume).absolute().parent:
        return  # a checkpoint that lies alone belongs to the folder that it remembers
    if any((folder / name).exists() for name in _SIGNS_OF_A_TRAINING):
        _LOGGER.warning("The training goes on in %s, where its checkpoint lies, not in %s.", folder, remembered)
        arguments.save_dir = str(folder)


def _note_inside(checkpoint: Path) -> RunNote | None:
    from ultralytics.nn.tasks import load_checkpoint

    try:
        model, _ = load_checkpoint(str(checkpoint))
    except (OSError, RuntimeError, ValueError, KeyError, TypeError):
        return None  # Ultralytics reports an unreadable checkpoint itself
    return RunNote.from_dict(getattr(model, _ATTRIBUTE, None))
