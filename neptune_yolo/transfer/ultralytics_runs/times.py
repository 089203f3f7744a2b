"""When a training took place, as far as its folder tells."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from neptune_yolo.transfer.ultralytics_runs.folders import OwnFiles
from neptune_yolo.transfer.ultralytics_runs.table import EpochTable

_EVENTS = re.compile(r"events\.out\.tfevents\.(\d{9,11})\.(.+?)\.\d+\.\d+")
_EARLIEST = 1_420_070_400  # 2015-01-01: no YOLO of Ultralytics is older
_SET_UP_SECONDS = 1800.0  # from args.yaml to the first epoch: models and data sets are loaded


@dataclass(frozen=True)
class TrainingTimes:
    """When a training took place.

    Args:
        started: When it began, in UTC.
        ended: When its last epoch was written, in UTC.
        source: Where that is known from, in words.
        host: Name of the machine; empty if it is not known.
    """

    started: datetime
    ended: datetime
    source: str
    host: str = ""

    def of(self, seconds: float | None, share: float) -> datetime:
        """Return when an epoch ended.

        Args:
            seconds: Seconds from the beginning of the training; None if its table has no times.
            share: Part of the epochs that were done by then, from 0 to 1, in place of the seconds.
        """
        start, end = self.started.timestamp(), self.ended.timestamp()
        return datetime.fromtimestamp(start + ((end - start) * share if seconds is None else seconds), UTC)


def training_times(files: OwnFiles, table: EpochTable, now: datetime) -> TrainingTimes:
    """Return when a training took place.

    TensorBoard's event files have beginning and host in their names, which no copy changes. Otherwise the time at which
    results.csv was last written, less the seconds that it tells; or the times of the arguments' file.

    Args:
        files: Files of the training's folder.
        table: Its table of epochs.
        now: The present moment; no training ends later.
    """
    seconds = table.seconds or 0.0
    event = _event(files)
    if event is not None:
        started, host = event
        if table.seconds is None:
            written = _modified(files, ("results.csv", "results.txt")) or started
            return _times(started, max(written, started), "the name of TensorBoard's event file", now, host)
        return _times(started, started + seconds, "the name of TensorBoard's event file", now, host)
    arguments = _modified(files, ("args.yaml", "opt.yaml"))
    results = _modified(files, ("results.csv", "results.txt"))
    if results is None:
        at = arguments if arguments is not None else now.timestamp()
        return _times(at, at, "the time of the arguments' file", now)
    begin = results - seconds
    if (
        arguments is not None
        and _EARLIEST < arguments <= begin
        and (table.seconds is None or begin - arguments < _SET_UP_SECONDS)
    ):
        begin = arguments if table.seconds is None else begin
    return _times(begin, results, "the time of results.csv and the seconds in it", now)


def _times(started: float, ended: float, source: str, now: datetime, host: str = "") -> TrainingTimes:
    latest = now.timestamp()
    end = min(max(ended, _EARLIEST), latest)
    begin = min(max(started, _EARLIEST), end)
    return TrainingTimes(datetime.fromtimestamp(begin, UTC), datetime.fromtimestamp(end, UTC), source, host)


def _event(files: OwnFiles) -> tuple[float, str] | None:
    found = [match for name in files.files if (match := _EVENTS.fullmatch(name))]
    first = min(found, key=lambda match: int(match[1]), default=None)
    return None if first is None else (float(first[1]), first[2])


def _modified(files: OwnFiles, names: tuple[str, ...]) -> float | None:
    file = files.first(names)
    try:
        return None if file is None else file.stat().st_mtime
    except OSError:
        return None
