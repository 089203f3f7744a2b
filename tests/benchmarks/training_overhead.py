"""Seconds that logging adds to a training: pairs of a bare and a logged training, in turn, each in its own process.

    python tests/benchmarks/training_overhead.py --pairs 5 --epochs 6

Prints, for each training, the seconds from the call of ``train`` to the first epoch (start), the median of an epoch,
the seconds from the last epoch to the return of ``train`` (end), all of it (total), and the processor seconds of all
threads of the process (cpu); then the medians of the differences within the pairs.
"""

import argparse
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

PHASES = ("start", "epoch", "end", "total", "cpu")


def train_once(kind: str, data: str, epochs: int, save_dir: str) -> dict[str, float]:
    """Train in this process and return the seconds of each phase."""
    from ultralytics import YOLO
    from ultralytics.models.yolo.detect import DetectionTrainer

    from neptune_yolo import NeptuneDetectionTrainer

    trainer = DetectionTrainer if kind == "bare" else NeptuneDetectionTrainer
    marks: list[float] = []

    def mark(_trainer: Any) -> None:
        marks.append(time.perf_counter())

    model = YOLO("yolo11n.yaml")
    model.add_callback("on_train_epoch_start", mark)
    begin, cpu_begin = time.perf_counter(), time.process_time()
    model.train(
        trainer=trainer,
        data=data,
        epochs=epochs,
        imgsz=128,
        batch=16,
        nbs=16,
        device="cpu",
        optimizer="AdamW",
        project=save_dir,
        name=kind,
        exist_ok=True,
        seed=0,
    )
    end = time.perf_counter()
    epoch = statistics.median(after - before for before, after in itertools.pairwise(marks))
    return {
        "start": marks[0] - begin,
        "epoch": epoch,
        "end": end - marks[-1] - epoch,
        "total": end - begin,
        "cpu": time.process_time() - cpu_begin,
    }


def measure(kind: str, data: Path, epochs: int, folder: Path) -> dict[str, float]:
    """Train in a process of its own."""
    command = [sys.executable, __file__, "--one", kind, "--data", str(data), "--epochs", str(epochs)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    values: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    print(f"{kind:<8}" + "".join(f"{phase} {values[phase]:7.2f} s   " for phase in PHASES), flush=True)
    return values


def compare(pairs: int, epochs: int) -> None:
    """Measure pairs in turn and print what the logged training adds."""
    from neptune_yolo.demo.digits import make_digits
    from neptune_yolo.demo.offline import offline_ultralytics
    from neptune_yolo.server.embedded import EmbeddedServer

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["NEPTUNE_YOLO_HOME"] = str(folder / "home")
        data = make_digits(folder / "digits", train=128, val=48)
        results: dict[str, list[dict[str, float]]] = {"bare": [], "neptune": []}
        with offline_ultralytics(folder):
            for number in range(pairs):
                order = ("bare", "neptune") if number % 2 == 0 else ("neptune", "bare")
                for kind in order:
                    results[kind].append(measure(kind, data, epochs, folder))
        EmbeddedServer().stop()
        report(results)


def report(results: dict[str, list[dict[str, float]]]) -> None:
    """Print medians, and the median of the differences within the pairs."""
    for phase in PHASES:
        bare = [values[phase] for values in results["bare"]]
        logged = [values[phase] for values in results["neptune"]]
        added = [b - a for a, b in zip(bare, logged, strict=True)]
        print(
            f"{phase:<6} bare {statistics.median(bare):6.2f} s  neptune {statistics.median(logged):6.2f} s  "
            f"added {statistics.median(added):+6.2f} s (from {min(added):+.2f} to {max(added):+.2f})"
        )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--one", choices=("bare", "neptune"), help=argparse.SUPPRESS)
    parser.add_argument("--data", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(train_once(options.one, options.data, options.epochs, str(Path.cwd() / "runs"))))
    else:
        compare(options.pairs, options.epochs)


if __name__ == "__main__":
    main()
