"""Imports an export: run by run, several at a time, each checked once it is there."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import groupby
from threading import Event, Lock
from typing import TYPE_CHECKING

from neptune_yolo.exceptions import NeptuneYoloError
from neptune_yolo.read.api import ReadApi
from neptune_yolo.read.exceptions import ServerNotAnsweringError, ThingNotFoundError
from neptune_yolo.read.forms import Project
from neptune_yolo.transfer.exceptions import NameTakenError, SourceUnreadableError, TransferError
from neptune_yolo.transfer.in_order import in_order
from neptune_yolo.transfer.neptune_export.finding import FoundExport, FoundRun
from neptune_yolo.transfer.neptune_export.layout import ExportedKind, sanitized
from neptune_yolo.transfer.neptune_export.notes import Notes
from neptune_yolo.transfer.neptune_export.owners import has_owner, name_owner
from neptune_yolo.transfer.neptune_export.past import (
    NOT_KEPT_PATH,
    ORIGINAL_PROJECT_PATH,
    ORIGINAL_RUN_PATH,
    Identity,
    System,
    facts_differences,
    facts_of,
    identity_of,
    kept_beside,
    system_of,
)
from neptune_yolo.transfer.neptune_export.reading import ExportedRun, open_run, read_rows, read_system
from neptune_yolo.transfer.neptune_export.run_import import RunImport
from neptune_yolo.transfer.progress import Progress
from neptune_yolo.transfer.report import Outcome, RunReport, TransferReport
from neptune_yolo.transfer.verification import differences
from neptune_yolo.transfer.writing import Destination, PastFacts, RunWriter, Source
from neptune_yolo.transfer.writing.destination import Kind
from neptune_yolo.transfer.writing.run_writer import without_owner

if TYPE_CHECKING:
    from neptune_yolo.transfer.neptune_export.holes import Holes

WORKERS = 3
"""Runs at a time: while one waits for the server, another one reads."""

_KINDS: dict[ExportedKind, Kind] = {
    ExportedKind.RUN: "run",
    ExportedKind.MODEL: "model",
    ExportedKind.MODEL_VERSION: "modelVersion",
}
_INCOMPLETE = "incomplete: "
_HASH_LENGTH = len(sanitized(""))


@dataclass(frozen=True)
class Choice:
    """What is to be imported, and how.

    Attributes:
        project: Where all goes, ``workspace/name``; None keeps the names that projects had.
        names: IDs of runs, models and versions, or patterns of them such as ``SAN-1*``; none stands for all.
        unfinished: Whether also those whose export was not finished.
        new_ids: Whether those whose ID is taken get another one.
        check: Whether those that were imported before are compared again.
    """

    project: str | None = None
    names: tuple[str, ...] = ()
    unfinished: bool = False
    new_ids: bool = False
    check: bool = False

    def takes(self, run: FoundRun) -> bool:
        """Return whether a run is to be imported."""
        return not self.names or any(_fits(run, name) for name in self.names)

    def unused(self, runs: Sequence[FoundRun]) -> list[str]:
        """Return the names that fit none of the runs."""
        return [name for name in self.names if not any(_fits(run, name) for run in runs)]


class ExportImport:
    """An import into one server."""

    def __init__(self, destination: Destination | None, choice: Choice, progress: Progress) -> None:
        """Prepare to import.

        Args:
            destination: The server; None only looks at what there is.
            choice: What, and how.
            progress: Is told how far it is.
        """
        self._destination = destination
        self._choice = choice
        self._progress = progress
        self._lock = Lock()
        self._turns = Lock()
        self._seen: set[tuple[ExportedKind, str]] = set()
        self._projects: dict[str, Project] = {}
        self._models: dict[str, str] = {}
        self._holes: Holes = {}
        self._gone = Event()

    def run(self, found: FoundExport, workers: int = WORKERS) -> TransferReport:
        """Import all, models before their versions, and return what became of each.

        Args:
            found: What the export has.
            workers: Runs at a time.
        """
        self._holes = found.holes
        chosen = [run for run in found.runs if self._choice.takes(run)]
        self._progress.begin(len(chosen), sum(run.size_bytes for run in chosen))
        report = TransferReport(skipped=list(found.strange), is_plan=self._destination is None)
        with ThreadPoolExecutor(max_workers=workers) as pool:
            try:
                for _, of_kind in groupby(chosen, key=lambda run: run.kind):
                    report.runs.extend(in_order(pool, self._one, of_kind, 4 * workers))
            except BaseException:  # also that of Ctrl+C: those that are under way end soon
                self._gone.set()
                raise
        for name in self._choice.unused(chosen):
            missing = f"Expected a run {name} in the export, found none. Correct the name."
            report.runs.append(RunReport(name, Outcome.FAILED, error=missing))
        return report

    def _one(self, found: FoundRun) -> RunReport:
        report = RunReport(f"{found.folder}/{found.name}", Outcome.SKIPPED)
        try:
            self._import(found, report)
        except ServerNotAnsweringError as error:
            self._gone.set()  # it would take minutes for each of the others to find out
            report.outcome, report.error = Outcome.FAILED, str(error)
        except NameTakenError as error:
            report.outcome = Outcome.FAILED
            report.error = f"{error} (--new-ids lets it have another one; the original stays at {ORIGINAL_RUN_PATH})"
        except (NeptuneYoloError, OSError) as error:
            report.outcome, report.error = Outcome.FAILED, str(error)
        self._progress.done(report.source)
        return report

    def _import(self, found: FoundRun, report: RunReport) -> None:
        if found.problem and not self._choice.unfinished:
            report.problems.append(f"its export was not finished: {found.problem} (--unfinished imports what is there)")
            return
        if self._gone.is_set():
            report.problems.append("it was not tried: the server does not answer")
            report.outcome = Outcome.FAILED
            return
        run = open_run(found)
        report.source = run.name
        self._require_new(run)
        if found.problem:
            report.problems.append(f"its export was not finished: {found.problem}")
        report.problems += self._holes.get(run.name, [])
        if self._destination is None:
            report.outcome, report.details = Outcome.NEW, {"rows": run.row_count, "bytes": found.size_bytes}
            return
        system = system_of(read_system(run))
        identity = identity_of(found.kind, run.run_id, system)
        writer = self._open(self._destination, run, identity)
        report.run = writer.sys_id
        self._write(run, writer, system, report)

    def _require_new(self, run: ExportedRun) -> None:
        with self._lock:
            if (run.found.kind, run.name) in self._seen:
                raise SourceUnreadableError(
                    f"Expected each run once in an export, got {run.name} again in {run.found.parts[0].parent}. Remove "
                    "one of the copies."
                )
            self._seen.add((run.found.kind, run.name))

    def _open(self, destination: Destination, run: ExportedRun, identity: Identity) -> RunWriter:
        stem = (identity.sys_id or "").split("-")[0]
        project = self._project(destination, self._choice.project or run.project, stem or None)
        kind = run.found.kind
        place = run.project if kind is ExportedKind.RUN else f"{run.project}/{kind}"
        model = identity.model and self._models.get(f"{run.project}/{identity.model}", identity.model)
        source = Source(
            words=f"neptune-export:{place}/{run.run_id}",
            kind=_KINDS[kind],
            sys_id=identity.sys_id,
            new_id=self._choice.new_ids,
            custom_run_id=identity.custom_run_id,
            model=model,
        )
        try:
            writer = destination.open(project, source)
        except NameTakenError:
            if not self._choice.new_ids or source.custom_run_id is None:
                raise
            writer = destination.open(project, replace(source, custom_run_id=None))
        if kind is ExportedKind.MODEL:
            with self._lock:
                self._models[run.name] = writer.sys_id
        return writer

    def _project(self, destination: Destination, name: str, key: str | None) -> Project:
        with self._lock:
            if name not in self._projects:
                self._projects[name] = destination.project(name, key)
            return self._projects[name]

    def _write(self, run: ExportedRun, writer: RunWriter, system: System, report: RunReport) -> None:
        fingerprint = f"{run.fingerprint}{'' if run.found.files is None else '+files'}"
        is_there = writer.finished_ms is not None and writer.fingerprint == fingerprint
        report.outcome = Outcome.UNCHANGED if is_there else Outcome.NEW if writer.is_new else Outcome.CONTINUED
        if is_there and not self._choice.check:
            self._leave(writer, facts_of(system, 0), report)
            self._progress.advance(run.found.size_bytes, 0)
            return
        if is_there:
            writer.silence()
        notes = Notes()
        writer.on_refused = lambda sentence: notes.add("the server", sentence)
        facts = facts_of(system, int(run.found.parts[0].stat().st_mtime * 1000))
        importer = RunImport(run, writer, notes, facts.created_ms, self._progress.sent, self._turns)
        self._write_rows(run, importer, kept_beside(system, writer, facts))
        report.problems += notes.lines()
        if report.problems:
            importer.note(NOT_KEPT_PATH, "\n".join(report.problems))
        else:
            importer.forget(NOT_KEPT_PATH)
        writer.flush()
        _count(report, importer)
        name = writer.project.full_name, writer.sys_id
        report.differences = notes.lost + list(differences(self._api, *name, importer.expected))
        if not is_there:
            wanted = f"{_INCOMPLETE if report.differences else ''}{fingerprint}"  # what lacks something is tried again
            writer.finish(wanted, facts)
        if not has_owner(writer.head, facts):
            report.problems.append(_owner_note(facts))
            facts = without_owner(facts)
        report.differences += facts_differences(writer.head, facts)

    def _leave(self, writer: RunWriter, facts: PastFacts, report: RunReport) -> None:
        """Leave what was imported before as it is, but for an owner whom only an owner of the project may name."""
        known = set(report.problems)
        report.problems += [note for note in _earlier_notes(self._api, writer) if note not in known]
        if writer.head.trashed and not facts.trashed:
            report.problems.append("it lies in the trash here: restore it, or delete it to import it anew")
        if has_owner(writer.head, facts):
            return
        if name_owner(self._api, writer, facts):
            report.outcome = Outcome.CONTINUED
        else:
            report.problems.append(_owner_note(facts))

    def _write_rows(self, run: ExportedRun, importer: RunImport, beside: Mapping[str, str]) -> None:
        importer.note(ORIGINAL_RUN_PATH, run.run_id)
        importer.note(ORIGINAL_PROJECT_PATH, run.project)
        for path, text in beside.items():
            importer.note(path, text)
        share = run.found.size_bytes / max(1, run.row_count)
        for count, pieces in read_rows(run):
            for rows in pieces:
                importer.write(rows)
            self._progress.advance(count * share, count)
            if self._gone.is_set():
                raise TransferError("Expected to go on, but the import was ended. Import again to go on.")
        importer.finish()

    @property
    def _api(self) -> ReadApi:
        if self._destination is None:
            raise TransferError("Expected a server to import into, got none.")
        return self._destination.api


def _fits(run: FoundRun, name: str) -> bool:
    is_pattern = any(sign in name for sign in "*?[")
    return sanitized(name) == run.name or (is_pattern and fnmatchcase(run.name[:-_HASH_LENGTH], name))


def _owner_note(facts: PastFacts) -> str:
    return (
        f"its owner {facts.owner!r} was not kept: only owners of the project may name one, and an import by one of "
        "them makes up for it"
    )


def _earlier_notes(api: ReadApi, writer: RunWriter) -> list[str]:
    """Return what had to be said when a run was imported."""
    try:
        found = api.attribute(writer.project.full_name, writer.sys_id, NOT_KEPT_PATH)
    except ThingNotFoundError:
        return []
    return str(found.value).splitlines()


def _count(report: RunReport, importer: RunImport) -> None:
    expected = importer.expected
    report.attributes = expected.attribute_count
    report.points = expected.point_count
    report.files = expected.file_count
    report.file_bytes = expected.file_bytes
