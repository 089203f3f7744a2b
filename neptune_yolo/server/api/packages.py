"""Reads packages of several files (tar.gz) that anybody may have made."""

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from neptune_yolo.server.exceptions import InvalidRequestError, PackageTooLargeError, ServerError

MAX_HEADER_BYTES = 1024 * 1024
"""Longest piece of a package that is read at once: names and other headers, which are held in memory."""

FREE_BYTES = 64 * 1024**2
MAX_RATIO = 100
"""A package may unpack to ``FREE_BYTES`` whatever its size, and to ``MAX_RATIO`` times its size beyond: gzip makes a
thousandth of nothing but zeros."""

_UNREADABLE = (
    tarfile.TarError,
    zlib.error,
    OSError,  # gzip's own error among them
    EOFError,
    ValueError,
    OverflowError,
    IndexError,
    KeyError,
    RecursionError,
)
"""What the standard library raises on packages that are not of its making."""


@dataclass(frozen=True)
class PackageLimits:
    """How large a package may be.

    Attributes:
        max_files: Most entries.
        max_bytes: Most bytes, packed or unpacked.
    """

    max_files: int
    max_bytes: int


@contextmanager
def open_package(package: IO[bytes], limits: PackageLimits) -> Iterator[Iterator[tuple[str, IO[bytes]]]]:
    """Give the files of a tar.gz package to a block, as names and contents to be read in order.

    Folders, links and devices are left out. The names are as the package has them: check them before use.

    Args:
        package: The packed bytes, from their beginning; they can be read again.
        limits: How large it may be.

    Raises:
        InvalidRequestError: If it cannot be read.
        PackageTooLargeError: If it unpacks to more than the limits.
    """
    package.seek(0, 2)
    size_bytes = package.tell()
    package.seek(0)
    allowed_bytes = min(limits.max_bytes, FREE_BYTES + MAX_RATIO * size_bytes)
    try:
        with gzip.GzipFile(fileobj=package, mode="rb") as content:
            stream = _ForwardStream(content, allowed_bytes)
            with tarfile.open(fileobj=stream, mode="r:", ignore_zeros=False) as archive:  # type: ignore[call-overload]
                yield _files(archive, limits.max_files)
            stream.finish()
    except ServerError:
        raise
    except _UNREADABLE as error:
        reason = str(error)[:80] or type(error).__name__
        raise InvalidRequestError(f"Expected a tar.gz package, got one that cannot be read ({reason}).") from error


def _files(archive: tarfile.TarFile, max_files: int) -> Iterator[tuple[str, IO[bytes]]]:
    for count, member in enumerate(archive, start=1):
        if count > max_files:
            raise PackageTooLargeError(f"{max_files} files")
        if member.issparse() or member.size < 0:
            raise InvalidRequestError(
                f"Expected plain files in the package, got {member.name[:80]!r}, which has holes or no real size. "
                f"Pack it as a plain file."
            )
        content = archive.extractfile(member) if member.isreg() else None
        if content is not None:
            yield member.name, content
        archive.members = []  # type: ignore[attr-defined] # what has been read need not be remembered


class _ForwardStream:
    """The unpacked bytes, read once from beginning to end.

    Headers can tell the reader to go back, or to read gigabytes at once; a package that needs this is refused.
    """

    def __init__(self, content: gzip.GzipFile, allowed_bytes: int) -> None:
        self._content = content
        self._allowed_bytes = allowed_bytes

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes.

        Raises:
            InvalidRequestError: If they are too many at once.
            PackageTooLargeError: If the package has too many in all.
        """
        if not 0 <= size <= MAX_HEADER_BYTES:
            raise InvalidRequestError(
                f"Expected headers of at most {MAX_HEADER_BYTES} bytes in the package, got one of {size}. "
                f"Pack the files with shorter names."
            )
        data = self._content.read(size)
        self._require(self._content.tell())
        return data

    def finish(self) -> None:
        """Read what follows the archive, so that a package that was torn or changed on its way is found out."""
        while self.read(MAX_HEADER_BYTES):
            pass

    def seek(self, position: int, whence: int = 0) -> int:
        """Go forward to a position.

        Raises:
            InvalidRequestError: If it lies behind.
            PackageTooLargeError: If it lies beyond the limit.
        """
        if whence != 0 or position < self._content.tell():
            raise InvalidRequestError(
                "Expected a package whose parts follow each other, got one that leads back. Pack the files anew."
            )
        self._require(position)
        return self._content.seek(position)

    def tell(self) -> int:
        """Return the position."""
        return self._content.tell()

    def _require(self, position: int) -> None:
        if position > self._allowed_bytes + tarfile.RECORDSIZE:
            raise PackageTooLargeError(f"{self._allowed_bytes} bytes")
