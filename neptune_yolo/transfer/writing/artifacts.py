"""Artifacts: lists of files that are tracked where they lie."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from neptune_yolo.transfer.exceptions import ValueRefusedError

_MAX_SIZE_BYTES = 2**63 - 1


def artifact_of(files: object) -> Mapping[str, Any]:
    """Return an artifact as it is on the wire: ``hash``, ``size`` and ``files``.

    Args:
        files: A list of objects with the texts ``filePath``, ``fileHash`` and ``type``, a whole ``size`` (bytes) and
            ``metadata`` as a list of ``key`` and ``value``.

    Raises:
        ValueRefusedError: If it is something else.
    """
    if not isinstance(files, list):
        raise ValueRefusedError(f"Expected a list of an artifact's files, got {type(files).__name__}.")
    checked = [_file(item) for item in files]
    sizes = [file["size"] for file in checked]
    return {"hash": artifact_hash(checked), "size": None if None in sizes else sum(sizes), "files": checked}


def artifact_hash(files: Sequence[Mapping[str, Any]]) -> str:
    """Return the hash by which the Neptune client names the artifact of these files; metadata is left out.

    SHA-256 over the files by path; of each: ``#``, length of the path in characters (4 bytes, big-endian), path,
    ``#``, hash, ``#``, size if it is known (8 bytes), ``#``, length of the type (4 bytes), type.
    """
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda file: str(file["filePath"])):
        size = b"" if file["size"] is None else file["size"].to_bytes(8, "big")
        digest.update(b"#" + len(file["filePath"]).to_bytes(4, "big") + file["filePath"].encode())
        digest.update(b"#" + file["fileHash"].encode() + b"#" + size)
        digest.update(b"#" + len(file["type"]).to_bytes(4, "big") + file["type"].encode())
    return digest.hexdigest()


def _file(item: object) -> dict[str, Any]:
    try:
        known: Any = item
        file = {name: known[name] for name in ("filePath", "fileHash", "type")}
        size = known.get("size")
        pairs = [{"key": str(pair["key"]), "value": str(pair["value"])} for pair in known.get("metadata") or ()]
        texts_fit = all(isinstance(text, str) and text.isprintable() for text in file.values())
    except (KeyError, TypeError, AttributeError) as error:
        raise _unfit(item) from error
    if not texts_fit or not (size is None or (type(size) is int and 0 <= size <= _MAX_SIZE_BYTES)):
        raise _unfit(item)
    return {**file, "size": size, "metadata": pairs}


def _unfit(item: object) -> ValueRefusedError:
    return ValueRefusedError(
        "Expected a file of an artifact with the texts 'filePath', 'fileHash' and 'type', a whole 'size' and "
        f"'metadata' as a list of 'key' and 'value', got {str(item)[:200]}."
    )
