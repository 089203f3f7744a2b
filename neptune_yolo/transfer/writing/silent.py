"""Writes nothing: for the comparison of a source with what was imported of it before."""

from collections.abc import Iterator, Mapping
from typing import Any

from neptune_yolo.transfer.writing.protocol import Content


class SilentProtocol:
    """Takes all that a `Protocol` takes, and sends nothing of it."""

    def execute(self, container_id: str, operations: bytes) -> list[str]:
        """Take operations."""
        del container_id, operations
        return []

    def send_operations(self, container_id: str, operations: Content) -> list[str]:
        """Read operations."""
        del container_id
        return _read(operations)

    def upload_file(self, container_id: str, path: str, extension: str, content: Content) -> list[str]:
        """Read a file, so that its hash is known."""
        del container_id, path, extension
        return _read(content)

    def upload_member(self, container_id: str, path: str, sub_path: str, content: Content) -> list[str]:
        """Read a file of a file set."""
        del container_id, path, sub_path
        return _read(content)

    def upload_package(self, container_id: str, path: str, package: Content, *, reset: bool) -> list[str]:
        """Take a package."""
        del container_id, path, package, reset
        return []

    def describe_artifact(self, project_id: str, container_id: str, artifact: Mapping[str, Any]) -> None:
        """Take an artifact."""


def _read(content: Content) -> list[str]:
    pieces = content.read()
    if isinstance(pieces, Iterator):
        for _ in pieces:
            pass
    return []
