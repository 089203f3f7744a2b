"""A program that logs until it is told to end, as a training does. Started by tests.

Arguments: the custom ID of the run, and the name of the series. The file ``NAME.log`` says how far it has come.
"""

import sys
import time
from itertools import count
from pathlib import Path

import neptune

if __name__ == "__main__":
    run = neptune.init_run(
        custom_run_id=sys.argv[1],
        capture_hardware_metrics=False,
        capture_stdout=False,
        capture_stderr=False,
        capture_traceback=False,
        git_ref=False,
        source_files=[],
        flush_period=0.5,
    )
    for step in count():
        run[sys.argv[2]].append(float(step), step=step)
        Path(f"{sys.argv[2]}.log").write_text(str(step))
        time.sleep(0.02)
