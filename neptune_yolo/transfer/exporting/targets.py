"""Which format writes where."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import filelock

from neptune_yolo.read.exceptions import PackageMissingError
from neptune_yolo.transfer.exceptions import TransferError
from neptune_yolo.transfer.exporting.engine import Choice, Format

LOCK_NAME = ".neptune-yolo-export.lock"

_EXTRAS = {"pyarrow": "parquet", "mlflow": "mlflow", "tensorboard": "tensorboard"}


@contextmanager
def open_target(form: str, target: str, choice: Choice) -> Iterator[Format]:
    """Give what writes runs in a format.

    Args:
        form: ``neptune``, ``csv``, ``json``, ``tensorboard`` or ``mlflow``.
        target: A folder, which is made if need be; for MLflow a tracking URI.
        choice: What is exported.

    Raises:
        PackageMissingError: If a package is not installed that the format needs.
        TransferError: If another export is writing into the folder, or no folder can be made of it.
    """
    with nullcontext() if form == "mlflow" else _locked(Path(target)):
        yield _opened(form, target, choice)


def _opened(form: str, target: str, choice: Choice) -> Format:
    try:
        return _FORMATS[form](target, choice)
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        extra = _EXTRAS.get(package)
        if extra is None:
            raise
        raise PackageMissingError(package, extra) from error


def _neptune(target: str, choice: Choice) -> Format:
    from neptune_yolo.transfer.neptune_export.writing import NeptuneFormat

    return NeptuneFormat(Path(target), with_files=choice.with_files)


def _csv(target: str, choice: Choice) -> Format:
    del choice
    from neptune_yolo.transfer.formats.csv import CsvFormat

    return CsvFormat(Path(target))


def _json(target: str, choice: Choice) -> Format:
    from neptune_yolo.transfer.formats.json import JsonFormat

    return JsonFormat(Path(target), with_files=choice.with_files)


def _tensorboard(target: str, choice: Choice) -> Format:
    from neptune_yolo.transfer.formats.tensorboard import TensorBoardFormat

    return TensorBoardFormat(Path(target), with_files=choice.with_files)


def _mlflow(target: str, choice: Choice) -> Format:
    from neptune_yolo.transfer.formats.mlflow import MlflowFormat

    return MlflowFormat(target, choice.project)


_FORMATS: dict[str, Callable[[str, Choice], Format]] = {
    "neptune": _neptune,
    "csv": _csv,
    "json": _json,
    "tensorboard": _tensorboard,
    "mlflow": _mlflow,
}


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Keep other exports out of a folder."""
    lock = filelock.FileLock(folder / LOCK_NAME, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except filelock.Timeout as error:
        raise TransferError(
            f"Expected {folder} for this export alone, but another one is writing there. Wait for it to end."
        ) from error
    except FileExistsError as error:
        raise TransferError(f"Expected a folder to export into, got the file {folder}. Name another one.") from error
    except OSError as error:
        raise TransferError(
            f"Expected a folder that can be written, got {folder} ({error.strerror}). Name another one."
        ) from error
    try:
        yield
    finally:
        lock.release()
