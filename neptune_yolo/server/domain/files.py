"""Files: where an upload goes, and which paths a file set takes."""

from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from neptune_yolo.server.domain.attribute import MAX_INDEXED_BYTES, AttributeType, fits_index
from neptune_yolo.server.domain.ids import Sha256, UploadId
from neptune_yolo.server.exceptions import InvalidRequestError

MAX_SUB_PATH_LENGTH = 1024


@dataclass(frozen=True)
class Blob:
    """Stored bytes.

    Attributes:
        sha256: Hash of the bytes, and their name in the store.
        size_bytes: Their number.
    """

    sha256: Sha256
    size_bytes: int


@dataclass(frozen=True)
class StagedBlob:
    """Bytes that are safe on disk, but not yet found by their hash.

    Attributes:
        blob: Hash and size of the bytes.
        name: Under which the store keeps them until they are placed or discarded.
    """

    blob: Blob
    name: str


@dataclass(frozen=True)
class Leftover:
    """Bytes that were staged, and never placed nor discarded: the server was killed.

    Attributes:
        name: Under which the store keeps them.
        size_bytes: Their number; 0 if the store does not know it.
    """

    name: str
    size_bytes: int


@dataclass(frozen=True)
class FileTarget:
    """Where an uploaded file goes.

    Attributes:
        path: Path of the attribute.
        type: A file, or a file set.
        extension: Without the dot, of a file; empty for a file set.
        sub_path: Relative path within a file set; empty for a file.
    """

    path: str
    type: AttributeType
    extension: str = ""
    sub_path: str = ""


@dataclass(frozen=True)
class Upload:
    """A multipart upload that is under way.

    Attributes:
        id: UUID text, by which the client names it.
        container_pk: Row number of the container it belongs to.
        target: Where the file goes once it is complete.
        total_bytes: Announced size.
        finished: Whether the file is complete; kept for a while, so that a repeated finish is answered alike.
    """

    id: UploadId
    container_pk: int
    target: FileTarget
    total_bytes: int
    finished: bool = False


@dataclass(frozen=True)
class UploadPart:
    """A part of a multipart upload.

    Attributes:
        index: Position among the parts, from 0.
        size_bytes: Bytes in the part.
    """

    index: int
    size_bytes: int


@dataclass(frozen=True)
class FileEntry:
    """A file within an attribute.

    Attributes:
        sub_path: Relative path within a file set; empty for a file attribute.
        extension: Without the dot, of a file attribute.
        blob: The content.
        modified_ms: When it was stored, in ms since 1970 (UTC).
    """

    sub_path: str
    extension: str
    blob: Blob
    modified_ms: int


def normalize_sub_path(text: str) -> str:
    """Return a path within a file set, in POSIX form; bytes of a name that are no text become question marks.

    Args:
        text: What the client or an archive names.

    Raises:
        InvalidRequestError: If the path is empty, absolute, or leaves the set.
    """
    readable = text.encode("utf-8", "replace").decode() if not text.isascii() else text
    candidate = readable.replace("\\", "/").removeprefix("./").rstrip("/")
    parts = PurePosixPath(candidate).parts
    outside = candidate.startswith("/") or bool(PureWindowsPath(candidate).drive) or ".." in parts
    if not parts or outside or "\x00" in candidate or not _is_short(candidate):
        raise InvalidRequestError(
            f"Expected a relative path inside the file set (no '..', no drive, at most {MAX_SUB_PATH_LENGTH} "
            f"characters and {MAX_INDEXED_BYTES} bytes), got {text[:80]!r}. Upload the file under another name."
        )
    return "/".join(parts)


def _is_short(sub_path: str) -> bool:
    return len(sub_path) <= MAX_SUB_PATH_LENGTH and fits_index(sub_path)
