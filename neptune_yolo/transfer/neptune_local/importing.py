"""Imports leftover queues: each run, model, version or project gets what its programs have left."""

import hashlib
import json
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from neptune_yolo.exceptions import NeptuneYoloError
from neptune_yolo.read.forms import AttributeView, Project
from neptune_yolo.tracking.resume import read_note
from neptune_yolo.transfer.exceptions import NameTakenError, SourceUnreadableError, TransferError
from neptune_yolo.transfer.neptune_local.expected import ExpectedRun
from neptune_yolo.transfer.neptune_local.losses import MOST_SHOWN, Losses, shown
from neptune_yolo.transfer.neptune_local.operations import FileRules, Record, read_records
from neptune_yolo.transfer.neptune_local.queues import (
    QUEUE_ROOT,
    UPLOADS,
    LocalContainer,
    LocalQueue,
    find_queues,
)
from neptune_yolo.transfer.neptune_local.staging import stage
from neptune_yolo.transfer.report import Outcome, RunReport, TransferReport
from neptune_yolo.transfer.writing import Destination, PastFacts, Source

SLICE_OPERATIONS = 20_000
"""Operations that are sent before it is noted that they were: so many at most are sent again after a crash."""

SENT_PATH = "import/sent"
PROJECT_PATH = "import/neptune-local"
_SLICE_BYTES = 64 * 2**20
_UPLOADS = ("UploadFile", "UploadFileSet")

Send = Callable[[Path], str]
"""Lets the client send everything in a ``.neptune`` folder; returns what went wrong, or an empty text."""

Progress = Callable[[int, int, str], None]
"""Is told how many are done, of how many, and which one comes now."""


@dataclass
class _Sums:
    """What is known of a container's operations.

    Attributes:
        expected: What it is to hold.
        by_type: Number of operations that are sent, by their types.
        losses: What is not sent.
        first: When the first one was put, in seconds since 1970.
        last: When the last one was put.
    """

    expected: ExpectedRun = field(default_factory=ExpectedRun)
    by_type: Counter[str] = field(default_factory=Counter)
    losses: Losses = field(default_factory=Losses)
    first: float | None = None
    last: float | None = None


@dataclass(frozen=True)
class _Sending:
    """What is sent where.

    Args:
        container: What it is on disk.
        container_id: Its identifier on the new server.
        project_id: That of its project.
        mark_path: Attribute that notes how much was sent.
    """

    container: LocalContainer
    container_id: str
    project_id: str
    mark_path: str


