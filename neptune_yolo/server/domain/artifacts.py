"""Artifacts: files that are tracked where they lie. The server keeps their description, not their bytes."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from neptune_yolo.server.domain.ids import ArtifactHash

MAX_HASH_LENGTH = 128
MAX_SIZE_BYTES = 2**63 - 1


@dataclass(frozen=True)
class ArtifactFile:
    """A file of an artifact.

    Attributes:
        path: Where it lies within the artifact.
        hash: Hash of its content (SHA-1 for local files, the entity tag for S3).
        type: What kind of place it is in: ``Local``, ``S3``.
        size_bytes: Its size; None if it is not known.
        metadata: Keys and values, by key; ``file_path`` says where it is.
    """

    path: str
    hash: str
    type: str
    size_bytes: int | None
    metadata: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Artifact:
    """An artifact of a project.

    Attributes:
        pk: Row number in the store.
        hash: Computed from its files, see ``artifact_hash``.
        size_bytes: Sum over its files; None if one of them has no known size.
        is_complete: Whether its files have been described.
    """

    pk: int
    hash: ArtifactHash
    size_bytes: int | None
    is_complete: bool


def artifact_hash(files: Iterable[ArtifactFile]) -> ArtifactHash:
    """Return the hash that the client computes of the same files (version 2: metadata left out).

    SHA-256 over the files by path; of each: ``#``, length of the path in characters (4 bytes, big-endian), path,
    ``#``, hash, ``#``, size if it is known (8 bytes), ``#``, length of the type (4 bytes), type.
    """
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.path):
        digest.update(b"#" + len(file.path).to_bytes(4, "big") + file.path.encode())
        digest.update(b"#" + file.hash.encode())
        digest.update(b"#" + (b"" if file.size_bytes is None else file.size_bytes.to_bytes(8, "big")))
        digest.update(b"#" + len(file.type).to_bytes(4, "big") + file.type.encode())
    return ArtifactHash(digest.hexdigest())


def merge_files(old: Iterable[ArtifactFile], new: Iterable[ArtifactFile]) -> list[ArtifactFile]:
    """Return the files of an artifact's next version, by path; of two with the same path the newer one stays."""
    by_path = {file.path: file for file in [*old, *new]}
    return [by_path[path] for path in sorted(by_path)]


def total_size(files: Sequence[ArtifactFile]) -> int | None:
    """Return the sum of the sizes in bytes, or None if one of them is not known."""
    sizes = [file.size_bytes for file in files]
    return None if None in sizes else sum(size for size in sizes if size is not None)
