"""What the package offers, and what importing it costs."""

import subprocess
import sys

import pytest

import neptune_yolo

HEAVY = ("torch", "ultralytics", "neptune", "numpy", "pandas", "cv2", "sqlalchemy", "starlette", "uvicorn", "httpx")


def test_all_names_exist_and_are_sorted() -> None:
    assert sorted(neptune_yolo.__all__) == neptune_yolo.__all__
    for name in neptune_yolo.__all__:
        assert getattr(neptune_yolo, name).__name__ == name
    assert set(neptune_yolo.__all__) == set(neptune_yolo._HOMES)
    assert set(neptune_yolo.__all__) <= set(dir(neptune_yolo))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="NoSuchTrainer"):
        neptune_yolo.NoSuchTrainer  # noqa: B018 - the access is the test


def _run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize(
    "module", ["neptune_yolo", "neptune_yolo.cli", "neptune_yolo.settings", "neptune_yolo.connection"]
)
def test_importing_loads_nothing_heavy_and_starts_no_thread(module: str) -> None:
    code = (
        f"import sys, threading, {module}; "
        f"print([name for name in {HEAVY!r} if name in sys.modules], threading.active_count())"
    )
    assert _run(code) == "[] 1"


def test_the_server_starts_without_the_client_and_without_torch() -> None:
    code = (
        "import sys, neptune_yolo.server.app, neptune_yolo.server.embedded; "
        "print([name for name in ('torch', 'ultralytics', 'neptune', 'pandas', 'cv2') if name in sys.modules])"
    )
    assert _run(code) == "[]"
