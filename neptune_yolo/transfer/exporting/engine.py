"""Exports runs: which ones, several at a time, each checked once it is written."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from threading import Event
from typing import Protocol

from neptune_yolo.exceptions import NeptuneYoloError
from neptune_yolo.read.api import ReadApi
from neptune_yolo.read.exceptions import ServerNotAnsweringError, ThingNotFoundError
from neptune_yolo.read.forms import RunHead
from neptune_yolo.read.searches import Column, Kind, RunSearch
from neptune_yolo.transfer.exceptions import TransferError
from neptune_yolo.transfer.exporting.again import Again
from neptune_yolo.transfer.exporting.source_run import SourceRun, Tell
from neptune_yolo.transfer.in_order import in_order
from neptune_yolo.transfer.progress import Progress
from neptune_yolo.transfer.report import Outcome, RunReport, TransferReport

_WAITING = 4
"""Runs that are looked up before they are exported, for each worker."""


class Format(Protocol):
    """Writes runs in one form. Its methods may be called by as many threads as it allows."""

    @property
    def max_workers(self) -> int:
        """How many runs may be written at a time."""

    def find(self, head: RunHead) -> str | None:
        """Return what an earlier export calls a run that it finished, maybe an empty text; None if there is none."""

    def write(self, run: SourceRun, report: RunReport) -> None:
        """Write a run, check it, and tell in the report what became of it.

        Raises:
            NeptuneYoloError: If it cannot be read or written.
            OSError: If it cannot be written.
        """

    def finish(self) -> None:
        """End the export of all runs."""

    def close(self) -> None:
        """Let everything go, also after an error."""


@dataclass(frozen=True)
class Choice:
    """What is to be exported.

    Attributes:
        project: ``workspace/name``.
        nql: Query in Neptune's query language; nothing for all runs.
        names: Identifiers, or patterns of them such as ``YOL-1*``; none stands for all.
        kinds: Runs, models, versions.
        trashed: Whether also those in the trash.
        with_files: Whether also the bytes of files.
    """

    project: str
    nql: str = ""
    names: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ("run",)
    trashed: bool = False
    with_files: bool = True

    def search(self, kind: Kind) -> RunSearch:
        """Return the search for what is chosen, oldest first."""
        return RunSearch(
            nql=self.nql,
            kind=kind,
            trashed=None if self.trashed else False,
            sort=Column("sys/creation_time"),
            descending=False,
        )


class RunExport:
    """An export from one server."""

    def __init__(
        self, api: ReadApi, target: Format, choice: Choice, progress: Progress, folder: Path | None = None
    ) -> None:
        """Prepare to export.

        Args:
            api: An open connection.
            target: Where runs go.
            choice: Which ones.
            progress: Is told how far it is.
            folder: Where the export remembers runs that are not as they should be; None forgets them.
        """
        self._api = api
        self._again = Again(folder)
        self._target = target
        self._choice = choice
        self._progress = progress
        self._gone = Event()
        self._stopped = Event()

    def run(self, workers: int) -> TransferReport:
        """Export all, and return what became of each.

        Args:
            workers: Runs at a time, if the format allows it.

        Raises:
            ReadError: If the server does not say which runs there are.
        """
        count = self._count()
        self._progress.begin(count, count)
        report = TransferReport()
        workers = min(workers, self._target.max_workers)
        try:
            with ThreadPoolExecutor(max_workers=workers) as pool:
                try:
                    report.runs.extend(in_order(pool, self._one, self._chosen(), _WAITING * workers))
                finally:
                    self._stopped.set()  # after Ctrl+C nobody wants to wait for a long run
            self._finish(report)
        finally:
            self._target.close()
        return report

    def _finish(self, report: TransferReport) -> None:
        try:
            self._target.finish()
        except (NeptuneYoloError, OSError) as error:
            report.runs.append(RunReport(self._choice.project, Outcome.FAILED, error=str(error)))

    def _count(self) -> int:
        if self._choice.names:
            return len(self._choice.names)
        pages = (self._api.search_page(self._choice.project, self._search(kind), 0, 1) for kind in self._choice.kinds)
        return sum(page.total for page in pages)

    def _search(self, kind: Kind) -> RunSearch:
        return self._choice.search(kind)

    def _chosen(self) -> Iterator[RunHead | str]:
        """Yield the runs that are to be exported, or the names of those that are not there."""
        patterns = [name for name in self._choice.names if any(sign in name for sign in "*?[")]
        for name in self._choice.names:
            if name not in patterns:
                yield self._named(name)
        if self._choice.names and not patterns:
            return
        unused = set(patterns)
        for kind in self._choice.kinds:
            for row in self._api.search_runs(self._choice.project, self._search(kind)):
                sys_id = row.run.sys_id
                fitting = {pattern for pattern in patterns if fnmatchcase(sys_id, pattern)}
                unused -= fitting
                if not patterns or (fitting and sys_id not in self._choice.names):
                    yield row.run
        yield from sorted(unused)

    def _named(self, name: str) -> RunHead | str:
        try:
            return self._api.run(self._choice.project, name)
        except ThingNotFoundError:
            return name

    def _one(self, head: RunHead | str) -> RunReport:
        if isinstance(head, str):
            missing = f"Expected a run {head} in {self._choice.project}, found none. Correct the name."
            return RunReport(f"{self._choice.project}/{head}", Outcome.FAILED, error=missing)
        report = RunReport(f"{head.project_name}/{head.sys_id}", Outcome.NEW)
        try:
            self._export(head, report)
        except ServerNotAnsweringError as error:
            self._gone.set()  # it would take minutes for each of the others to find out
            report.outcome, report.error = Outcome.FAILED, str(error)
        except (NeptuneYoloError, OSError) as error:
            report.outcome, report.error = Outcome.FAILED, str(error)
        self._progress.advance(1, 0)
        self._progress.done(report.source)
        return report

    def _export(self, head: RunHead, report: RunReport) -> None:
        if self._gone.is_set():
            report.outcome, report.error = Outcome.FAILED, "It was not tried: the server does not answer."
            return
        there = self._target.find(head)
        if there is not None and report.source not in self._again:
            report.outcome, report.run = Outcome.UNCHANGED, there or None
            return
        if head.type == "run" and head.state == "running":
            report.problems.append("it may still be running: what it logs from now on is not in the export")
        source = SourceRun(
            self._api,
            head,
            with_files=self._choice.with_files,
            on_points=self._tell(lambda points: self._progress.advance(0, points)),
            on_bytes=self._tell(self._progress.sent),
        )
        self._target.write(source, report)
        report.differences += source.shortfalls()
        self._again.note(report.source, is_good=report.is_good)

    def _tell(self, tell: Tell) -> Tell:
        """Return what tells of progress, and ends a run of an export that was stopped."""

        def told(count: int) -> None:
            if self._stopped.is_set():
                raise TransferError("The export was stopped.")
            tell(count)

        return told
