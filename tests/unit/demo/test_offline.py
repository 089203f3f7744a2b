import os
import subprocess
import sys
from pathlib import Path

import pytest

from neptune_yolo.demo.exceptions import DemoSetupError
from neptune_yolo.demo.offline import offline_ultralytics

REPORT = """
import os, sys
from pathlib import Path
from neptune_yolo.demo.offline import offline_ultralytics

folder = Path(sys.argv[1])
before = dict(os.environ)
with offline_ultralytics(folder):
    from ultralytics import settings
    from ultralytics.utils import AUTOINSTALL, ONLINE, USER_CONFIG_DIR
    from ultralytics.utils.checks import check_font
    assert not ONLINE
    assert not AUTOINSTALL
    assert Path(USER_CONFIG_DIR) == folder / "ultralytics" / "Ultralytics", USER_CONFIG_DIR
    for font in ("Arial.ttf", "Arial.Unicode.ttf"):
        assert Path(check_font(font)).parent == Path(USER_CONFIG_DIR)
    assert not [name for name in ("mlflow", "comet", "clearml", "wandb", "sync") if settings.get(name)]
    assert "NEPTUNE_API_TOKEN" not in os.environ
    assert os.environ["NEPTUNE_DATA_DIRECTORY"] == str(folder / ".neptune")
changed = {name for name, _ in set(os.environ.items()) ^ set(before.items())}
print(sorted(name for name in changed if name.startswith(("NEPTUNE_", "YOLO_", "MPL"))))
"""


def test_ultralytics_is_kept_in_the_folder_and_the_environment_is_put_back(tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    environment = os.environ | {"NEPTUNE_API_TOKEN": "somebody's", "YOLO_OFFLINE": "false"}
    done = subprocess.run(
        [sys.executable, "-c", REPORT, str(place / "dé mo")],
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        cwd=place,
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().splitlines()[-1] == "[]"
    assert [path.name for path in place.iterdir()] == ["dé mo"]


def test_an_imported_ultralytics_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ultralytics", sys)
    before = dict(os.environ)

    with pytest.raises(DemoSetupError, match="Start the demo with the command: neptune-yolo demo"):
        offline_ultralytics(tmp_path / "demo").__enter__()
    assert dict(os.environ) == before
    assert not (tmp_path / "demo").exists()
