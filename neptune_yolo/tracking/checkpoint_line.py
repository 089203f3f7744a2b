"""The line in which snapshots of checkpoints wait for the network. Pure rules: the newest wins."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from neptune_yolo.policies import CheckpointPolicy
from neptune_yolo.tracking.checkpoint_policy import (
    BEST,
    HeldCheckpoint,
    compared_metric,
    epoch_name,
    epoch_of,
    is_permanent,
    retired,
)


@dataclass(frozen=True)
class Snapshot:
    """A copy of a checkpoint that nobody writes any more.

    Args:
        file: The copy.
        epoch: Epoch after which it was saved, from 1.
        names: The names under which it is still to be uploaded, such as ``epoch_5`` and ``last``.
        metrics: Metrics of the epoch, by Ultralytics' names; empty if it was not validated.
        saved_at: When it was taken, in UTC.
    """

    file: Path
    epoch: int
    names: tuple[str, ...]
    metrics: Mapping[str, float]
    saved_at: datetime

    def held(self, policy: CheckpointPolicy) -> HeldCheckpoint:
        """Return it as what the rules of a policy are about."""
        return HeldCheckpoint(self.epoch, compared_metric(policy, self.metrics))

    def without(self, names: Iterable[str]) -> "Snapshot":
        """Return it without some of its names."""
        gone = set(names)
        return replace(self, names=tuple(name for name in self.names if name not in gone))


@dataclass(frozen=True)
class Line:
    """The snapshots that wait, the oldest first.

    Args:
        waiting: Those that are still to be uploaded.
        dropped: Those that were given up by the last change: their files are not needed any more.
        skipped: Epochs whose own checkpoints were given up by the last change.
    """

    waiting: tuple[Snapshot, ...] = ()
    dropped: tuple[Snapshot, ...] = ()
    skipped: tuple[int, ...] = ()

    def joined(self, new: Snapshot, limit: int) -> "Line":
        """Return the line with one more snapshot: its names supersede older ones, and the oldest give way.

        The newest always stays; the one that holds best.pt stays as long as another one can go.

        Args:
            new: The snapshot.
            limit: Most snapshots that may wait.
        """
        return _shortened(self._superseded_by(new), limit)

    def kept(self, new: Snapshot, policy: CheckpointPolicy) -> "Line":
        """Return the line with one more snapshot if nothing is sent for now: what a policy would keep stays.

        Args:
            new: The snapshot.
            policy: The policy.
        """
        line = self._superseded_by(new)
        kept = line.without(epoch_name(epoch) for epoch in retired(policy, line.held(policy)))
        return replace(kept, dropped=(*line.dropped, *kept.dropped))

    def held(self, policy: CheckpointPolicy) -> list[HeldCheckpoint]:
        """Return the checkpoints of single epochs that wait."""
        return [snapshot.held(policy) for snapshot in self.waiting if _epoch_names(snapshot)]

    def contains(self, snapshot: Snapshot, name: str) -> bool:
        """Return whether a snapshot still waits under a name."""
        return any(other.file == snapshot.file and name in other.names for other in self.waiting)

    def without(self, names: Iterable[str]) -> "Line":
        """Return the line without some names; what has no name left is dropped."""
        gone = set(names)
        return self._changed(snapshot.without(gone) for snapshot in self.waiting)

    def next(self, policy: CheckpointPolicy, *, permanent_only: bool) -> tuple[Snapshot, str] | None:
        """Return what to upload next: a snapshot and one of its names; None if nothing is to be uploaded now.

        Args:
            policy: The policy.
            permanent_only: Only what is neither overwritten nor deleted later.
        """
        for snapshot in self.waiting:
            for name in snapshot.names:
                if not permanent_only or is_permanent(policy, name):
                    return snapshot, name
        return None

    def taken(self, snapshot: Snapshot, name: str) -> "Line":
        """Return the line after one name of a snapshot was taken from it; nothing counts as dropped."""
        waiting = [other.without([name]) if other.file == snapshot.file else other for other in self.waiting]
        return Line(tuple(other for other in waiting if other.names))

    def _superseded_by(self, new: Snapshot) -> "Line":
        return self._changed([*(snapshot.without(new.names) for snapshot in self.waiting), new])

    def _changed(self, snapshots: Iterable[Snapshot]) -> "Line":
        changed = list(snapshots)
        dropped = tuple(snapshot for snapshot in changed if not snapshot.names)
        return Line(tuple(snapshot for snapshot in changed if snapshot.names), dropped)


def _shortened(line: Line, limit: int) -> Line:
    while len(line.waiting) > limit:
        older = line.waiting[:-1]
        victim = next((snapshot for snapshot in older if BEST not in snapshot.names), older[0])
        waiting = tuple(snapshot for snapshot in line.waiting if snapshot is not victim)
        line = Line(waiting, (*line.dropped, victim), (*line.skipped, *_epoch_names(victim)))
    return line


def _epoch_names(snapshot: Snapshot) -> tuple[int, ...]:
    epochs = (epoch_of(name) for name in snapshot.names)
    return tuple(epoch for epoch in epochs if epoch is not None)
