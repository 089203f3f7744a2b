"""What can go wrong in the demo.

::

    NeptuneYoloError
    └── DemoError
        ├── MissingDemoPackageError    a package of the `demo` extra is not installed
        ├── DigitsArgumentError        a number given to `make_digits` cannot be used
        ├── DigitsFolderError          the data set's folder holds something else, or cannot be written
        ├── DemoSetupError             the demo cannot be run in this process
        ├── ReadBackError              the run does not hold what the training left on disk
        └── LowAccuracyError           the training learned too little
"""

from pathlib import Path

from neptune_yolo.exceptions import NeptuneYoloError


class DemoError(NeptuneYoloError):
    """Base of the errors of the demo."""


class MissingDemoPackageError(DemoError):
    """A package of the `demo` extra is not installed."""

    def __init__(self, package: str) -> None:
        super().__init__(
            f"The demo draws its pictures with {package}, which is not installed here. "
            "Install it with: pip install 'neptune-yolo[demo]'"
        )


class DigitsArgumentError(DemoError, ValueError):
    """A number given to `make_digits` cannot be used."""

    def __init__(self, name: str, value: object, smallest: int) -> None:
        super().__init__(f"{name} must be a whole number of at least {smallest}, got {value!r}.")


class DigitsFolderError(DemoError):
    """The data set's folder holds something else, or cannot be written."""

    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(f"The digits data set cannot be made in {folder}: it {problem}. Name another, empty folder.")


class DemoSetupError(DemoError):
    """The demo cannot be run in this process."""

    def __init__(self) -> None:
        super().__init__(
            "The demo sets Ultralytics up to need no network, which must happen before ultralytics is imported, "
            "and this process has imported it already. Start the demo with the command: neptune-yolo demo"
        )


class ReadBackError(DemoError):
    """The run does not hold what the training left on disk."""

    def __init__(self, run_id: str, problem: str, save_dir: Path) -> None:
        super().__init__(
            f"The run {run_id} was read back and differs from the training: {problem}. The training's own files are "
            f"in {save_dir}; what the client has not sent yet is sent by: neptune-yolo sync"
        )


class LowAccuracyError(DemoError):
    """The training learned too little."""

    def __init__(self, map50: float, required: float, epochs: int) -> None:
        super().__init__(
            f"The training reached an mAP50 of {map50:.3f} in {epochs} epochs, and at least {required:.3f} was "
            "asked for. Train longer with --epochs, or ask for less with --require-map50."
        )
