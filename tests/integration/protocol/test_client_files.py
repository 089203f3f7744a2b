"""Files through the real client, in one piece, in parts, and in sets."""

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from neptune.types import File

OpenRun = Callable[..., Any]

MEBIBYTE = 1024 * 1024


@pytest.mark.parametrize("size_bytes", [0, 1, 5 * MEBIBYTE, 5 * MEBIBYTE + 1, 23 * MEBIBYTE + 17])
def test_files_come_back_to_the_byte(init_run: OpenRun, size_bytes: int) -> None:
    source = Path("weights with space ä.pt")
    source.write_bytes(os.urandom(size_bytes))
    run = init_run()
    run["weights/best"].upload(str(source))
    run.wait()
    run["weights/best"].download("copy.pt", progress_bar=False)
    assert Path("copy.pt").read_bytes() == source.read_bytes()
    assert run["weights/best"].fetch_extension() == "pt"


def test_a_second_upload_replaces_the_first(init_run: OpenRun) -> None:
    run = init_run()
    run["plot"].upload(File.from_content(b"old", extension="png"))
    run.wait()
    run["plot"].upload(File.from_content(b"new!", extension="jpg"))
    run.wait()
    run["plot"].download("plot.jpg", progress_bar=False)
    assert Path("plot.jpg").read_bytes() == b"new!"


def test_file_sets_are_listed_deleted_from_and_downloaded(init_run: OpenRun) -> None:
    Path("data/labels").mkdir(parents=True)
    Path("data/labels/one.txt").write_text("1")
    Path("data/labels/two.txt").write_text("22")
    Path("data/all.yaml").write_text("names: [a]")
    run = init_run()
    run["set"].upload_files("data")
    run.wait()
    listed = {entry.name: entry.file_type for entry in run["set"].list_fileset_files("data")}
    assert listed == {"labels": "directory", "all.yaml": "file"}
    run["set"].delete_files("data/labels/one.txt")
    run.wait()
    run["set"].download("set.zip", progress_bar=False)
    with zipfile.ZipFile("set.zip") as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    assert files == {"data/labels/two.txt": b"22", "data/all.yaml": b"names: [a]"}


def test_the_same_bytes_are_stored_once(init_run: OpenRun, tmp_path: Path) -> None:
    content = os.urandom(MEBIBYTE)
    run = init_run()
    for name in ("best", "last", "copy"):
        run[f"weights/{name}"].upload(File.from_content(content, extension="pt"))
    run.wait()
    stored = [path for path in (tmp_path / "files").rglob("*") if path.is_file()]
    assert [path.stat().st_size for path in stored] == [MEBIBYTE]
