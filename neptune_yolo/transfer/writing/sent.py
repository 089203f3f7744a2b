"""Size and hash of what was sent."""

import hashlib
from collections.abc import Callable, Iterator
from typing import IO

from neptune_yolo.transfer.writing.protocol import pieces


class Sent:
    """Remembers size and SHA-256 of what is sent."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._size_bytes = 0

    @property
    def facts(self) -> tuple[int, str]:
        """Size in bytes, and SHA-256 in hexadecimal."""
        return self._size_bytes, self._digest.hexdigest()

    def reader(self, file: IO[bytes]) -> Callable[[], Iterator[bytes]]:
        """Return what gives the bytes of a file from its beginning, once or several times."""

        def read() -> Iterator[bytes]:
            file.seek(0)
            self._digest, self._size_bytes = hashlib.sha256(), 0
            for piece in pieces(file):
                self._digest.update(piece)
                self._size_bytes += len(piece)
                yield piece

        return read
