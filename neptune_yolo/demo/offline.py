"""An Ultralytics that needs no network: its own settings folder, a font in place, nothing to be fetched."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from neptune_yolo import envs
from neptune_yolo.demo.exceptions import DemoSetupError

FONT_NAMES = ("Arial.ttf", "Arial.Unicode.ttf")
"""The fonts that Ultralytics looks for, and would download."""

OTHER_LOGGERS = ("clearml", "comet", "dvc", "hub", "mlflow", "raytune", "tensorboard", "wandb")
"""Ultralytics' settings of other trackers, some of which reach for the network when they are installed."""

CHOSEN_BY_THE_DEMO = (
    envs.NEPTUNE_API_TOKEN,
    envs.NEPTUNE_PROJECT,
    envs.NEPTUNE_MODE,
    envs.NEPTUNE_CUSTOM_RUN_ID,
)
"""Variables that would send the demo's run elsewhere than to the embedded server."""

OFFLINE_VARIABLES: Mapping[str, str] = MappingProxyType(
    {"YOLO_OFFLINE": "true", "YOLO_AUTOINSTALL": "false", "MPLBACKEND": "Agg"}
)


@contextmanager
def offline_ultralytics(folder: Path) -> Iterator[None]:
    """Keep Ultralytics and the Neptune client inside a folder and on this machine.

    Sets environment variables and puts them back at the end. Ultralytics reads them when it is imported, so that the
    process should be used for nothing else afterwards.

    Args:
        folder: Absolute path. Settings go to `ultralytics/` and unsent values to `.neptune/` in it.

    Raises:
        DemoSetupError: `ultralytics` is already imported.
    """
    if "ultralytics" in sys.modules:
        raise DemoSetupError
    config = folder / "ultralytics"
    changes: dict[str, str | None] = dict.fromkeys(CHOSEN_BY_THE_DEMO)
    changes |= OFFLINE_VARIABLES
    changes |= {"YOLO_CONFIG_DIR": str(config), envs.NEPTUNE_DATA_DIRECTORY: str(folder / ".neptune")}
    before = {name: os.environ.get(name) for name in changes}
    _change_environment(changes)
    try:
        _place_fonts(config / "Ultralytics")
        _turn_other_loggers_off()
        yield
    finally:
        _change_environment(before)


def _change_environment(values: Mapping[str, str | None]) -> None:
    """Set environment variables, and remove those whose value is None."""
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _place_fonts(folder: Path) -> None:
    """Put matplotlib's own font where Ultralytics looks before it downloads one."""
    import matplotlib as mpl

    font = Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
    folder.mkdir(parents=True, exist_ok=True)
    for name in FONT_NAMES:
        if not (folder / name).exists():
            shutil.copyfile(font, folder / name)


def _turn_other_loggers_off() -> None:
    """Switch the other trackers off in the demo's own Ultralytics settings."""
    from ultralytics import settings

    settings.update({name: False for name in (*OTHER_LOGGERS, "sync") if name in settings})
