"""What logging costs: bare Ultralytics, neptune_yolo, TensorBoard, MLflow and W&B offline, in turn, yolo11n on the CPU.

    pip install -e ".[demo]" tensorboard mlflow wandb
    python tests/benchmarks/trackers.py --rounds 5 --epochs 6

Each training has a process of its own; each round trains with every tracker, beginning with another one. Prints medians
over the rounds of

* start: seconds from the call of ``train`` to the first epoch,
* epoch: the median epoch, and its ratio to the bare training's of the same round,
* end: seconds from the end of the last epoch until ``train`` returns, with everything uploaded,
* cpu: processor seconds of all threads of the process,

then the seconds that are spent inside our overrides themselves, measured directly in the same trainings, and what a
checkpoint in every epoch costs the loop, beside one copy of the file.
"""

import argparse
import importlib.util
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stopwatch import Stopwatch, timed_trainer  # type: ignore[import-not-found] # it stands beside this script

BARE, OURS, CHECKPOINTS = "bare", "neptune_yolo", "checkpoints"
TRACKERS = {"tensorboard": "**/events.out.tfevents*", "mlflow": "mlflow.db", "wandb": "**/offline-run-*"}
"""Ultralytics' name of a tracker, and what it leaves behind in the working directory."""

PHASES = ("start", "epoch", "end", "total", "cpu")
Values = dict[str, Any]


def train_once(kind: str, data: str, options: argparse.Namespace) -> Values:
    """Train in this process and return the seconds of each phase."""
    from ultralytics import YOLO, settings

    settings.update({name: name == kind for name in TRACKERS})
    watch = Stopwatch()
    marks: list[tuple[float, float, float]] = []
    copies: list[tuple[float, int]] = []

    def mark(_trainer: Any) -> None:
        marks.append((time.perf_counter(), watch.seconds, watch.by_method.get("save_model", 0.0)))

    model = YOLO("yolo11n.yaml")
    model.add_callback("on_train_epoch_start", mark)
    if kind == CHECKPOINTS:
        model.add_callback("on_model_save", lambda trainer: copies.append(copy_once(trainer.last)))
    begin, cpu_begin = time.perf_counter(), time.process_time()
    model.train(trainer=trainer_of(kind, watch), **arguments_of(kind, data, options))
    mark(None)
    values = phases([moment for moment, _, _ in marks], begin)
    values["cpu"] = time.process_time() - cpu_begin
    values["inside"] = phases([inside for _, inside, _ in marks], 0.0)
    values["save_model"] = statistics.median(b - a for a, b in itertools.pairwise([saving for _, _, saving in marks]))
    values["threads"] = watch.thread_seconds
    values["methods"] = watch.by_method
    values["copies"] = copies
    return values


def phases(marks: list[float], begin: float) -> Values:
    """Return start, median epoch, end and total from the starts of the epochs and the end of the training."""
    *starts, end = marks
    epoch = statistics.median(after - before for before, after in itertools.pairwise(starts))
    return {"start": starts[0] - begin, "epoch": epoch, "end": end - starts[-1] - epoch, "total": end - begin}


def copy_once(file: Path) -> tuple[float, int]:
    """Return the seconds of one copy of a file on the same disk, and its size in bytes."""
    target = file.with_suffix(".copy")
    begin = time.perf_counter()
    shutil.copyfile(file, target)
    seconds = time.perf_counter() - begin
    target.unlink()
    return seconds, file.stat().st_size


def trainer_of(kind: str, watch: Stopwatch) -> Any:
    """Return the trainer class: ours under the watch, or Ultralytics' own."""
    from ultralytics.models.yolo.detect import DetectionTrainer

    if kind not in (OURS, CHECKPOINTS):
        return DetectionTrainer
    from neptune_yolo import CheckpointPolicy
    from neptune_yolo.trainers.mixin import NeptuneTrainerMixin

    trainer: Any = timed_trainer(NeptuneTrainerMixin, DetectionTrainer, watch)
    return trainer if kind == OURS else trainer.with_settings(checkpoints=CheckpointPolicy(every=1, keep=2))


def arguments_of(kind: str, data: str, options: argparse.Namespace) -> Values:
    """Return Ultralytics' arguments, equal for all but the name."""
    return {
        "data": data,
        "epochs": options.epochs,
        "imgsz": options.size,
        "batch": 16,
        "nbs": 16,
        "device": "cpu",
        "optimizer": "AdamW",
        "project": str(Path.cwd() / "runs"),
        "name": kind,
        "exist_ok": True,
        "seed": 0,
    }


