"""Which parts an upload takes, and when it has all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from neptune_yolo.server.domain.files import Upload, UploadPart
from neptune_yolo.server.exceptions import InvalidRequestError, LengthMismatchError

MAX_DIGITS = 19


@dataclass(frozen=True)
class PartRange:
    """Which bytes of a file a part is, by the client's word.

    Attributes:
        first: Position of the first byte, from 0.
        last: Position of the last byte.
        total_bytes: Size of the whole file; None if it is not said.
    """

    first: int
    last: int
    total_bytes: int | None

    @property
    def size_bytes(self) -> int:
        """Number of bytes in the part."""
        return self.last - self.first + 1

    @classmethod
    def parse(cls, header: str) -> Self:
        """Return what ``bytes=first-last/total`` announces (last included); the total may be missing.

        Raises:
            InvalidRequestError: If it has another form.
        """
        positions, _, total = header.removeprefix("bytes=").partition("/")
        first, _, last = positions.partition("-")
        numbers = [first, last, *([total] if total not in ("", "*") else [])]
        known = all(text.isdecimal() and len(text) <= MAX_DIGITS for text in numbers)
        if not known or int(last) < int(first) or (len(numbers) > 2 and int(total) <= int(last)):  # noqa: PLR2004 - total
            raise InvalidRequestError(f"Expected the header X-Range as 'bytes=first-last/total', got {header[:60]!r}.")
        return cls(int(first), int(last), int(total) if len(numbers) > 2 else None)  # noqa: PLR2004 - the total


def require_fitting(upload: Upload, size_bytes: int, announced: PartRange | None) -> None:
    """Require that a part can be one of an upload.

    Args:
        upload: The upload.
        size_bytes: Bytes in the part.
        announced: Which bytes of the file they are, by the client's word.

    Raises:
        InvalidRequestError: If the part is larger than the file, or is one of a file of another size.
    """
    total_bytes = upload.total_bytes if announced is None else announced.total_bytes
    end = size_bytes if announced is None else announced.last + 1
    if total_bytes not in (None, upload.total_bytes) or end > upload.total_bytes:
        raise InvalidRequestError(
            f"Expected a part of the file of {upload.total_bytes} bytes that the upload was started for, got bytes up "
            f"to {end} of {total_bytes}. Start another upload for a file that has changed."
        )


def require_complete(upload: Upload, parts: Sequence[UploadPart]) -> None:
    """Require that all parts have come.

    Args:
        upload: The upload.
        parts: What has come, by index.

    Raises:
        LengthMismatchError: If parts are missing, or there are more bytes than announced.
    """
    received = 0
    for position, part in enumerate(parts):
        if part.index != position:
            break  # what comes after a gap does not count
        received += part.size_bytes
    else:
        if received == upload.total_bytes:
            return
    raise LengthMismatchError(upload.total_bytes, received)
