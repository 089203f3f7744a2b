"""Trains a trial in a process of its own.

A search lasts for hours, and each trial may end badly: out of GPU or main memory (then the system kills the process),
with a broken CUDA context, or with memory that is never given back. In a process of its own it can harm nobody but
itself, as with Ultralytics' own tuner, for the price of some seconds to load torch. The same function trains the trial
in the search's process where that is asked for: in a debugger, or where a trainer cannot be pickled.
"""

import logging
import os
import pickle
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from neptune_yolo.exceptions import SettingsError
from neptune_yolo.tracking.status import TrainingState
from neptune_yolo.trainers.termination import patient_interrupts
from neptune_yolo.tuning.results import TrialReport
from neptune_yolo.tuning.trial import TrialJob, read_report, run_ids
from neptune_yolo.tuning.trial_process import packed

_LOGGER = logging.getLogger(__name__)
_MODULE = "neptune_yolo.tuning.trial_process"
_KILL_SECONDS = 10.0


def train_isolated(job: TrialJob, stop_seconds: float) -> TrialReport:
    """Train a trial in a process of its own, and report how it went.

    Args:
        job: The trial.
        stop_seconds: Seconds that the trial has to close its run after Ctrl+C; then it is killed.

    Raises:
        SettingsError: If the trainer or the callbacks cannot be handed to another process.
        KeyboardInterrupt: If Ctrl+C ends the trial.
        SystemExit: If SIGTERM ends it.
    """
    content = packed(pickled(job), sys.path)
    with tempfile.TemporaryDirectory(prefix="neptune-yolo-trial-") as folder:
        file = Path(folder) / "report.json"
        code = _run([sys.executable, "-m", _MODULE, str(file)], content, stop_seconds)
        return read_report(file) or _lost(job, code)


def pickled(job: TrialJob) -> bytes:
    """Return a trial in the form that travels: classes of a script or notebook travel by value.

    Raises:
        SettingsError: If something in it cannot be handed over, such as a live run that a callback holds.
    """
    import cloudpickle

    try:
        content: bytes = cloudpickle.dumps(job)
    except (TypeError, AttributeError, ValueError, pickle.PicklingError) as error:
        raise SettingsError(
            f"The trainer, its callbacks or its arguments cannot be handed to the process of a trial ({error}). Do not "
            f"keep live objects, such as an open run, in them; or train the trials in this process: isolated=False."
        ) from error
    return content


def _lost(job: TrialJob, code: int) -> TrialReport:
    """Return the report of a process that could not write one."""
    if code < 0:
        ended = f"its process was ended by signal {signal.Signals(-code).name}"
        hint = "; the system may have run out of memory" if code == -getattr(signal, "SIGKILL", 9) else ""
    else:
        ended, hint = f"its process ended with exit code {code}", ""
    return TrialReport(state=TrainingState.FAILED, reason=ended + hint, runs=run_ids(job.folder), is_lost=True)


def _run(command: list[str], content: bytes, stop_seconds: float) -> int:
    """Run a process that reads `content`, and return its exit code; it ends with us."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, **_own_group()) as process:  # noqa: S603 - it is ours
        try:
            stdin = cast("IO[bytes]", process.stdin)
            with _broken_pipes_ignored():
                stdin.write(content)
                stdin.flush()
            return process.wait()
        finally:
            if process.poll() is None:
                _end(process, stop_seconds)


def _own_group() -> dict[str, Any]:
    """Return the options by which Ctrl+C reaches the search only, which then ends the trial, once."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"process_group": 0}


@contextmanager
def _broken_pipes_ignored() -> Iterator[None]:
    """Let a process die before it has read everything: its exit code tells."""
    try:
        yield
    except OSError:
        _LOGGER.debug("the process of a trial has ended before it was told what to do", exc_info=True)


def _end(process: "subprocess.Popen[bytes]", stop_seconds: float) -> None:
    """Ask the trial to end, and wait until it has closed its run; kill it if it takes too long."""
    _LOGGER.warning("Waiting until the trial has closed its run, at most %g s.", stop_seconds)
    with _broken_pipes_ignored():
        cast("IO[bytes]", process.stdin).close()
    try:
        with patient_interrupts():
            process.wait(stop_seconds)
    except subprocess.TimeoutExpired:
        _LOGGER.warning("The trial does not end, and is killed; its run stays as it is.")
    finally:
        if process.poll() is None:
            _kill(process)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(_KILL_SECONDS)
