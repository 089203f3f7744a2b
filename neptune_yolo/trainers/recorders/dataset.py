"""What a run says about the data set: name, classes, counts, version, YAML, and, on request, its files."""

import csv
import io
import json
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from neptune_yolo.policies import DatasetHash, DatasetPolicy
from neptune_yolo.tracking import attribute_paths as paths
from neptune_yolo.tracking.bounded import call_bounded
from neptune_yolo.tracking.dataset_hash import DatasetHashes, HashingStoppedError, common_folder, hash_dataset
from neptune_yolo.tracking.redaction import redact
from neptune_yolo.trainers.dataset_facts import (
    LoadedSplit,
    SplitFacts,
    class_names,
    description,
    loaded_splits,
    root_folder,
    split_facts,
    split_files,
)

if TYPE_CHECKING:
    from neptune_yolo.tracking.run_logger import RunLogger

_LOGGER = logging.getLogger(__name__)
_MOST_CLASSES = 200
"""With more classes the counts stand in the table only: a thousand attributes help nobody."""

_LONGEST_TEXT = 16_000  # characters; a text attribute holds 16,384
_PAUSE_SECONDS = 0.001
_FETCH_SECONDS = 10.0
_DOING = "describing the data set"


class DatasetRecorder:
    """Describes the data set of a training: what is known at once at once, the rest from a thread.

    Args:
        logger: Writes into the run.
        policy: What is recorded.
    """

    def __init__(self, logger: "RunLogger", policy: DatasetPolicy) -> None:
        self._logger = logger
        self._policy = policy
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self.hash: str | None = None
        """What tells the version of the data set, as soon as it is known."""

    def record(self, trainer: Any, first_epoch: int = 1) -> None:
        """Describe the data set; to be called once, after the set-up.

        Args:
            trainer: An Ultralytics trainer whose data sets are loaded.
            first_epoch: Step of the first epoch that will be trained on it: above 1 if the run is continued.
        """
        name, text = description(trainer)
        names = class_names(trainer)
        classes = json.dumps(names, ensure_ascii=False)
        values: dict[str, object] = {
            paths.DATASET_NAME: name,
            paths.DATASET_CLASS_COUNT: len(names),
            **({paths.DATASET_CLASSES: classes} if len(classes) <= _LONGEST_TEXT else {}),
            **{f"{paths.DATASET}/{key}": trainer.data[key] for key in ("fold", "folds") if key in trainer.data},
        }
        if folder := root_folder(trainer):
            values[paths.DATASET_PATH] = str(folder)
        self._logger.log_values(values, _DOING)
        if text is not None:
            self._logger.log_text_file(paths.DATASET_YAML, redact(text), "yaml")
        work = (loaded_splits(trainer), names, dict(trainer.data), str(trainer.args.task), first_epoch)
        self._thread = threading.Thread(target=self._work, args=work, name="neptune-yolo-dataset", daemon=True)
        self._thread.start()

    def close(self, timeout_seconds: float) -> None:
        """Wait until everything is recorded; then give up what is not.

        Args:
            timeout_seconds: Seconds to wait.
        """
        if self._thread is None:
            return
        self._thread.join(timeout_seconds)
        self._stopped.set()
        if self._thread.is_alive():
            _LOGGER.warning("The data set was not fully described within %g s; the rest is left out.", timeout_seconds)

    def _work(
        self, splits: Sequence[LoadedSplit], names: list[str], data: Mapping[str, Any], task: str, first_epoch: int
    ) -> None:
        with self._logger.ledger.guard("counting the data set"):
            self._count(splits, names)
        with self._logger.ledger.guard("listing the files of the data set"):
            files = {split.name: split_files(split, data, task) for split in splits}
            if self._policy.hash is not DatasetHash.OFF:
                self._hash(files, first_epoch)
            if self._policy.track_files:
                self._track(splits, files)

    def _count(self, splits: Sequence[LoadedSplit], names: list[str]) -> None:
        facts = {}
        for split in splits:
            facts[split.name] = split_facts(split, names)
            self._logger.log_values(_values(split.name, facts[split.name]), "counting the data set")
        if table := _table(facts):
            self._logger.log_text_file(paths.DATASET_CLASS_TABLE, table, "csv")

    def _hash(self, files: Mapping[str, tuple[list[str], list[str]]], first_epoch: int) -> None:
        former = None
        with self._logger.ledger.guard("asking for the former hash of the data set"):
            former = call_bounded(self._former_hashes, _FETCH_SECONDS)
        kind = DatasetHash(self._policy.hash)
        everything = {split: [*images, *labels] for split, (images, labels) in files.items()}
        try:
            hashes = hash_dataset(everything, kind, self._rest)
        except HashingStoppedError:
            return
        self.hash = hashes.whole
        values: dict[str, object] = {paths.DATASET_HASH: hashes.whole, paths.DATASET_HASH_KIND: str(kind)}
        values |= {f"{paths.DATASET}/{split}/hash": value for split, value in hashes.splits.items()}
        if former is not None and former != (hashes.whole, str(kind)):
            values |= self._change(former, hashes, kind, first_epoch)
        self._logger.log_values(values, "hashing the data set")

    def _change(
        self, former: tuple[str, str], hashes: DatasetHashes, kind: DatasetHash, first_epoch: int
    ) -> dict[str, object]:
        """Tell that the run goes on with other data; hashes of two kinds cannot be compared."""
        if former[1] != kind:
            return {}
        _LOGGER.warning(
            "The data set differs from the one that this run was trained on so far: its %s hash was %s and is %s now%s",
            kind,
            former[0][:12],
            hashes.whole[:12],
            ". It also differs if the files were copied without their times." if kind is DatasetHash.FAST else ".",
        )
        return {paths.DATASET_CHANGED_AT: first_epoch, paths.DATASET_FORMER_HASH: former[0]}

    def _former_hashes(self) -> tuple[str, str] | None:
        """Return the hash that a continued run has already, and its kind."""
        run = self._logger.run
        if not run.exists(paths.DATASET_HASH) or not run.exists(paths.DATASET_HASH_KIND):
            return None
        return str(run[paths.DATASET_HASH].fetch()), str(run[paths.DATASET_HASH_KIND].fetch())

    def _track(self, splits: Sequence[LoadedSplit], files: Mapping[str, tuple[list[str], list[str]]]) -> None:
        everything = [path for images, labels in files.values() for path in (*images, *labels)]
        base = Path(common_folder(everything))
        for split in splits:
            artifact = self._logger.run[f"{paths.DATASET_FILES}/{split.name}"]
            for path in tracked_paths(split.sources, *files[split.name]):
                folder = path if path.is_dir() else path.parent
                inside = folder.relative_to(base).as_posix() if folder.is_relative_to(base) else "."
                with self._logger.ledger.guard(f"tracking the files in {path}"):
                    artifact.track_files(str(path), destination=None if inside == "." else inside)

    def _rest(self) -> bool:
        """Leave the processor to the training for a moment, and return whether to give up."""
        time.sleep(_PAUSE_SECONDS)
        return self._stopped.is_set()


