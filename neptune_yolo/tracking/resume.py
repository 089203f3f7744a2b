"""The note that ties a training's folder and checkpoints to its run, so that a resumed training finds it again.

It is kept as ``neptune.json`` beside ``args.yaml``, and inside each checkpoint. It holds no secret.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

NOTE_NAME = "neptune.json"


@dataclass(frozen=True, kw_only=True)
class RunNote:
    """Which run a training logs to, and how far it has come.

    Args:
        run_id: Id of the run, such as ``YOL-7``; None if no server knows it yet.
        custom_run_id: The identifier by which every server finds the run; None for a run that was handed in.
        project: Project as ``workspace/name``; None if none is known.
        server_url: Address of the server; None offline.
        name: Name of the run.
        last_step: Step of the last epoch that was logged; 0 if none was.
        step_offset: What is added to an epoch's number to get its step.
        queues: Folders of the client's queue that the run has used, the oldest first.
    """

    run_id: str | None = None
    custom_run_id: str | None = None
    project: str | None = None
    server_url: str | None = None
    name: str | None = None
    last_step: int = 0
    step_offset: int = 0
    queues: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the note as JSON values."""
        return asdict(self) | {"queues": list(self.queues)}

    @classmethod
    def from_dict(cls, content: object) -> "RunNote | None":
        """Return the note that JSON values hold; None if they are none, or belong to no run.

        Args:
            content: What `as_dict` gave, perhaps of another version: names that are not known are left out.
        """
        if not isinstance(content, Mapping):
            return None
        known = {field.name: content[field.name] for field in fields(cls) if field.name in content}
        texts = all(known.get(name) is None or isinstance(known[name], str) for name in _TEXTS)
        numbers = all(isinstance(known.get(name, 0), int) for name in ("last_step", "step_offset"))
        queues = known.get("queues", ())
        if not texts or not numbers or not isinstance(queues, list | tuple):
            return None
        note = cls(**{**known, "queues": tuple(str(queue) for queue in queues)})
        return note if note.run_id or note.custom_run_id else None

    def with_queue(self, folder: Path | None) -> "RunNote":
        """Return the note with one more queue."""
        if folder is None or str(folder) in self.queues:
            return self
        return replace(self, queues=(*self.queues, str(folder)))


_TEXTS = ("run_id", "custom_run_id", "project", "server_url", "name")


def write_note(folder: Path, note: RunNote) -> None:
    """Write the note into a training's folder; a reader finds the former note or this one, never half of it.

    Args:
        folder: The training's folder (Ultralytics' ``save_dir``).
        note: The note.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{NOTE_NAME}.{os.getpid()}"
    part.write_text(json.dumps(note.as_dict(), indent=2, ensure_ascii=False), encoding="utf-8")
    part.replace(folder / NOTE_NAME)


def read_note(folder: Path) -> RunNote | None:
    """Return the note in a training's folder; None if there is none, or it cannot be read."""
    try:
        return RunNote.from_dict(json.loads((folder / NOTE_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def training_folder(checkpoint: Path) -> Path:
    """Return the folder of the training that wrote a checkpoint, by where the file lies.

    Args:
        checkpoint: ``<folder>/weights/last.pt``, or a file that lies alone, whose own folder is returned.
    """
    folder = checkpoint.absolute().parent
    return folder.parent if folder.name == "weights" else folder