def measure(kind: str, data: Path, options: argparse.Namespace) -> Values:
    """Train in a process and a working directory of its own, and return what it measured."""
    with tempfile.TemporaryDirectory(prefix=f"{kind}-") as name:
        folder = Path(name)
        quiet = {"WANDB_MODE": "offline", "WANDB_SILENT": "true", "MLFLOW_DISABLE_TELEMETRY": "true"}
        command = [sys.executable, __file__, "--one", kind, "--data", str(data)]
        command += ["--epochs", str(options.epochs), "--size", str(options.size)]
        done = subprocess.run(command, cwd=folder, env=os.environ | quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        if kind in TRACKERS and not list(folder.glob(TRACKERS[kind])):
            raise SystemExit(f"{kind} left no {TRACKERS[kind]}: it did not log.\n{done.stdout}{done.stderr}")
    values: Values = json.loads(done.stdout.strip().splitlines()[-1])
    print(f"{kind:<13}" + "".join(f"{phase} {values[phase]:7.2f} s   " for phase in PHASES), flush=True)
    return values


def compare(kinds: list[str], options: argparse.Namespace) -> dict[str, list[Values]]:
    """Train in rounds, with every kind in turn, and return what was measured."""
    from neptune_yolo.demo.digits import make_digits
    from neptune_yolo.demo.offline import offline_ultralytics
    from neptune_yolo.server.embedded import EmbeddedServer

    results: dict[str, list[Values]] = {kind: [] for kind in kinds}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["NEPTUNE_YOLO_HOME"] = str(folder / "home")
        data = make_digits(folder / "digits", train=options.images, val=max(8, options.images // 3), size=options.size)
        with offline_ultralytics(folder):
            for number in range(options.rounds):
                first = number % len(kinds)
                for kind in kinds[first:] + kinds[:first]:
                    results[kind].append(measure(kind, data, options))
        EmbeddedServer().stop()
    return results


def report(results: Mapping[str, list[Values]]) -> None:
    """Print the tables."""
    print(f"\n{'median':<14}{'start':>8}{'epoch':>9}{'/ bare':>9}{'end':>8}{'total':>9}{'/ bare':>9}{'cpu':>9}")
    for kind, rounds in results.items():
        start, epoch, end, total, cpu = (statistics.median(r[phase] for r in rounds) for phase in PHASES)
        per_epoch, in_all = ratio(results, kind, "epoch"), ratio(results, kind, "total")
        print(
            f"{kind:<14}{start:>7.2f}s{epoch:>8.3f}s{per_epoch:>9.3f}{end:>7.2f}s{total:>8.2f}s{in_all:>9.3f}{cpu:>8.1f}s"
        )
    for kind in (OURS, CHECKPOINTS):
        if kind in results:
            report_inside(kind, results[kind])


def ratio(results: Mapping[str, list[Values]], kind: str, phase: str) -> float:
    """Return the median, over the rounds, of a phase's seconds to those of the bare training."""
    pairs = zip(results[kind], results[BARE], strict=True)
    return statistics.median(values[phase] / bare[phase] for values, bare in pairs)


def report_inside(kind: str, rounds: list[Values]) -> None:
    """Print the time inside our overrides, and what a checkpoint costs."""
    start, epoch, end = (statistics.median(r["inside"][phase] for r in rounds) for phase in ("start", "epoch", "end"))
    share = statistics.median(r["inside"]["epoch"] / r["epoch"] for r in rounds)
    worst = max(r["inside"]["epoch"] / r["epoch"] for r in rounds)
    print(
        f"\ninside our overrides ({kind}): start {start:.3f} s, epoch {1000 * epoch:.1f} ms = {share:.2%} of it "
        f"(at most {worst:.2%} in a round), end {end:.3f} s; in drawing threads {rounds[-1]['threads']:.3f} s in all"
    )
    methods = sorted(rounds[-1]["methods"].items(), key=lambda item: -item[1])
    print("  last round, in all: " + ", ".join(f"{name} {seconds:.3f} s" for name, seconds in methods[:8]))
    copies = [copy for r in rounds for copy in r["copies"]]
    if copies:
        saving = statistics.median(r["save_model"] for r in rounds)
        copying = statistics.median(seconds for seconds, _ in copies)
        print(
            f"a checkpoint in every epoch: {1000 * saving:.1f} ms in save_model, one copy of its "
            f"{copies[0][1] / 1e6:.1f} MB takes {1000 * copying:.1f} ms"
        )


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--images", type=int, default=128, help="training images (default: 128)")
    parser.add_argument("--size", type=int, default=128, help="side of the images in pixels (default: 128)")
    parser.add_argument("--only", nargs="+", metavar="KIND", help="train bare and these only")
    parser.add_argument("--json", type=Path, help="file for everything that was measured")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--data", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(train_once(options.one, options.data, options)))
        return
    missing = [name for name in TRACKERS if importlib.util.find_spec(name) is None]
    if missing:
        print(f"not installed, so left out: {', '.join(missing)}")
    kinds = [OURS, *(name for name in TRACKERS if name not in missing), CHECKPOINTS]
    results = compare([BARE, *(kind for kind in kinds if not options.only or kind in options.only)], options)
    if options.json:
        options.json.write_text(json.dumps(results, indent=1), encoding="utf-8")
    report(results)


if __name__ == "__main__":
    main()