def tracked_paths(sources: Sequence[Path], images: Sequence[str], labels: Sequence[str]) -> list[Path]:
    """Return the folders that hold the images and the labels of a split, and the file that holds all labels.

    A split that is a folder is tracked as this folder, with the folder of its labels. One that is a list of files is
    tracked as the folders that they lie in, which may hold other files too.

    Args:
        sources: What the YAML names.
        images: Absolute paths of images.
        labels: Absolute paths of labels.
    """
    folders = [source.absolute() for source in sources if source.is_dir()]
    if not folders or len(folders) < len(sources):
        folders += dict.fromkeys(Path(path).parent for path in images)
    found = dict.fromkeys(folders)
    image_of = {image.stem: image for image in map(Path, images)}
    for label in map(Path, labels):
        image = image_of.get(label.stem)
        if label.suffix == ".json":
            found[label] = None
        elif image is not None and len(label.parts) == len(image.parts):
            found[_label_folder(label, image, folders)] = None
    return [path for path in found if path.exists()]


def _label_folder(label: Path, image: Path, folders: Sequence[Path]) -> Path:
    """Return the folder of a label that belongs to the folder of its image, as deep above it."""
    folder = next((folder for folder in folders if image.is_relative_to(folder)), image.parent)
    return label.parents[len(image.relative_to(folder).parts) - 1]


def _values(split: str, facts: SplitFacts) -> dict[str, object]:
    """Return attribute path -> value for one split."""
    top = f"{paths.DATASET}/{split}"
    values: dict[str, object] = {f"{top}/images": facts.images}
    if facts.labelled is not None and facts.instances is not None:
        values |= {
            f"{top}/labelled_images": facts.labelled,
            f"{top}/background_images": facts.images - facts.labelled,
            f"{top}/instances": facts.instances,
        }
    for side, spread in (("width", facts.widths), ("height", facts.heights)):
        for name, value in zip(("min", "median", "max"), spread or (), strict=False):
            values[f"{top}/{side}/{name}"] = value
    if len(facts.per_class) <= _MOST_CLASSES:
        for name, count in facts.per_class.items():
            values[f"{top}/instances_per_class/{paths.path_part(name)}"] = count
    return values


def _table(facts: Mapping[str, SplitFacts]) -> str:
    """Return the instances of each class and split as CSV; empty if no split has classes."""
    counted = {split: fact.per_class for split, fact in facts.items() if fact.per_class}
    names = list(dict.fromkeys(name for per_class in counted.values() for name in per_class))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["class", *counted])
    writer.writerows([name, *(per_class.get(name, 0) for per_class in counted.values())] for name in names)
    return text.getvalue() if names else ""
