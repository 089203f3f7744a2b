"""Folders as Ultralytics leaves them, of several versions; their pictures and weights are small."""

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path

import yaml

NOW_SECONDS = 1_790_000_000.0
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
DETECTION = ("metrics/precision(B)", "metrics/recall(B)", "metrics/mAP50(B)", "metrics/mAP50-95(B)")
SEGMENTATION = (*DETECTION, *(name.replace("(B)", "(M)") for name in DETECTION))
CLASSIFICATION = ("metrics/accuracy_top1", "metrics/accuracy_top5")
LOSSES = ("box_loss", "cls_loss", "dfl_loss")


def make_training(
    folder: Path,
    *,
    epochs: int = 3,
    planned: int = 3,
    metrics: Sequence[str] = DETECTION,
    with_time: bool = True,
    first: int = 1,
    is_padded: bool = False,
    arguments: dict[str, object] | None = None,
) -> Path:
    """Write a folder as YOLOv8 and all later versions do."""
    folder.mkdir(parents=True, exist_ok=True)
    known = {"task": "detect", "mode": "train", "data": "coco8.yaml", "epochs": planned, "imgsz": 640, "val": True}
    known |= {"name": folder.name, "patience": 100, "project": None, "seed": 0, **(arguments or {})}
    (folder / "args.yaml").write_text(yaml.safe_dump(known), encoding="utf-8")
    columns = ["epoch", *(["time"] if with_time else []), *(f"train/{loss}" for loss in LOSSES), *metrics]
    columns += [*(f"val/{loss}" for loss in LOSSES), "lr/pg0", "lr/pg1"]
    rows = [_row(columns, index, first) for index in range(epochs)]
    lines = [columns, *([str(value) for value in row] for row in rows)]
    text = [[f"{value:>23}" for value in line] if is_padded else line for line in lines]
    (folder / "results.csv").write_text("".join(f"{','.join(line)}\n" for line in text), encoding="utf-8")
    make_weights(folder, "best", "last")
    for name in ("train_batch0.jpg", "val_batch0_pred.jpg", "val_batch0_labels.jpg", "labels.jpg", "results.png"):
        (folder / name).write_bytes(PNG + name.encode())
    set_times(folder)
    return folder


def _row(columns: Sequence[str], index: int, first: int) -> list[float]:
    row: list[float] = []
    for at, name in enumerate(columns):
        if name == "epoch":
            row.append(first + index)
        elif name == "time":
            row.append(10.5 * (index + 1))
        else:
            row.append(round((index + 1) / 10 + at / 1000, 6))
    return row


def make_yolov5(folder: Path, *, epochs: int = 3, as_text: bool = False) -> Path:
    """Write a folder as YOLOv5 does, with results.csv, or with the results.txt of its first versions."""
    folder.mkdir(parents=True, exist_ok=True)
    options = {"weights": "yolov5s.pt", "data": "data/coco128.yaml", "epochs": epochs, "batch_size": 16, "imgsz": 640}
    (folder / "opt.yaml").write_text(yaml.safe_dump({**options, "name": "exp", "resume": False}), encoding="utf-8")
    (folder / "hyp.yaml").write_text(yaml.safe_dump({"lr0": 0.01, "momentum": 0.937}), encoding="utf-8")
    if as_text:
        lines = [
            f"{f'{i}/{epochs - 1}':>10}{'2.1G':>10}" + "".join(f"{(i + 1) / 10 + at / 100:10.4g}" for at in range(13))
            for i in range(epochs)
        ]
        (folder / "results.txt").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    else:
        names = ["epoch", "train/box_loss", "train/obj_loss", "train/cls_loss", "metrics/precision", "metrics/recall"]
        names += ["metrics/mAP_0.5", "metrics/mAP_0.5:0.95", "val/box_loss", "val/obj_loss", "val/cls_loss", "x/lr0"]
        rows = [[str(i), *(f"{(i + 1) / 10 + at / 100:.5g}" for at in range(len(names) - 1))] for i in range(epochs)]
        text = "".join(",".join(f"{value:>20}" for value in line) + "\n" for line in [names, *rows])
        (folder / "results.csv").write_text(text, encoding="utf-8")
    make_weights(folder, "best", "last")
    for name in ("F1_curve.png", "PR_curve.png", "test_batch0_pred.jpg"):
        (folder / name).write_bytes(PNG + name.encode())
    set_times(folder)
    (folder / f"events.out.tfevents.{int(NOW_SECONDS) - 5000}.gpu-host.4711.0").write_bytes(b"")
    return folder


def make_weights(folder: Path, *names: str) -> None:
    """Write files that look like checkpoints from outside: zip archives, with something that must not be loaded."""
    (folder / "weights").mkdir(exist_ok=True)
    for name in names:
        with zipfile.ZipFile(folder / "weights" / f"{name}.pt", "w") as archive:
            archive.writestr(
                "archive/data.pkl", b"cos\nsystem\n(S'touch loaded'\ntR." + f"{folder}{name}".encode(errors="replace")
            )


def set_times(folder: Path, at: float = NOW_SECONDS) -> None:
    """Let all files be written at one moment."""
    for file in folder.rglob("*"):
        if file.is_file():
            os.utime(file, (at, at))
