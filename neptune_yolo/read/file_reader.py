"""Files of runs: their bytes in pieces, checked against the hash that the server has, and never torn on disk."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import filelock
import httpx

from neptune_yolo.read.addresses import run_path
from neptune_yolo.read.exceptions import FileDamagedError, ServerNotAnsweringError, UnexpectedAnswerError
from neptune_yolo.read.forms import FileMember, FileMembers, PicturePoint
from neptune_yolo.read.transport import Transport

CHUNK_BYTES = 1 << 20
TRIES = 6
"""How often a file is asked for again without a single byte more."""

_PARTIAL = 206
_RANGE_NOT_SATISFIABLE = 416


@dataclass(frozen=True)
class FilePlace:
    """Where a file is.

    Attributes:
        project: ``workspace/name``.
        run: Identifier of the run.
        path: Path of the attribute.
        member: Path within a file set; empty for a plain file.
        step: Of a picture in a series; None for a file.
    """

    project: str
    run: str
    path: str
    member: str = ""
    step: float | None = None

    def __str__(self) -> str:
        """Return it for messages."""
        inner = f"/{self.member}" if self.member else f" at step {self.step:g}" if self.step is not None else ""
        return f"{self.run}/{self.path}{inner}"

    @property
    def address(self) -> str:
        """Path of the read API."""
        return f"{run_path(self.project, self.run)}/{'file' if self.step is None else 'image'}"

    @property
    def parameters(self) -> dict[str, object]:
        """Query of the read API."""
        if self.step is not None:
            return {"path": self.path, "step": repr(self.step)}
        return {"path": self.path, "member": self.member or None}


class FileReader:
    """Files of the runs of a server."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def members(self, project: str, run: str, path: str) -> list[FileMember]:
        """Return the files of a file set, by path.

        Raises:
            ThingNotFoundError: If there is no such run, or it has no such file set.
        """
        return self._transport.get(FileMembers, f"{run_path(project, run)}/file-set", path=path).members

    def stream(self, place: FilePlace) -> Iterator[bytes]:
        """Yield the bytes of a file or picture; after the last ones, their hash is checked.

        A connection that breaks is taken up again where it broke.

        Args:
            place: Where it is.

        Raises:
            ThingNotFoundError: If there is none.
            FileDamagedError: If other bytes came than the server has; raised after the last ones.
            ServerNotAnsweringError: If the connection breaks again and again.
        """
        with self._opened(place) as body:
            yield from body.checked(hashlib.sha256(), 0)

    def picture(self, project: str, run: str, path: str, point: PicturePoint) -> bytes:
        """Return the bytes of a picture of a series.

        Raises:
            ThingNotFoundError: If there is none.
            FileDamagedError: If other bytes came than the server has.
        """
        return b"".join(self.stream(FilePlace(project, run, path, step=point.step)))

    def download(self, place: FilePlace, target: Path, on_bytes: Callable[[int], None] | None = None) -> str:
        """Put a file or picture into a file, and return the SHA-256 of its bytes in hexadecimal.

        The file appears whole and checked, or not at all; one that is there with the same bytes is left as it is, any
        other one is replaced. What an interrupted download has left is gone on from. Folders are made.

        Args:
            place: Where it is on the server.
            target: File to be written.
            on_bytes: Told how many more bytes are there, for a progress bar.

        Raises:
            ThingNotFoundError: If there is none.
            FileDamagedError: If other bytes came than the server has.
            ServerNotAnsweringError: If the connection breaks again and again.
            OSError: If the file cannot be written.
        """
        tell = on_bytes or (lambda _count: None)
        with self._opened(place) as body:
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f".{body.sha256[:32]}.part")
            lock = filelock.FileLock(part.with_suffix(".lock"))
            with lock:
                if file_sha256(target, body.size_bytes) == body.sha256:
                    tell(body.size_bytes)
                else:
                    _write(body, part, tell)
                    part.replace(target)
                part.with_suffix(".lock").unlink(missing_ok=True)  # whoever waits for it finds the file complete
            return body.sha256

    @contextmanager
    def _opened(self, place: FilePlace) -> Iterator["_Body"]:
        with self._transport.streaming(place.address, place.parameters, {"Accept-Encoding": "identity"}) as answer:
            yield _Body(self._transport, place, answer)


class _Body:
    """The bytes of an answer, and of further ones that go on where it broke."""

    def __init__(self, transport: Transport, place: FilePlace, answer: httpx.Response) -> None:
        self._transport = transport
        self._place = place
        self._answer = answer
        self._tag = answer.headers.get("etag", "")
        self.sha256: str = self._tag.strip('"')
        self.size_bytes = int(answer.headers.get("content-length", "-1"))

    def checked(self, digest: "hashlib._Hash", position: int) -> Iterator[bytes]:
        """Yield the bytes from a position on, and check the hash of all of them.

        Args:
            digest: Of the bytes before the position.
            position: At which byte to begin.
        """
        first = self._answer.iter_raw() if position == 0 else None
        tries = TRIES
        while first is not None or position < self.size_bytes:
            try:
                for chunk in first or self._rest(position):
                    digest.update(chunk)
                    position += len(chunk)
                    tries = TRIES
                    yield chunk
                break
            except httpx.TransportError as error:
                first = None
                tries -= 1
                if tries == 0:
                    raise ServerNotAnsweringError(self._transport.url, str(error) or type(error).__name__) from error
        if digest.hexdigest() != self.sha256:
            raise FileDamagedError(str(self._place), self.sha256, digest.hexdigest())

    def _rest(self, position: int) -> Iterator[bytes]:
        headers = {"Accept-Encoding": "identity", "Range": f"bytes={position}-", "If-Range": self._tag}
        with self._transport.streaming(self._place.address, self._place.parameters, headers) as answer:
            if answer.headers.get("etag", "") != self._tag:
                raise UnexpectedAnswerError(
                    f"Expected the rest of {self._place}, but it was replaced on the server meanwhile. Try again."
                )
            chunks = answer.iter_raw()
            yield from chunks if answer.status_code == _PARTIAL else _without(chunks, position)


def _without(chunks: Iterator[bytes], count: int) -> Iterator[bytes]:
    """Yield bytes without the first ones: pictures are always sent whole."""
    for chunk in chunks:
        if count < len(chunk):
            yield chunk[count:]
        count = max(0, count - len(chunk))


def _write(body: _Body, part: Path, tell: Callable[[int], None]) -> None:
    """Write the bytes into a file, after those that are there already; remove it if they are wrong."""
    digest = hashlib.sha256()
    with part.open("ab") as stream:
        position = _digest(part, digest)
        if position > body.size_bytes:
            stream.truncate(0)
            position, digest = 0, hashlib.sha256()
        tell(position)
        try:
            for chunk in body.checked(digest, position):
                stream.write(chunk)
                tell(len(chunk))
        except FileDamagedError:
            part.unlink()
            raise
        stream.flush()
        os.fsync(stream.fileno())


def _digest(file: Path, digest: "hashlib._Hash") -> int:
    size = 0
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
            size += len(chunk)
    return size


def file_sha256(file: Path, size_bytes: int | None = None) -> str | None:
    """Return the SHA-256 of a file in hexadecimal; None if there is none, or it has another size."""
    try:
        if size_bytes is not None and file.stat().st_size != size_bytes:
            return None
        digest = hashlib.sha256()
        _digest(file, digest)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None
    return digest.hexdigest()
