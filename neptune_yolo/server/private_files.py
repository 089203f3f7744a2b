"""Small files that only their owner may read, replaced as a whole."""

import os
import stat
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TypeVar

T = TypeVar("T")

OWNER_ONLY = 0o600
"""Mode of files that nobody but their owner may open (POSIX)."""

_ATTEMPTS = 40
_PAUSE_SECONDS = 0.025


def write_private_file(path: Path, content: bytes) -> None:
    """Replace `path` by `content` in one step; a reader sees the old or the new content, never a part.

    On POSIX the file gets mode 0600. On Windows it inherits the access list of its folder, which in a user's profile
    admits that user only.
    """
    temporary = path.with_name(f".{path.name}-{os.getpid()}-{os.urandom(4).hex()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        _patiently(lambda: temporary.replace(path))
    finally:
        temporary.unlink(missing_ok=True)


def read_private_file(path: Path) -> bytes | None:
    """Return the content of `path`, or None if there is no such file."""
    try:
        return _patiently(path.read_bytes)
    except (FileNotFoundError, NotADirectoryError):
        return None


def open_private_file(path: Path) -> IO[bytes]:
    """Open a file to append to; it is made for its owner only, and a symbolic link is not followed (POSIX).

    Raises:
        OSError: If it cannot be opened.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    return os.fdopen(os.open(path, flags, OWNER_ONLY), "ab")


@contextmanager
def files_of_owner() -> Iterator[None]:
    """Let nobody but the owner open what this process makes meanwhile: database, uploads and locks (POSIX).

    The data folder itself may have been made by its user, with the access that new folders usually have.
    """
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def belongs_to_another(path: Path) -> bool:
    """Return whether somebody else put a file there, or a symbolic link (POSIX; False on Windows).

    The administrator may use everybody's files, as in a container that is given a user's folder.
    """
    if sys.platform == "win32" or not os.path.lexists(path):
        return False
    status = path.lstat()
    return stat.S_ISLNK(status.st_mode) or (os.geteuid() not in {0, status.st_uid})


def restrict_to_owner(path: Path) -> None:
    """Take the access of everybody but the owner away from an existing file (POSIX; nothing on Windows)."""
    if sys.platform != "win32" and path.stat().st_mode & 0o077:
        path.chmod(0o600)


def _patiently(action: Callable[[], T]) -> T:
    """Repeat an action that Windows refuses for the instant in which another process has the file open."""
    for _ in range(_ATTEMPTS if sys.platform == "win32" else 0):
        try:
            return action()
        except PermissionError:
            time.sleep(_PAUSE_SECONDS)
    return action()
