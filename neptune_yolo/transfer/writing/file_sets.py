"""Puts files into a file set: small ones in packages, large ones by themselves."""

import hashlib
import io
import tarfile
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import IO, Self

from neptune_yolo.transfer.writing.protocol import PIECE_BYTES, Content, Protocol, pieces
from neptune_yolo.transfer.writing.silent import SilentProtocol

MAX_PACKED_BYTES = 1024 * 1024
"""Files up to this size travel in packages."""

MAX_PACKAGE_BYTES = 16 * 1024 * 1024
MAX_PACKAGE_FILES = 2000

Took = Callable[[Sequence[str]], bool]
"""Takes note of what the server says, and tells whether it took the files."""


class FileSetUpload:
    """A file set that is filled. What it had before is taken out first; use it as a context manager.

    Attributes:
        members: Size in bytes and SHA-256 of each file that the server took, by its path within the set.
    """

    def __init__(self, protocol: Protocol | SilentProtocol, container_id: str, path: str, took: Took) -> None:
        self._protocol = protocol
        self._container_id = container_id
        self._path = path
        self._took = took
        self._is_first = True
        self._packed: list[tuple[str, bytes]] = []
        self._packed_bytes = 0
        self.members: dict[str, tuple[int, str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._send_package(even_if_empty=self._is_first)

    def add(self, sub_path: str, size_bytes: int, open_file: Callable[[], IO[bytes]]) -> None:
        """Put a file into the set.

        Args:
            sub_path: Path within the set, with slashes.
            size_bytes: How large it says to be; more is not read.
            open_file: Opens it, anew for each try.

        Raises:
            OSError: If it cannot be read.
        """
        if size_bytes <= MAX_PACKED_BYTES:
            with open_file() as file:
                self._pack(sub_path, file.read(size_bytes))
        else:
            self._send_package(even_if_empty=self._is_first)
            self._upload(sub_path, size_bytes, open_file)

    def _pack(self, sub_path: str, content: bytes) -> None:
        self._packed.append((sub_path, content))
        self._packed_bytes += len(content)
        if self._packed_bytes >= MAX_PACKAGE_BYTES or len(self._packed) >= MAX_PACKAGE_FILES:
            self._send_package(even_if_empty=False)

    def _upload(self, sub_path: str, size_bytes: int, open_file: Callable[[], IO[bytes]]) -> None:
        facts: list[tuple[int, str]] = []

        def content() -> Iterator[bytes]:
            digest, size = hashlib.sha256(), 0
            with open_file() as file:
                for piece in pieces(file):
                    digest.update(piece)
                    size += len(piece)
                    yield piece
            facts[:] = [(size, digest.hexdigest())]

        body = Content(size_bytes, content)
        if self._took(self._protocol.upload_member(self._container_id, self._path, sub_path, body)):
            self.members[sub_path] = facts[0]

    def _send_package(self, *, even_if_empty: bool) -> None:
        if not self._packed and not even_if_empty:
            return
        package = Content.of(_package(self._packed))
        problems = self._protocol.upload_package(self._container_id, self._path, package, reset=self._is_first)
        if self._took(problems):
            for sub_path, content in self._packed:
                self.members[sub_path] = (len(content), hashlib.sha256(content).hexdigest())
        self._is_first = False
        self._packed, self._packed_bytes = [], 0


def _package(files: Sequence[tuple[str, bytes]]) -> bytes:
    """Return files as a tar.gz package, which is quick to make: most of what is large does not shrink."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz", compresslevel=1, bufsize=PIECE_BYTES) as archive:
        for name, content in files:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return target.getvalue()
