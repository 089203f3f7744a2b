"""What services ask of the storage about blobs that are in use."""

from collections.abc import Sequence
from typing import Protocol

from neptune_yolo.server.domain.ids import Sha256


class ReferenceStore(Protocol):
    """Which blobs attributes refer to.

    A transaction that makes an attribute refer to a blob, and one that removes a blob since nobody refers to it, must
    not run at the same time: a store whose writing transactions may overlap has to keep these apart by the blob's hash.
    """

    def list_released(self) -> list[Sha256]:
        """Return the blobs that some attribute no longer refers to; another one may."""

    def list_unreferred(self, hashes: Sequence[Sha256]) -> list[Sha256]:
        """Return which of the blobs no attribute refers to; for those that were claimed, that stays so."""

    def claim(self, hashes: Sequence[Sha256]) -> list[Sha256]:
        """Take blobs off the list, and keep others from referring to them until the end of the transaction.

        Returns:
            Those that no other transaction is about to refer to or remove; the others stay on the list.
        """

    def release(self, hashes: Sequence[Sha256]) -> None:
        """Put blobs on the list: nobody refers to them, and they are still there."""


class HoldStore(Protocol):
    """Who needs at the moment that no blob is removed, such as a backup."""

    def put(self, name: str, expires_ms: int) -> None:
        """Store a hold, in place of one with the same name; it ends by itself at ``expires_ms`` (since 1970, UTC)."""

    def remove(self, name: str) -> None:
        """End a hold; harmless if there is none."""

    def is_active(self, now_ms: int) -> bool:
        """Return whether somebody needs that no blob is removed."""
