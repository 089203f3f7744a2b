"""What tells the files of two artifacts apart."""

from collections.abc import Iterable
from dataclasses import dataclass

from neptune_yolo.server.domain.artifacts import ArtifactFile


@dataclass(frozen=True)
class ArtifactDifference:
    """What tells two artifacts apart; each part by path.

    Attributes:
        added: Files that only the other one has.
        removed: Files that only the first one has.
        changed: Files of both whose hashes differ: as they are in the first, and in the other.
        same_count: Number of files that both have.
    """

    added: tuple[ArtifactFile, ...]
    removed: tuple[ArtifactFile, ...]
    changed: tuple[tuple[ArtifactFile, ArtifactFile], ...]
    same_count: int


def difference(first: Iterable[ArtifactFile], other: Iterable[ArtifactFile]) -> ArtifactDifference:
    """Return what tells the files of two artifacts apart."""
    before = {file.path: file for file in first}
    after = {file.path: file for file in other}
    common = sorted(before.keys() & after.keys())
    changed = tuple((before[path], after[path]) for path in common if before[path].hash != after[path].hash)
    return ArtifactDifference(
        added=tuple(after[path] for path in sorted(after.keys() - before.keys())),
        removed=tuple(before[path] for path in sorted(before.keys() - after.keys())),
        changed=changed,
        same_count=len(common) - len(changed),
    )
