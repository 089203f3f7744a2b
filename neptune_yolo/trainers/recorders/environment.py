"""What a run says about its surroundings: versions, machine, GPUs, command line, packages, Git state."""

import importlib
import os
import platform
import shlex
import sys
import threading
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import torch
import ultralytics
from ultralytics.utils.git import GitRepo
from ultralytics.utils.torch_utils import get_cpu_info

from neptune_yolo.tracking.attribute_paths import ENVIRONMENT
from neptune_yolo.tracking.redaction import redact, redact_arguments

if TYPE_CHECKING:
    from neptune_yolo.tracking.run_logger import RunLogger

RECORDED_VARIABLES = (
    *("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"),
    *("OMP_NUM_THREADS", "MKL_NUM_THREADS", "PYTORCH_CUDA_ALLOC_CONF", "PYTORCH_ALLOC_CONF", "PYTHONHASHSEED"),
    *("WORLD_SIZE", "LOCAL_WORLD_SIZE", "RANK", "LOCAL_RANK", "SLURM_JOB_ID", "SLURM_ARRAY_TASK_ID"),
)
"""The only environment variables that are recorded: which devices and processes were used. None is ever a secret."""

_GIB = 2**30
_LONGEST_TEXT = 16_000  # characters; a text attribute holds 16,384


class EnvironmentRecorder:
    """Describes where a training runs: what is known at once at once, the rest from a thread.

    Args:
        logger: Writes into the run.
        git: Whether to record the Git repository of the working directory. The client records that of the script, but
            it finds none for an installed command or a notebook, and no table of runs can be filtered by its value.
    """

    def __init__(self, logger: "RunLogger", *, git: bool = True) -> None:
        self._logger = logger
        self._git = git
        self._thread: threading.Thread | None = None

    def record(self, trainer: Any) -> None:
        """Describe the surroundings; to be called once, when the run is opened.

        Args:
            trainer: An Ultralytics trainer that has chosen its device.
        """
        folder = Path.cwd()
        values = {**_software(), **_machine(), **_devices(trainer.device), "working_directory": str(folder)}
        values["command"] = command_line()
        values |= {f"variables/{name}": os.environ[name] for name in RECORDED_VARIABLES if name in os.environ}
        self._log(values)
        self._thread = threading.Thread(target=self._work, args=(folder,), name="neptune-yolo-environment", daemon=True)
        self._thread.start()

    def close(self, timeout_seconds: float) -> None:
        """Wait until everything is recorded.

        Args:
            timeout_seconds: Seconds to wait; what is not recorded by then is left out.
        """
        if self._thread is not None:
            self._thread.join(timeout_seconds)

    def _work(self, folder: Path) -> None:
        guard = self._logger.ledger.guard
        with guard("listing the installed packages"):
            self._logger.log_text_file(f"{ENVIRONMENT}/packages", installed_packages(), "txt")
        with guard("asking for the processor's name"):
            self._log({"cpu/name": get_cpu_info()})
        if self._git:
            with guard("reading the Git repository"):
                self._log(git_values(folder))
        with guard("asking for the GPU's driver"):
            self._log(_driver())

    def _log(self, values: dict[str, object]) -> None:
        self._logger.log_values(
            {f"{ENVIRONMENT}/{name}": value for name, value in values.items()}, "describing the host"
        )


def command_line() -> str:
    """Return the command line of this process without secrets, as it would be typed into a POSIX shell."""
    return shlex.join(redact_arguments(sys.orig_argv, os.environ))[:_LONGEST_TEXT]


def installed_packages() -> str:
    """Return the packages of this Python as lines ``name==version``, sorted by name."""
    found = {(package.metadata["Name"] or "", package.version) for package in metadata.distributions()}
    lines = sorted((f"{name}=={version}" for name, version in found if name), key=str.lower)
    return "".join(f"{line}\n" for line in lines)


def git_values(folder: Path) -> dict[str, object]:
    """Return branch, commit and origin of the Git repository that a folder belongs to; nothing if there is none.

    The repository's files are read; Git itself is not started. Whether there are changes is left to the client, which
    records them as a patch.

    Args:
        folder: Absolute path of a folder.
    """
    repository = GitRepo(folder)
    if not repository.is_repo:
        return {}
    origin = redact(repository.origin) if repository.origin else None
    values = {"git/branch": repository.branch, "git/commit": repository.commit, "git/origin": origin}
    return {name: value for name, value in values.items() if value}


def _software() -> dict[str, object]:
    versions = {
        "python": platform.python_version(),
        "ultralytics": ultralytics.__version__,
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "rocm": getattr(torch.version, "hip", None),
        "neptune": metadata.version("neptune"),
    }
    return {f"versions/{name}": str(version) for name, version in versions.items() if version}


def _machine() -> dict[str, object]:
    return {
        "os": platform.platform(),
        "host": platform.node(),
        "cpu/logical": psutil.cpu_count() or 0,
        "cpu/physical": psutil.cpu_count(logical=False) or 0,
        "memory_gib": round(psutil.virtual_memory().total / _GIB, 2),
    }


def _devices(device: torch.device) -> dict[str, object]:
    """Describe the GPUs; those of a training on the processor are not touched, which would take time and memory."""
    values: dict[str, object] = {"device": str(device)}
    if device.type == "cuda":
        for index in range(torch.cuda.device_count()):
            properties = torch.cuda.get_device_properties(index)
            values[f"gpu/{index}/name"] = properties.name
            values[f"gpu/{index}/memory_gib"] = round(properties.total_memory / _GIB, 2)
    return values


def _driver() -> dict[str, object]:
    if find_spec("pynvml") is None:
        return {}
    library = importlib.import_module("pynvml")
    try:
        library.nvmlInit()
    except library.NVMLError:  # this machine has no such driver
        return {}
    version = library.nvmlSystemGetDriverVersion()
    library.nvmlShutdown()
    return {"gpu_driver": version.decode() if isinstance(version, bytes) else str(version)}
