"""The lane on which checkpoints go to the server while a training runs. The training never waits for it.

In the training loop a checkpoint is copied once. A thread hands one copy at a time to the client, by its path, and
waits until the server has it; what comes meanwhile waits here, and the newest wins
(`neptune_yolo.tracking.checkpoint_line`). At the end everything that still waits is copied into the client's queue, so
that a later sync sends it.

What is on disk at most: `max_in_flight` copies that wait, and the one that is being sent. An offline run sends nothing:
it keeps the copies that the policy would keep, and puts them into its queue at the end; those that will neither be
overwritten nor deleted go there at once.

What a process that is killed loses: the copies that wait; not the one that was handed to the client.
"""

import threading
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from neptune_yolo.policies import CheckpointPolicy
from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.checkpoint_line import Line, Snapshot
from neptune_yolo.tracking.checkpoint_policy import HeldCheckpoint
from neptune_yolo.tracking.checkpoint_writer import CheckpointFile, CheckpointWriter, sha256_of
from neptune_yolo.tracking.checkpoints import is_complete_checkpoint
from neptune_yolo.tracking.run_logger import RunLogger
from neptune_yolo.tracking.snapshots import SnapshotFolder, remove_leftovers

_NO_SERVER = "offline/"  # how the client's links begin in the modes that have no server: offline and debug
_STOPPED_SECONDS = 1.0  # a stopped run sends nothing more; the thread may be about to end


