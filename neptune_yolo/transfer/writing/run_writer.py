"""Writes one run of the past into a server."""

import base64
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neptune_yolo.read.exceptions import AccessRefusedError
from neptune_yolo.transfer.writing.batch import MAX_POINTS, Batch, chunks, entries
from neptune_yolo.transfer.writing.facts import PastFacts
from neptune_yolo.transfer.writing.file_sets import FileSetUpload
from neptune_yolo.transfer.writing.pictures import encoded_picture
from neptune_yolo.transfer.writing.protocol import Content, Protocol
from neptune_yolo.transfer.writing.sent import Sent
from neptune_yolo.transfer.writing.silent import SilentProtocol

if TYPE_CHECKING:
    from neptune_yolo.read.forms import AttributeView, Project, RunHead
    from neptune_yolo.transfer.writing.destination import Destination

ATOMS: Mapping[type, str] = {bool: "assignBool", int: "assignInt", float: "assignFloat", str: "assignString"}

Refused = Callable[[str], None]
"""Is told a sentence for each value that the server does not take."""


class RunWriter:
    """Writes a run, a model or a version of a model.

    Values wait until there are enough for a request; `flush` sends them. Whatever was sent before an import was ended
    in between may be sent again: the same values once more change nothing. Use it in one thread.

    Attributes:
        project: Where it goes.
        head: The run in short, as it was when it was opened, or finished.
        sys_id: What it is called there.
        is_new: Whether it has just been made.
        finished_ms: When all of it was imported before, in milliseconds since 1970 (UTC); None if it was not.
        fingerprint: What its source was like then.
        refused: Sentences of the server on what it did not take; see also ``on_refused``.
        on_refused: Called instead of adding to ``refused``.
    """

    def __init__(
        self,
        protocol: Protocol | SilentProtocol,
        destination: "Destination",
        *,
        project: "Project",
        head: "RunHead",
        is_new: bool,
        finished_ms: int | None,
        fingerprint: str | None,
    ) -> None:
        self._protocol = protocol
        self._destination = destination
        self._id = head.id
        self.head = head
        self._batch = Batch()
        self.project = project
        self.sys_id = head.sys_id
        self.is_new = is_new
        self.finished_ms = finished_ms
        self.fingerprint = fingerprint
        self.refused: list[str] = []
        self.on_refused: Refused = self.refused.append

    @property
    def name(self) -> str:
        """``workspace/project/SYS-ID``."""
        return f"{self.project.full_name}/{self.sys_id}"

    def silence(self) -> None:
        """Send nothing from now on."""
        self._protocol = SilentProtocol()

    def attributes(self) -> Mapping[str, "AttributeView"]:
        """Return all that the run has on the server, by path; long texts are cut."""
        return self._destination.attributes(self.project.full_name, self.sys_id)

    def assign(self, path: str, value: bool | float | str) -> None:  # noqa: FBT001 - a value like any other
        """Set a bool, an int of 64 bits, a finite float or a text."""
        text_bytes = len(value) if isinstance(value, str) else 0
        self._add(path, ATOMS[type(value)], {"value": value}, text_bytes=text_bytes)

    def assign_moment(self, path: str, moment_ms: int) -> None:
        """Set a moment, in milliseconds since 1970 (UTC)."""
        self._add(path, "assignDatetime", {"valueMilliseconds": moment_ms})

    def add_tags(self, path: str, tags: Sequence[str]) -> None:
        """Add strings to a set: ``sys/tags`` or ``sys/group_tags``."""
        self._add(path, "insertStrings", {"values": list(tags)}, text_bytes=sum(map(len, tags)))

    def log_floats(self, path: str, points: Sequence[tuple[float, int, float]]) -> None:
        """Add points to a series of numbers.

        Args:
            path: Of the series.
            points: Step, moment in milliseconds since 1970 (UTC), finite value; steps rise from point to point.
        """
        for part in chunks(list(points), self._batch.room(), MAX_POINTS):
            self._add(path, "logFloats", {"entries": entries(part)}, points=len(part))

    def log_text(self, path: str, step: float, moment_ms: int, text: str) -> None:
        """Add a point to a series of texts."""
        self._add(path, "logStrings", {"entries": entries([(step, moment_ms, text)])}, text_bytes=len(text))

    def log_texts(self, path: str, points: Sequence[tuple[float, int, str]]) -> None:
        """Add points to a series of texts; see `log_floats`."""
        for part in _by_size(points):
            text_bytes = sum(len(text) for _, _, text in part)
            self._add(path, "logStrings", {"entries": entries(part)}, points=len(part), text_bytes=text_bytes)

    def log_picture(
        self, path: str, step: float, moment_ms: int, data: bytes, *, name: str | None = None, about: str | None = None
    ) -> None:
        """Add a picture (or another small file) to a series.

        Args:
            path: Of the series.
            step: Above that of the picture before.
            moment_ms: When it was logged, in milliseconds since 1970 (UTC).
            data: Content of the file; it is in memory several times meanwhile.
            name: What it is called.
            about: A description.
        """
        value = {"name": name, "description": about, "data": base64.b64encode(data).decode()}
        body = {"entries": entries([(step, moment_ms, value)])}
        self._add(path, "logImages", body, text_bytes=len(value["data"] or ""))

    def log_picture_file(self, path: str, step: float, moment_ms: int, file: Path) -> tuple[int, str]:
        """Add a file to a series of pictures without taking it into memory; see `log_picture`.

        Returns:
            Size in bytes and SHA-256 of what was sent.

        Raises:
            ValueRefusedError: If the file changes meanwhile.
            OSError: If it cannot be read.
        """
        self.flush()
        sent = Sent()
        with file.open("rb") as opened:
            content = encoded_picture(path, step, moment_ms, os.fstat(opened.fileno()).st_size, sent.reader(opened))
            for sentence in self._protocol.send_operations(self._id, content):
                self.on_refused(sentence)
        return sent.facts

    def upload_file(self, path: str, file: Path, extension: str) -> tuple[int, str] | None:
        """Make a file the content of an attribute.

        Args:
            path: Of the attribute.
            file: An existing file.
            extension: Without the dot; may be empty.

        Returns:
            Size in bytes and SHA-256 of what was sent; None if the server did not take it.

        Raises:
            OSError: If the file cannot be read.
        """
        sent = Sent()
        with file.open("rb") as opened:
            content = Content(os.fstat(opened.fileno()).st_size, sent.reader(opened))
            return sent.facts if self._took(self._protocol.upload_file(self._id, path, extension, content)) else None

    def file_set(self, path: str) -> FileSetUpload:
        """Return a file set to put files into; close it at the end (it is a context manager)."""
        self.flush()
        return FileSetUpload(self._protocol, self._id, path, self._took)

    def delete(self, path: str) -> None:
        """Delete an attribute that the run has."""
        self._add(path, "deleteAttribute", {})

    def track_artifact(self, path: str, artifact: Mapping[str, Any]) -> None:
        """Set an artifact: the list of its files, not their bytes; see `artifacts.artifact_of`."""
        self._protocol.describe_artifact(self.project.id, self._id, artifact)
        self._add(path, "assignArtifact", {"hash": artifact["hash"]})

    def flush(self) -> None:
        """Send what waits.

        Raises:
            ReadError: If the server does not answer, or not as expected.
        """
        if len(self._batch):
            for sentence in self._protocol.execute(self._id, self._batch.take()):
                self.on_refused(sentence)

    def finish(self, fingerprint: str, facts: PastFacts) -> bool:
        """Send what waits, and note that this was all.

        Args:
            fingerprint: What the source was like, so that it is not imported again while it is the same.
            facts: What the run was like where it comes from.

        Returns:
            False if the server kept the importing user as the owner, because another one is for owners to name.

        Raises:
            ReadError: If the server does not take it.
        """
        self.flush()
        name = self.project.full_name, self.sys_id
        try:
            self.head = self._destination.finish(*name, fingerprint, facts)
        except AccessRefusedError:
            if facts.owner is None:
                raise
            self.head = self._destination.finish(*name, fingerprint, without_owner(facts))
            return False
        return True

    def _add(self, path: str, name: str, body: Mapping[str, Any], *, points: int = 1, text_bytes: int = 0) -> None:
        self._batch.add(path, name, body, points=points, text_bytes=text_bytes)
        if self._batch.is_full:
            self.flush()

    def _took(self, problems: Sequence[str]) -> bool:
        for problem in problems:
            self.on_refused(problem)
        return not problems


def without_owner(facts: PastFacts) -> PastFacts:
    """Return facts that name nobody as the owner."""
    return PastFacts(
        created_ms=facts.created_ms,
        modified_ms=facts.modified_ms,
        pinged_ms=facts.pinged_ms,
        running_ms=facts.running_ms,
        trashed=facts.trashed,
    )


def _by_size(points: Sequence[tuple[float, int, str]]) -> Iterator[list[tuple[float, int, str]]]:
    """Yield points in parts that fit into a request."""
    part: list[tuple[float, int, str]] = []
    size = 0
    for point in points:
        part.append(point)
        size += len(point[2]) + 64
        if len(part) >= MAX_POINTS or size >= MAX_POINTS * 64:
            yield part
            part, size = [], 0
    if part:
        yield part
