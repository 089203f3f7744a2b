"""A trial in a process of its own: python -m neptune_yolo.tuning.trial_process <file for the report>.

The job comes through standard input, so that no secret of it touches the disk. When standard input ends, because the
search asks for it or is gone, the trial is interrupted as Ctrl+C would do it, and closes its run.
"""

import _thread
import os
import pickle
import signal
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from neptune_yolo.tracking.status import Outcome, TrainingState
from neptune_yolo.tuning.results import TrialReport

_LENGTH_BYTES = 8
_EXIT_CODES = {TrainingState.COMPLETED: 0, TrainingState.FAILED: 1, TrainingState.INTERRUPTED: 128 + 2}


def packed(job: bytes, search_path: list[str]) -> bytes:
    """Return what `main` reads: the folders to import from, which the job may need, and the job.

    Args:
        job: The pickled job.
        search_path: ``sys.path`` of the search.
    """
    parts = (pickle.dumps(search_path), job)
    return b"".join(len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in parts)


def main() -> int:
    """Train the trial, write its report, and return the exit code."""
    stream = sys.stdin.buffer
    sys.path[:] = pickle.loads(_read_part(stream))  # noqa: S301 - it comes from the search, which started this process
    job = pickle.loads(_read_part(stream))  # noqa: S301 - as above
    threading.Thread(target=_interrupt_at_end, name="neptune-yolo-search", daemon=True).start()
    from neptune_yolo.tuning.trial import run_ids, train_trial, write_report

    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts a program with & has it ignored
    file = Path(sys.argv[1])
    try:
        report = train_trial(job)
    except (KeyboardInterrupt, SystemExit) as error:
        outcome = Outcome.of(error)
        report = TrialReport(state=outcome.state, reason=outcome.reason, runs=run_ids(job.folder))
    write_report(file, report)
    return _EXIT_CODES[report.state]


def _read_part(stream: BinaryIO) -> bytes:
    return stream.read(int.from_bytes(stream.read(_LENGTH_BYTES), "big"))


def _interrupt_at_end() -> None:
    """Wait for the end of standard input; then interrupt this process and those that it has started."""
    os.read(sys.stdin.fileno(), 1)  # not through the stream, whose lock would be held as the interpreter ends
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGINT)  # as a terminal does: the workers of several GPUs end as well
    else:
        _thread.interrupt_main()


if __name__ == "__main__":
    sys.exit(main())
