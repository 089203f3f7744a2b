"""Puts a checkpoint, what is known of it, and the deletion of older ones on the client's queue."""

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from neptune_yolo.policies import CheckpointPolicy
from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.checkpoint_policy import (
    HeldCheckpoint,
    compared_metric,
    epoch_name,
    epoch_of,
    held_in_run,
    metric_part,
    retired,
)
from neptune_yolo.tracking.run_logger import RunLogger


@dataclass(frozen=True)
class CheckpointFile:
    """A checkpoint that goes to the server.

    Args:
        name: Its name there: ``best``, ``last`` or ``epoch_<n>``.
        file: A complete file that nobody writes at the moment.
        epoch: Epoch after which it was saved, from 1; None if that is not known.
        metrics: Metrics of that epoch, by Ultralytics' names.
        saved_at: When it was saved, in UTC; None if that is not known.
    """

    name: str
    file: Path
    epoch: int | None = None
    metrics: Mapping[str, float] = field(default_factory=dict)
    saved_at: datetime | None = None


class CheckpointWriter:
    """Writes the checkpoints of one run. Only one thread may use it at a time.

    Args:
        logger: Writes into the run.
        policy: Which checkpoints stay on the server.
    """

    def __init__(self, logger: RunLogger, policy: CheckpointPolicy) -> None:
        self._logger = logger
        self._policy = policy
        self._held: dict[int, HeldCheckpoint] = {}
        self._hashes: dict[str, str] = {}
        self._described: dict[str, frozenset[str]] = {}
        self._skipped_before = 0
        self._skipped = 0

    @property
    def held(self) -> list[HeldCheckpoint]:
        """The checkpoints of single epochs that are on the server, or in the client's queue."""
        return list(self._held.values())

    def read_past(self) -> Mapping[str, Any]:
        """Return what the run holds below ``checkpoints``. Asks the server, however long that takes; any thread may."""
        run = self._logger.run
        return run[paths.CHECKPOINTS].fetch() if run.exists(paths.CHECKPOINTS) else {}

    def go_on_from(self, past: Mapping[str, Any]) -> None:
        """Take what a run holds already into account.

        Args:
            past: Its namespace ``checkpoints``, as `read_past` returns it.
        """
        self._held = held_in_run(self._policy, past) | self._held
        self._skipped_before = int(past.get("skipped", 0))
        for name, content in past.items():
            if isinstance(content, Mapping):
                self._described.setdefault(name, frozenset(_leaves(content, f"{paths.CHECKPOINTS}/{name}")))

    def put(self, checkpoint: CheckpointFile, digest: str, *, copy: bool) -> None:
        """Put a checkpoint and what is known of it on the queue, unless the same file was put there under this name.

        Args:
            checkpoint: The checkpoint.
            digest: SHA-256 of its file.
            copy: Whether the client copies the file, so that it may be removed at once. It keeps everybody from logging
                meanwhile. Otherwise the file has to stay until the client has sent it.
        """
        from neptune.types import File

        if self._hashes.get(checkpoint.name) == digest:
            return
        path = paths.checkpoint_path(checkpoint.name)
        if copy:
            self._logger.upload_file(path, checkpoint.file)
        else:
            extension = checkpoint.file.suffix.removeprefix(".")
            self._logger.run[path].upload(File.from_path(str(checkpoint.file), extension=extension))
        self._hashes[checkpoint.name] = digest
        self._describe(checkpoint, digest)
        self._logger.flush()
        epoch = epoch_of(checkpoint.name)
        if epoch is not None:
            held = HeldCheckpoint(epoch, compared_metric(self._policy, checkpoint.metrics))
            self._held = self._held | {epoch: held}  # a new one: other threads may be reading the old

    def retire(self) -> None:
        """Delete the checkpoints that the policy no longer keeps, on the server too."""
        gone = retired(self._policy, self._held.values())
        for epoch in gone:
            name = epoch_name(epoch)
            for path in (paths.checkpoint_path(name), f"{paths.CHECKPOINTS}/{name}"):
                self._logger.delete(path)
        self._held = {epoch: held for epoch, held in self._held.items() if epoch not in gone}

    def count_skipped(self, number: int) -> None:
        """Write how many checkpoints were given up, this time and before, if that has changed.

        Args:
            number: How many were given up this time.
        """
        if number != self._skipped:
            self._skipped = number
            total = self._skipped_before + number
            self._logger.log_values({paths.CHECKPOINTS_SKIPPED: total}, "counting the checkpoints that were given up")

    def _describe(self, checkpoint: CheckpointFile, digest: str) -> None:
        """Write what is known of a checkpoint, and delete what was known only of the former one of its name."""
        below = f"{paths.CHECKPOINTS}/{checkpoint.name}"
        values: dict[str, object] = {"size_bytes": checkpoint.file.stat().st_size, "sha256": digest}
        values |= {"epoch": checkpoint.epoch, "saved_at": checkpoint.saved_at}
        values |= {f"metrics/{metric_part(name)}": value for name, value in checkpoint.metrics.items()}
        known = {f"{below}/{name}": value for name, value in values.items() if _is_known(value)}
        if checkpoint.epoch is not None:
            for path in self._described.get(checkpoint.name, frozenset()).difference(known):
                self._logger.delete(path)
        self._logger.log_values(known, f"describing {checkpoint.name}")
        self._described[checkpoint.name] = frozenset(known)


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _is_known(value: object) -> bool:
    return value is not None and not (isinstance(value, float) and not math.isfinite(value))


def _leaves(content: Mapping[str, Any], prefix: str) -> Iterator[str]:
    for name, value in content.items():
        path = f"{prefix}/{name}"
        if isinstance(value, Mapping):
            yield from _leaves(value, path)
        else:
            yield path
