"""What the wheel holds, and that it is built without an npm registry too."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FILES = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore")
NEVER_COPIED = shutil.ignore_patterns("node_modules", "bundle", "__pycache__")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the sources, without a dashboard that was built."""
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "neptune_yolo", folder / "neptune_yolo", ignore=NEVER_COPIED)
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    return folder


def _build(checkout: Path, *options: str) -> tuple[list[str], str]:
    """Build a wheel where no npm registry answers; gives the names in it, and what was printed."""
    nowhere = {"npm_config_registry": "http://127.0.0.1:9/", "npm_config_cache": str(checkout / "cache")}
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(checkout / "dist"), *options],
        cwd=checkout,
        env={**os.environ, **nowhere},
        check=True,
        capture_output=True,
        text=True,
    )
    (wheel,) = (checkout / "dist").glob("*.whl")
    return zipfile.ZipFile(wheel).namelist(), done.stdout + done.stderr


def _place_bundle(checkout: Path) -> None:
    program = (
        "import sys, pathlib, hatch_build; "
        "print(hatch_build.digest_of(pathlib.Path('neptune_yolo/dashboard/frontend')), end='')"
    )
    digest = subprocess.run(
        [sys.executable, "-c", program], cwd=checkout, check=True, capture_output=True, text=True
    ).stdout
    bundle = checkout / "neptune_yolo" / "dashboard" / "bundle"
    (bundle / "assets").mkdir(parents=True)
    (bundle / "index.html").write_text("<!doctype html>", encoding="utf-8")
    (bundle / "assets" / "index-1.js").write_text("0", encoding="utf-8")
    (bundle / "sources.sha256").write_text(digest, encoding="ascii")


def test_a_wheel_holds_the_dashboard_but_not_its_sources(checkout: Path) -> None:
    _place_bundle(checkout)
    names, printed = _build(checkout)
    assert "not built" not in printed
    assert "neptune_yolo/dashboard/bundle/index.html" in names
    assert "neptune_yolo/dashboard/bundle/assets/index-1.js" in names
    assert [name for name in names if "frontend" in name or "node_modules" in name] == []


def test_without_an_npm_registry_the_package_is_built_without_the_dashboard(checkout: Path) -> None:
    names, printed = _build(checkout)
    assert "The dashboard was not built" in printed
    assert "registry" in printed
    assert "neptune_yolo/dashboard/routes.py" in names
    assert [name for name in names if "bundle/" in name or "frontend" in name] == []
    assert not (checkout / "neptune_yolo" / "dashboard" / "frontend" / "node_modules").exists()
