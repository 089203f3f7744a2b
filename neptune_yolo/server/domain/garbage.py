"""What was no longer in use, and was removed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Garbage:
    """What was removed from the storage of files.

    Attributes:
        blobs: Number of files that no attribute referred to.
        blob_bytes: Bytes in them.
        staged: Number of files that a killed server had begun to store.
        staged_bytes: Bytes in them, as far as the storage knows them.
        uploads: Number of uploads whose parts were dropped: abandoned ones, and those of deleted runs.
        is_held: Whether somebody, such as a backup, needs that no file is removed; then they stay for now.
    """

    blobs: int
    blob_bytes: int
    staged: int
    staged_bytes: int
    uploads: int
    is_held: bool

    @property
    def is_something(self) -> bool:
        """Whether anything was removed."""
        return bool(self.blobs or self.staged or self.uploads)