@dataclass
class LocalImport:
    """One import of everything below a folder.

    Attributes:
        destination: Where it goes; None only tells what would be imported.
        project: ``workspace/name``; it is made if there is none.
        send: Lets the client send.
        progress: Is told how it goes.
        from_anywhere: Whether files may be sent from outside the folder that holds ``.neptune``.
        even_if_running: Whether queues are sent that a process seems to write still.
    """

    destination: Destination | None
    project: str
    send: Send
    progress: Progress
    from_anywhere: bool = False
    even_if_running: bool = False

    def run(self, root: Path) -> TransferReport:
        """Import, and return what has become of each run.

        Args:
            root: Absolute path of the folder.

        Raises:
            SourceUnreadableError: If there is nothing below it.
        """
        found = find_queues(root, even_if_running=self.even_if_running)
        if not found.containers and not found.skipped:
            raise SourceUnreadableError(
                f"Expected .neptune folders with something in them below {root}, found none. Name another folder."
            )
        report = TransferReport(skipped=found.skipped, is_plan=self.destination is None)
        for index, container in enumerate(found.containers):
            self.progress(index, len(found.containers), container.queues[0].name)
            report.runs.append(self._import_one(container))
        self.progress(len(found.containers), len(found.containers), "")
        return report

    def _import_one(self, container: LocalContainer) -> RunReport:
        report = RunReport(container.queues[0].name, Outcome.NEW)
        try:
            if self.destination is None:
                sums = self._summed(container, "")
                _describe(report, container, sums)
                report.problems += map(str, shown(sums.losses.differences()))
            elif self.destination.knows(container.id):
                _skip(report, "this server has it: send what is left by `neptune-yolo sync`")
            elif container.kind == "project":
                self._to_project(report, container, self.destination)
            else:
                self._to_run(report, container, self.destination)
        except NameTakenError as error:
            _skip(report, f"this server has a run with its identifier: `neptune-yolo sync` sends the rest. {error}")
        except (OSError, NeptuneYoloError) as error:
            report.outcome, report.error = Outcome.FAILED, str(error) or type(error).__name__
        return report

    def _to_run(self, report: RunReport, container: LocalContainer, destination: Destination) -> None:
        project = destination.project(self.project)
        writer = destination.open(project, _source(container, project, destination))
        report.run = writer.sys_id
        sums = self._summed(container, project.id)
        problems, lost = sums.losses.notes(), sums.losses.differences()
        mark = _fingerprint(container, [*problems, *map(str, lost)])
        report.differences = shown(lost)
        if writer.fingerprint == mark:
            report.outcome, report.problems = Outcome.UNCHANGED, problems[:MOST_SHOWN]
            return
        report.outcome = Outcome.NEW if writer.finished_ms is None else Outcome.CONTINUED
        container_id = destination.api.run(self.project, writer.sys_id).id
        sending = _Sending(container, container_id, project.id, SENT_PATH)
        self._send_all(sending, {} if writer.is_new else writer.attributes(), sums)
        _describe(report, container, sums)
        differing = list(sums.expected.differences(writer.attributes()))
        report.differences += differing
        if not differing:
            writer.finish(mark, _facts(container, sums))

    def _to_project(self, report: RunReport, container: LocalContainer, destination: Destination) -> None:
        """Send what belongs to a project: it goes to the project that the runs go to."""
        project = destination.project(self.project)
        report.run = project.key
        sending = _Sending(container, project.id, project.id, f"{PROJECT_PATH}/{container.id}")
        sums = self._summed(container, project.id)
        sent = self._send_all(sending, destination.attributes(self.project, project.key), sums)
        report.outcome = Outcome.NEW if sent else Outcome.UNCHANGED
        _describe(report, container, sums)
        report.differences = shown(sums.losses.differences())
        if sent:
            report.differences += sums.expected.differences(destination.attributes(self.project, project.key))

    def _send_all(self, sending: _Sending, held: Mapping[str, AttributeView], sums: _Sums) -> bool:
        """Send what was not sent before; return whether there was anything.

        So are uploads that could not be sent then, as their files were gone or lay outside of the folder.
        """
        sent = _sent_before(held.get(sending.mark_path))
        is_any = False
        lacking = {path for path in sums.expected.attributes if path not in held}
        for queue in sending.container.queues:
            rules, after = self._rules(queue), sent.get(queue.path.name, 0)
            records = read_records(queue, rules, sending.project_id)
            for part in _slices(
                record
                for record in records
                if not record.problem
                and (record.version > after or (record.type in _UPLOADS and record.path in lacking))
            ):
                is_any = True
                sent[queue.path.name] = max(part[-1].version, after)
                self._send_part(queue, [*part, _mark(sending.mark_path, sent, part[-1])], sending)
        return is_any

    def _send_part(self, queue: LocalQueue, part: list[Record], sending: _Sending) -> None:
        with tempfile.TemporaryDirectory(prefix="neptune-yolo-import-") as folder:
            staged = stage(Path(folder), queue, part, sending.container.kind, sending.container_id)
            problem = self.send(staged)
            if problem:
                raise TransferError(f"Expected the client to send {queue.name}, but {problem}")

    def _summed(self, container: LocalContainer, project_id: str) -> _Sums:
        sums = _Sums()
        for queue in container.queues:
            sums.losses.begin()
            for record in read_records(queue, self._rules(queue), project_id):
                _add(sums, record, queue)
            sums.losses.end(queue)
        return sums

    def _rules(self, queue: LocalQueue) -> FileRules:
        """Let files be sent from the folder that holds ``.neptune``: where the program probably ran."""
        if self.from_anywhere:
            return FileRules(None)
        root = next((folder for folder in queue.path.parents if folder.name == QUEUE_ROOT), None)
        return FileRules(root.parent if root is not None else queue.path.parent)


