"""Which kind of file it is: the exporter leaves the extension of files out."""

import json
from pathlib import Path, PurePosixPath

_HEAD_BYTES = 4096
_MAX_JSON_BYTES = 1024 * 1024
_MAX_LENGTH = 10
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpg",
    b"GIF8": "gif",
    b"BM": "bmp",
    b"II*\x00": "tif",
    b"MM\x00*": "tif",
    b"%PDF-": "pdf",
    b"\x1f\x8b": "gz",
    b"PAR1": "parquet",
    b"\x93NUMPY": "npy",
    b"\x00\x00\x00\x18ftyp": "mp4",
    b"\x00\x00\x00\x20ftyp": "mp4",
}
_ZIPPED = ((b"/data.pkl", "pt"), (b".npy", "npz"))
"""What is in the first bytes of ZIP archives that are something else: PyTorch's checkpoints, NumPy's arrays."""

_BEGINNINGS = {"<!doctype html": "html", "<html": "html", "<svg": "svg", "<?xml": "xml"}


def extension_of(path: str, file: Path, *, by_content: bool = True) -> str:
    """Return the extension of a file, without the dot: by its names, else by its first bytes; empty if none fits.

    Args:
        path: Of the attribute.
        file: The exported file.
        by_content: Whether first bytes count where names tell nothing.

    Raises:
        OSError: If it cannot be read.
    """
    for name in (file.name, PurePosixPath(path).name):
        suffix = PurePosixPath(name).suffix.removeprefix(".")
        if suffix.isalnum() and suffix.isascii() and len(suffix) <= _MAX_LENGTH and not suffix.isdigit():
            return suffix
    if not by_content:
        return ""
    with file.open("rb") as opened:
        head = opened.read(_HEAD_BYTES)
    return _by_signature(head) or _by_text(head, file)


def _by_signature(head: bytes) -> str:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"PK\x03\x04"):
        return next((extension for sign, extension in _ZIPPED if sign in head[:200]), "zip")
    return next((extension for sign, extension in _SIGNATURES.items() if head.startswith(sign)), "")


def _by_text(head: bytes, file: Path) -> str:
    try:
        text = head.decode() if len(head) < _HEAD_BYTES else head[: -_HEAD_BYTES // 8].decode(errors="ignore")
    except UnicodeDecodeError:
        return ""
    if not text or "\x00" in text or (len(head) == _HEAD_BYTES and not _is_text(head)):
        return ""
    start = text.lstrip().lower()
    found = next((extension for sign, extension in _BEGINNINGS.items() if start.startswith(sign)), "")
    if not found and start[:1] in ("{", "[") and file.stat().st_size <= _MAX_JSON_BYTES:
        try:
            json.loads(file.read_bytes())
        except (ValueError, RecursionError):
            return "txt"
        return "json"
    return found or "txt"


def _is_text(head: bytes) -> bool:
    """Return whether the first bytes are UTF-8, the last character of which may be cut."""
    return any(_decodes(head[: len(head) - cut]) for cut in range(4))


def _decodes(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