class CheckpointUploads:
    """The lane of one run.

    Args:
        logger: Writes into the run.
        policy: How many snapshots may wait, and which checkpoints stay on the server.
        root: Data directory of the client, beside whose queues the snapshots are kept.
    """

    def __init__(self, logger: RunLogger, policy: CheckpointPolicy, root: Path) -> None:
        self._logger = logger
        self._policy = policy
        self._root = root
        self._snapshots = SnapshotFolder(root)
        self._is_offline = str(logger.run.get_url()).startswith(_NO_SERVER)
        self._thread = threading.Thread(target=self._work, name="neptune-yolo-checkpoints", daemon=True)
        self._past = threading.Thread(target=self._learn_past, name="neptune-yolo-checkpoints-past", daemon=True)
        self._handing = threading.Lock()  # guards the writer; taken before the other
        self._writer = CheckpointWriter(logger, policy)
        self._changed = threading.Condition()  # guards what follows
        self._line = Line()
        self._in_use: set[Path] = set()
        self._skipped = 0
        self._ending = False

    def start(self) -> None:
        """Begin to upload."""
        self._thread.start()
        if not self._is_offline:
            self._past.start()

    @property
    def held(self) -> list[HeldCheckpoint]:
        """The checkpoints of single epochs that are on the server, or on their way there."""
        with self._changed:
            return [*self._writer.held, *self._line.held(self._policy)]

    def add(self, file: Path, names: Collection[str], *, epoch: int, metrics: Mapping[str, float]) -> None:
        """Copy a checkpoint and line the copy up. This is what the training loop pays for.

        Args:
            file: A complete checkpoint that nobody writes at the moment.
            names: The names under which it is uploaded, such as ``epoch_5`` and ``last``.
            epoch: Epoch after which it was saved, from 1.
            metrics: Metrics of that epoch, by Ultralytics' names.

        Raises:
            OSError: If it cannot be copied.
        """
        copy = self._snapshots.take(file, "-".join(names))
        new = Snapshot(copy, epoch, tuple(names), dict(metrics), datetime.now(UTC))
        with self._changed:
            if self._is_offline:
                self._line = self._line.kept(new, self._policy)
            else:
                self._line = self._line.joined(new, self._policy.max_in_flight)
            self._skipped += len(self._line.skipped)
            unneeded = {old.file for old in self._line.dropped} - self._in_use
            self._changed.notify_all()
        _remove(unneeded)

    def finish(self, finals: Collection[CheckpointFile] = ()) -> None:
        """Put the last checkpoints, and all that still wait, on the client's queue; wait for no server.

        Args:
            finals: The checkpoints as the training has left them. They supersede those that wait under the same names,
                unless they are torn or do not exist. A second call does nothing.
        """
        with self._changed:
            was_ending, self._ending = self._ending, True
            self._changed.notify_all()
        if was_ending:
            return
        whole = [final for final in finals if final.file.exists() and self._is_whole(final)]
        with self._handing:
            waiting = self._line.without([final.name for final in whole]).waiting
            for checkpoint in (*(_under(name, held) for held in waiting for name in held.names), *whole):
                with self._logger.ledger.guard(f"uploading {paths.checkpoint_path(checkpoint.name)}"):
                    self._writer.put(checkpoint, sha256_of(checkpoint.file), copy=True)
            self._tidy(retire=True)
        with self._changed:
            unneeded = {snapshot.file for snapshot in self._line.waiting} - self._in_use
            self._line = Line()
        _remove(unneeded)

    def close(self, timeout_seconds: float) -> list[Path]:
        """End the lane. Best called when the run has been stopped.

        Args:
            timeout_seconds: Most seconds to wait until the server has the one that is being sent, if the run is open.

        Returns:
            Snapshots to which the client's queue still refers; they stay until a sync has sent them.
        """
        self.finish()
        if self._thread.is_alive():
            is_open = self._logger.run.get_state() == "started"
            self._thread.join(timeout_seconds if is_open else min(timeout_seconds, _STOPPED_SECONDS))
        return self._snapshots.remove_unneeded()

    def _work(self) -> None:
        with self._logger.ledger.guard("removing snapshots of earlier processes"):
            remove_leftovers(self._root)
        while True:
            job = self._next_job()
            if job is None:
                return
            is_sent: bool | None = None
            with self._logger.ledger.guard(f"uploading {paths.checkpoint_path(job[1])}"):
                is_sent = self._upload(*job)
            if is_sent is False:
                return  # the client sends nothing any more: what waits is left to `finish`
            self._release(*job, failed=is_sent is None)

    def _learn_past(self) -> None:
        """Read which checkpoints a run that is continued holds already. Until that is known, they stay."""
        with self._logger.ledger.guard("reading which checkpoints the run holds"):
            past = self._writer.read_past()
            with self._handing:
                self._writer.go_on_from(past)

    def _next_job(self) -> tuple[Snapshot, str] | None:
        """Wait for the next checkpoint to upload and return it with its name; None at the end."""
        with self._changed:
            while not self._ending:
                job = self._line.next(self._policy, permanent_only=self._is_offline)
                if job is not None:
                    self._in_use.add(job[0].file)
                    return job
                self._changed.wait()
            return None

    def _upload(self, snapshot: Snapshot, name: str) -> bool:
        """Upload a snapshot under one of its names, unless a newer one has come, or the end.

        Returns:
            Whether the lane goes on; if it does not, the file stays for the client's queue.
        """
        checkpoint = _under(name, snapshot)
        is_whole = self._is_whole(checkpoint)
        digest = sha256_of(checkpoint.file) if is_whole else ""
        errors = self._logger.ledger.total
        with self._handing:
            if not self._take(snapshot, name) or not is_whole:
                return True
            self._writer.put(checkpoint, digest, copy=self._is_offline)
        if not self._is_offline and not self._wait():
            return False
        with self._handing:
            if not self._ending:
                self._tidy(retire=self._logger.ledger.total == errors)
        return True

    def _take(self, snapshot: Snapshot, name: str) -> bool:
        """Take a name out of the line; return whether it was there, and this is not the end."""
        with self._changed:
            if self._ending or not self._line.contains(snapshot, name):
                return False
            self._line = self._line.taken(snapshot, name)
            return True

    def _wait(self) -> bool:
        """Wait until the server has everything; return False if the client has ended before."""
        from neptune.exceptions import NeptuneSynchronizationAlreadyStoppedException

        try:
            self._logger.run.wait()
        except NeptuneSynchronizationAlreadyStoppedException:
            return False
        return True

    def _tidy(self, *, retire: bool) -> None:
        """Delete what the policy no longer keeps, unless something has just failed; write how many were given up."""
        with self._logger.ledger.guard("deleting older checkpoints"):
            if retire:
                self._writer.retire()
            self._writer.count_skipped(self._skipped)

    def _release(self, snapshot: Snapshot, name: str, *, failed: bool) -> None:
        """Remove the file of a snapshot that was uploaded, if no other name waits for it."""
        with self._changed:
            if failed:
                self._line = self._line.taken(snapshot, name)
            self._in_use.discard(snapshot.file)
            is_needed = failed or any(other.file == snapshot.file for other in self._line.waiting)
        if not is_needed:
            _remove([snapshot.file])

    def _is_whole(self, checkpoint: CheckpointFile) -> bool:
        if is_complete_checkpoint(checkpoint.file):
            return True
        path = paths.checkpoint_path(checkpoint.name)
        self._logger.ledger.record(
            f"uploading {path}", f"{checkpoint.file} is torn: the training ended while it was written"
        )
        return False


def _under(name: str, snapshot: Snapshot) -> CheckpointFile:
    return CheckpointFile(name, snapshot.file, snapshot.epoch, snapshot.metrics, snapshot.saved_at)


def _remove(files: Iterable[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)
