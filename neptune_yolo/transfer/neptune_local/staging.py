"""Lays operations out for the client's own ``sync``, in a folder of its own: the original is only read."""

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from neptune_yolo.tracking.queue_folder import ASYNC
from neptune_yolo.transfer.neptune_local.operations import Record
from neptune_yolo.transfer.neptune_local.queues import QUEUE_ROOT, UPLOADS, LocalQueue

_KINDS = {"run": "run", "model": "model", "modelVersion": "model_version", "project": "project"}


def stage(folder: Path, queue: LocalQueue, records: Sequence[Record], kind: str, container_id: str) -> Path:
    """Write a queue that belongs to a container of the new server; return the folder that ``sync`` is to be given.

    Args:
        folder: An empty folder.
        queue: Where the operations come from.
        records: The operations, in their order; those with a problem are left out.
        kind: ``run``, ``model``, ``modelVersion`` or ``project``.
        container_id: Identifier of the container on the new server.
    """
    root = folder / QUEUE_ROOT
    staged = root / ASYNC / f"{_KINDS[kind]}__{container_id}__{os.getpid()}__imported"
    (staged / UPLOADS).mkdir(parents=True)
    sent = [record for record in records if not record.problem]
    with (staged / "data-1.log").open("w", encoding="utf-8") as log:
        for version, record in enumerate(sent, 1):
            log.write(json.dumps({"obj": record.operation, "version": version, "at": record.at}) + "\n")
            if name := record.operation.get("tmp_file_name"):
                _place(queue.path / UPLOADS / name, staged / UPLOADS / name)
    (staged / "last_put_version").write_text(str(len(sent)), encoding="utf-8")
    (staged / "last_ack_version").write_text("0", encoding="utf-8")
    return root


def _place(source: Path, target: Path) -> None:
    """Let a file appear in the queue; the client removes what it has sent, which is the link then."""
    if target.exists() or target.is_symlink():
        return
    try:
        target.symlink_to(source)
    except OSError:  # this system has no links for everybody
        shutil.copyfile(source, target)
