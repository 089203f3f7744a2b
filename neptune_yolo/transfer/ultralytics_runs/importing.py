"""Imports folders that Ultralytics has left: each becomes a run, or goes on with the one that it became before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from neptune_yolo.exceptions import NeptuneYoloError
from neptune_yolo.read.exceptions import ThingNotFoundError
from neptune_yolo.read.forms import AttributeView, RunHead
from neptune_yolo.read.searches import RunSearch
from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.resume import RunNote, read_note
from neptune_yolo.transfer.exceptions import SourceUnreadableError
from neptune_yolo.transfer.report import Outcome, RunReport, TransferReport
from neptune_yolo.transfer.ultralytics_runs.checking import differences
from neptune_yolo.transfer.ultralytics_runs.fitting import fit, shown
from neptune_yolo.transfer.ultralytics_runs.folders import FolderKind, FoundFolder, find_folders
from neptune_yolo.transfer.ultralytics_runs.reading import read_training
from neptune_yolo.transfer.ultralytics_runs.recorded import PROBLEMS_PATH, RecordedRun
from neptune_yolo.transfer.ultralytics_runs.searches import read_search
from neptune_yolo.transfer.ultralytics_runs.writing import facts_of, write_run
from neptune_yolo.transfer.writing import Destination, RunWriter, Source

Progress = Callable[[int, int, str], None]
"""Is told how many folders are done, of how many, and which one comes now."""

_LONGEST_TEXT = 10_000


def read_folder(found: FoundFolder, now: datetime | None = None) -> RecordedRun:
    """Return the run that a folder becomes.

    Args:
        found: The folder.
        now: The present moment; None for that of the clock.

    Raises:
        OSError: If the folder cannot be read.
    """
    moment = now or datetime.now(UTC)
    run = read_search(found, moment) if found.kind is FolderKind.SEARCH else read_training(found, moment)
    run.name, run.source = shown(run.name), shown(run.source, _LONGEST_TEXT)
    fit(run)
    if run.problems:
        run.values[PROBLEMS_PATH] = shown("\n".join(run.problems), _LONGEST_TEXT)
    return run


@dataclass
class RunsImport:
    """One import of everything below a folder.

    Attributes:
        destination: Where it goes; None only tells what would be imported.
        project: ``workspace/name``; it is made if there is none.
        progress: Is told how it goes.
    """

    destination: Destination | None
    project: str
    progress: Progress
    _seen: dict[str, tuple[str, int]] = field(default_factory=dict)

    def run(self, root: Path) -> TransferReport:
        """Import, and return what has become of each folder.

        Args:
            root: Absolute path of the folder.

        Raises:
            SourceUnreadableError: If there is nothing below it.
        """
        found = find_folders(root)
        if not found.folders and not found.skipped:
            raise SourceUnreadableError(
                f"Expected trainings of Ultralytics below {root}, found no folder with args.yaml or results.csv. Name "
                "another folder."
            )
        skipped = [shown(f"{skip.name}: {skip.reason}", 500) for skip in found.skipped]
        report = TransferReport(skipped=skipped, is_plan=self.destination is None)
        for index, folder in enumerate(found.folders):
            self.progress(index, len(found.folders), shown(folder.name))
            report.runs.append(self._import_one(folder))
        self.progress(len(found.folders), len(found.folders), "")
        return report

    def _import_one(self, found: FoundFolder) -> RunReport:
        try:
            run = read_folder(found)
            epochs = run.values.get(paths.EPOCHS_COMPLETED)
            length = epochs if isinstance(epochs, int) else 0
            if run.key in self._seen and length <= self._seen[run.key][1]:
                reason = f"it is a copy of {self._seen[run.key][0]}: its name, arguments and first epoch are the same"
                return RunReport(run.source, Outcome.SKIPPED, problems=[reason])
            self._seen[run.key] = run.source, length  # a copy that has more epochs goes on with the run
            report = RunReport(run.source, Outcome.NEW, problems=run.problems)
            if self.destination is not None:
                self._write(report, run, self.destination)
            if report.outcome is not Outcome.SKIPPED:
                _count(report, run)
        except (OSError, NeptuneYoloError, ValueError) as error:
            return RunReport(shown(found.name), Outcome.FAILED, error=str(error) or type(error).__name__)
        return report

    def _write(self, report: RunReport, run: RecordedRun, destination: Destination) -> None:
        note = read_note(run.folder)
        logged = None if note is None else self._logged_run(note, destination)
        if logged is not None:
            _skip(report, logged, f"a training has logged it as {logged.project_name}/{logged.sys_id} already")
            return
        custom_run_id = note.custom_run_id if note is not None and note.custom_run_id else run.key
        known = _find(destination, self.project, custom_run_id)
        if known is not None and known.trashed:
            _skip(report, known, f"it was imported as {known.sys_id}, which lies in the trash: restore or delete that")
            return
        source = Source(words=run.key, custom_run_id=custom_run_id)
        writer = destination.open(destination.project(self.project), source)
        report.run = writer.sys_id
        held = {} if writer.is_new else writer.attributes()
        if known is not None and (reason := _further(run, held)):
            _skip(report, known, reason)
            return
        _keep_moments(run, held)
        if writer.finished_ms is not None and not list(differences(run, held)):
            report.outcome = Outcome.UNCHANGED
            return
        report.outcome = Outcome.NEW if writer.finished_ms is None else Outcome.CONTINUED
        write_run(writer, run, held)
        self._check(report, run, writer)

    def _check(self, report: RunReport, run: RecordedRun, writer: RunWriter) -> None:
        """Compare what has arrived, and note that this was all if it was."""
        writer.flush()
        report.differences = list(differences(run, writer.attributes()))
        report.problems = [*report.problems, *(f"the server: {sentence}" for sentence in writer.refused)]
        if not report.differences:
            writer.finish(run.fingerprint, facts_of(run))

    def _logged_run(self, note: RunNote, destination: Destination) -> RunHead | None:
        """Return the run that a note in the folder names, if this server has it and it was not imported."""
        project = note.project or self.project
        run = _find(destination, project, note.custom_run_id) if note.custom_run_id else None
        if run is None and note.run_id and note.server_url == destination.server_url:
            try:
                run = destination.api.run(project, note.run_id)
            except ThingNotFoundError:
                return None
        if run is None:
            return None
        held = destination.api.attributes(run.project_name, run.sys_id, prefix="import/source")
        return None if any(view.path == "import/source" for view in held) else run


def _further(run: RecordedRun, held: Mapping[str, AttributeView]) -> str:
    """Tell that the run has more epochs than the folder, as of an older copy of it; an empty text if it has not."""
    view, epochs = held.get(paths.EPOCHS_COMPLETED), run.values.get(paths.EPOCHS_COMPLETED)
    if view is None or not isinstance(view.value, int) or not isinstance(epochs, int) or view.value <= epochs:
        return ""
    return f"the run has {view.value} epochs, the folder {epochs}: it is an older copy, or its table was cut"


def _keep_moments(run: RecordedRun, held: Mapping[str, AttributeView]) -> None:
    """Let moments stay as they were imported first: a copy of a folder has the time of the copy on its files.

    Only the end of a training that has gone on since is a new one.
    """
    step = held.get(paths.EPOCHS_COMPLETED)
    has_gone_on = step is None or step.value != run.values.get(paths.EPOCHS_COMPLETED)
    for path, value in run.values.items():
        view = held.get(path)
        is_known = view is not None and isinstance(value, datetime) and isinstance(view.value, int)
        if view is not None and is_known and (path == paths.STARTED_AT or not has_gone_on):
            run.values[path] = datetime.fromtimestamp(view.value / 1000, UTC)
    own = run.started
    run.started, run.ended = _moment(run, paths.STARTED_AT, run.started), _moment(run, paths.ENDED_AT, run.ended)
    if run.started > run.ended:  # what was imported first was a copy, made after the original had ended
        run.started = own
        run.values[paths.STARTED_AT] = own


def _moment(run: RecordedRun, path: str, other: datetime) -> datetime:
    value = run.values.get(path)
    return value if isinstance(value, datetime) else other


def _find(destination: Destination, project: str, custom_run_id: str) -> RunHead | None:
    """Return the run of a custom run ID, also one that lies in the trash; None if there is none."""
    quoted = custom_run_id.replace("\\", "\\\\").replace('"', '\\"')
    search = RunSearch(nql=f'(`sys/custom_run_id`:string = "{quoted}")', trashed=None)
    try:
        rows = destination.api.search_page(project, search, limit=1).rows
    except ThingNotFoundError:  # no such project yet
        return None
    return rows[0].run if rows else None


def _skip(report: RunReport, run: RunHead, reason: str) -> None:
    report.outcome, report.run, report.problems = Outcome.SKIPPED, run.sys_id, [reason]


def _count(report: RunReport, run: RecordedRun) -> None:
    report.attributes = len(list(run.paths()))
    report.points = run.points
    report.files = len(run.files) + len(run.texts)
    report.file_bytes = run.file_bytes
