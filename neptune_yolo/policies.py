"""What is recorded beyond the scalars, and how often: checkpoints, predictions, the data set. Frozen values."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from neptune_yolo.exceptions import SettingsError


class DatasetHash(StrEnum):
    """How a data set is told from another one."""

    FAST = "fast"
    """By path, size and time of change of each image and label file; their contents are not read."""
    FULL = "full"
    """By the contents of every image and label file."""
    OFF = "off"
    """Not at all."""


@dataclass(frozen=True, kw_only=True)
class CheckpointPolicy:
    """Which checkpoints are uploaded while training, and how many stay on the server.

    With the defaults, best.pt and last.pt are uploaded once, as the training ends.

    Args:
        every: Upload a checkpoint every this many epochs, as ``weights/epoch_<n>``. None: none.
        best: Upload best.pt while training, whenever it has improved. At the end it is uploaded in any case.
        last: Upload last.pt while training, after each epoch; a run can then be resumed on another machine. At the end
            it is uploaded in any case.
        keep: How many of the checkpoints of `every` stay on the server: the newest. None: all.
        top_k: Also keep the best this many checkpoints by `metric`, as ``weights/epoch_<n>``; of equal ones the newer.
            None: none.
        metric: Metric that `top_k` compares, by Ultralytics' name (``metrics/mAP50-95(B)``) or ``fitness``.
        higher_is_better: Whether a larger `metric` is better.
        max_in_flight: Most checkpoints that wait for the network at a time, beside the one that is being sent; each is
            a copy on disk. If the network is slower than the training, older ones that still wait are skipped.

    Raises:
        SettingsError: If a number is not positive, or `keep` is given without `every`.
    """

    every: int | None = None
    best: bool = False
    last: bool = False
    keep: int | None = None
    top_k: int | None = None
    metric: str = "fitness"
    higher_is_better: bool = True
    max_in_flight: int = 2

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        for name in ("every", "keep", "top_k", "max_in_flight"):
            check_whole(f"CheckpointPolicy({name}=...)", getattr(self, name), optional=name != "max_in_flight")
        for name in ("best", "last", "higher_is_better"):
            _check_switch(f"CheckpointPolicy({name}=...)", getattr(self, name))
        if self.keep is not None and self.every is None:
            raise SettingsError(
                "CheckpointPolicy(keep=...) says how many of the checkpoints of every=... stay on the server; got keep="
                f"{self.keep} without every=.... Give both, or use top_k=..."
            )


@dataclass(frozen=True, kw_only=True)
class PredictionPolicy:
    """Which validation images are shown with their labels and predictions, and how often.

    Args:
        images: How many images; they are spread evenly over the validation set and stay the same. 0: none.
        every: Record them every this many epochs, and at the final evaluation of best.pt.
        files: Names of the images (with or without folder and ending) to show instead.
        confidence: Lowest confidence of a prediction that is recorded, in [0, 1].
        max_boxes: Most predictions recorded of one image, those of highest confidence.

    Raises:
        SettingsError: If a number is out of its range.
    """

    images: int = 8
    every: int = 10
    files: Sequence[str] = ()
    confidence: float = 0.1
    max_boxes: int = 100

    def __post_init__(self) -> None:
        """Bring names into one form, and refuse what cannot be meant."""
        check_whole("PredictionPolicy(images=...)", self.images, least=0)
        check_whole("PredictionPolicy(every=...)", self.every)
        check_whole("PredictionPolicy(max_boxes=...)", self.max_boxes)
        names = (self.files,) if isinstance(self.files, str) else tuple(self.files)
        if not all(names):
            raise SettingsError(f"PredictionPolicy(files=...) must be names of images; got {self.files!r}.")
        object.__setattr__(self, "files", names)
        if not 0 <= self.confidence <= 1:
            raise SettingsError(f"PredictionPolicy(confidence=...) must lie in [0, 1]; got {self.confidence!r}.")


@dataclass(frozen=True, kw_only=True)
class DatasetPolicy:
    """What is recorded of the data set.

    Args:
        hash: How its version is told.
        track_files: Track its images and labels as artifacts: their names, sizes and hashes go to the server. Reads
            every file.
    """

    hash: DatasetHash | str = DatasetHash.FAST
    track_files: bool = False

    def __post_init__(self) -> None:
        """Bring the enum into one form."""
        try:
            object.__setattr__(self, "hash", DatasetHash(self.hash))
        except ValueError:
            raise SettingsError.for_choice("DatasetPolicy(hash=...)", self.hash, list(DatasetHash)) from None


def _check_switch(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise SettingsError(f"{name} must be True or False; got {value!r}.")


def check_whole(name: str, value: object, *, optional: bool = False, least: int = 1) -> None:
    """Refuse what is not a whole number, or too small a one.

    Args:
        name: Name of the setting, for the message.
        value: Its value.
        optional: Whether it may be None.
        least: The smallest number that is allowed.

    Raises:
        SettingsError: If it is something else.
    """
    if value is None and optional:
        return
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        other = " or None" if optional else ""
        raise SettingsError(f"{name} must be a whole number from {least}{other}; got {value!r}.")
