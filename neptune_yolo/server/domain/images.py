"""Pictures of image series."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self

from neptune_yolo.server.domain.ids import Sha256

UNKNOWN_MEDIA_TYPE = "application/octet-stream"

_SIGNATURES: Mapping[bytes, str] = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
    b"BM": "image/bmp",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}


@dataclass(frozen=True)
class Image:
    """A picture of a series.

    Attributes:
        sha256: Hash of its bytes, by which they are found.
        size_bytes: Their number.
        media_type: Its format, ``image/png`` for example; the client names downloads after its second half.
        name: What the client called it; None without a name.
        description: What the client said of it; None without a word.
    """

    sha256: Sha256
    size_bytes: int
    media_type: str
    name: str | None
    description: str | None


@dataclass(frozen=True)
class ImageUpload:
    """A picture with its bytes, as it comes.

    Attributes:
        image: What is kept of it in the series.
        data: Its bytes; none if the client found it too large.
    """

    image: Image
    data: bytes = field(repr=False)

    @classmethod
    def of(cls, data: bytes, name: str | None, description: str | None) -> Self:
        """Describe bytes.

        Args:
            data: A picture's file content.
            name: What the client called it.
            description: What the client said of it.
        """
        digest = Sha256(hashlib.sha256(data).hexdigest())
        return cls(Image(digest, len(data), media_type(data), name, description), data)


def media_type(data: bytes) -> str:
    """Return the format of a picture by its first bytes.

    SVG and other texts are never recognized: a browser could run what is in them.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    found = (name for signature, name in _SIGNATURES.items() if data.startswith(signature))
    return next(found, UNKNOWN_MEDIA_TYPE)