def _skip(report: RunReport, reason: str) -> None:
    report.outcome, report.problems = Outcome.SKIPPED, [reason]


def _add(sums: _Sums, record: Record, queue: LocalQueue) -> None:
    if record.at is not None:
        sums.first = record.at if sums.first is None else min(sums.first, record.at)
        sums.last = record.at if sums.last is None else max(sums.last, record.at)
    sums.losses.add(record, queue)
    if record.problem:
        return
    sums.by_type[record.type] += 1
    sums.expected.apply(record, queue)


def _slices(records: Iterable[Record]) -> Iterator[list[Record]]:
    part: list[Record] = []
    size = 0
    for record in records:
        part.append(record)
        size += record.size_bytes
        if len(part) >= SLICE_OPERATIONS or size >= _SLICE_BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part


def _source(container: LocalContainer, project: Project, destination: Destination) -> Source:
    words = f"neptune-local {container.kind} {container.id}"
    if container.kind == "run":
        note = read_note(container.queues[0].path)
        custom_run_id = note.custom_run_id if note is not None and note.custom_run_id else container.id
        return Source(words=words, custom_run_id=custom_run_id)
    short = hashlib.sha256(container.id.encode()).hexdigest()[:8].upper()
    model = f"{project.key}-LOCAL_{short}"
    if container.kind == "model":
        return Source(words=words, kind="model", sys_id=model, new_id=True)
    opened = destination.open(project, Source(words=f"{words}: model", kind="model", sys_id=model, new_id=True))
    return Source(words=words, kind="modelVersion", model=opened.sys_id)


def _sent_before(view: AttributeView | None) -> dict[str, int]:
    """Return how much of each queue an earlier import has sent, by the name of its folder."""
    try:
        content = json.loads(str(view.value)) if view is not None else {}
        return {str(name): int(version) for name, version in content.items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _mark(path: str, sent: Mapping[str, int], last: Record) -> Record:
    """Return the operation that notes how much was sent; it comes last, so that all before it is there, too."""
    operation = {"type": "AssignString", "path": path.split("/"), "value": json.dumps(sent)}
    return Record(last.version, last.at, operation)


def _fingerprint(container: LocalContainer, problems: Sequence[str]) -> str:
    """Return what stands for the queues, and for what of them cannot be sent: files may be found again."""
    digest = hashlib.sha256("\n".join(problems).encode(errors="replace"))
    for queue in container.queues:
        for log in queue.logs:
            with log.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
        uploads = queue.path / UPLOADS
        names = sorted(file.name for file in uploads.iterdir()) if uploads.is_dir() else []
        digest.update("\n".join(names).encode(errors="replace"))
    return digest.hexdigest()[:32]


def _facts(container: LocalContainer, sums: _Sums) -> PastFacts:
    begin = container.queues[0].created if sums.first is None else min(container.queues[0].created, sums.first)
    end = max(begin, sums.last or begin)
    created, modified = int(begin * 1000), int(end * 1000)
    return PastFacts(created_ms=created, modified_ms=modified, pinged_ms=modified, running_ms=modified - created)


def _describe(report: RunReport, container: LocalContainer, sums: _Sums) -> None:
    expected = sums.expected
    report.attributes, report.points, report.files = len(expected.attributes), expected.points, len(expected.files)
    report.file_bytes = sum(file.size_bytes or 0 for file in expected.files)
    report.details = {f"{kind} operations": count for kind, count in sorted(sums.by_type.items())}
    problems = sums.losses.notes()
    if len(problems) > MOST_SHOWN:
        problems = [*problems[:MOST_SHOWN], f"and {len(problems) - MOST_SHOWN} operations more were not sent"]
    problems += [
        f"{path}: {count} points are not finite, or their steps do not rise: no server takes them"
        for path, count in expected.refused_points.items()
    ]
    if container.kind == "modelVersion":
        problems.append("which model it belongs to is not written in its folder: it has one of its own here")
    report.problems = problems
