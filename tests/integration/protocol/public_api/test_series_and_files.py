"""Series of numbers, texts and pictures, files and file sets: through handlers, and through the attribute classes."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from neptune.types import File
from PIL import Image

from tests.integration.protocol.public_api.covering import covers

Open = Callable[..., Any]


@pytest.fixture
def run(open_container: Open) -> Any:
    return open_container("run")


def _picture(shade: int) -> File:
    content = BytesIO()
    Image.new("L", (4, 4), shade).save(content, "PNG")
    return File.from_content(content.getvalue(), extension="png")


def _values(series: Any) -> list[Any]:
    found: list[Any] = series.fetch_values(progress_bar=False)["value"].tolist()
    return found


@covers("Handler.append", "Handler.extend", "Handler.log", "Handler.fetch_last", "Handler.fetch_values")
@covers("FetchableSeries.fetch_values", "FloatSeries.fetch_last", "StringSeries.fetch_last")
@covers("Series.log", "Series.extend", "Series.assign", "Series.clear")
def test_series_are_appended_read_and_cleared(run: Any) -> None:
    run["metric"].append(1.0, step=1, timestamp=1_700_000_000.25)
    run["metric"].extend([2.0, 3.0], steps=[2, 3.5])
    run["text"].append("a")
    run["text"].extend(["b", "c"])
    run["old"].log(0.5)
    run.wait()
    assert _values(run["metric"]) == [1.0, 2.0, 3.0]
    assert run["metric"].fetch_last() == 3.0
    assert run["text"].fetch_last() == "c"
    assert _values(run["old"]) == [0.5]
    numbers, texts = run.get_attribute("metric"), run.get_attribute("text")
    numbers.log(4.0, step=9)
    numbers.extend([5.0, 6.0], wait=True)
    assert _values(numbers) == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert numbers.fetch_last() == 6.0
    texts.log("d", wait=True)
    assert texts.fetch_last() == "d"
    from neptune.types import FloatSeries

    numbers.assign(FloatSeries([7.0, 8.0]), wait=True)
    assert _values(numbers) == [7.0, 8.0]
    numbers.clear(wait=True)
    assert len(numbers.fetch_values(progress_bar=False)) == 0


@covers("FloatSeries.configure")
def test_a_series_is_configured(run: Any) -> None:
    from neptune.types import FloatSeries

    run["accuracy"] = FloatSeries([0.5], min=0, max=1, unit="")
    run.wait()
    run.get_attribute("accuracy").configure(min=0, max=100, unit="%", wait=True)
    assert _values(run["accuracy"]) == [0.5]


@covers("FileSeries.download", "FileSeries.download_last", "Handler.download_last")
def test_pictures_come_back(run: Any) -> None:
    run["pictures"].append(_picture(10), step=1)
    run["pictures"].append(_picture(200), step=2)
    run.wait()
    run["pictures"].download_last("last")
    series = run.get_attribute("pictures")
    series.download_last("last_again")
    series.download("all", progress_bar=False)
    assert Image.open("last/1.png").getpixel((0, 0)) == 200
    assert Path("last/1.png").read_bytes() == Path("last_again/1.png").read_bytes()
    assert sorted(path.name for path in Path("all").iterdir()) == ["0.png", "1.png"]


@covers("Handler.upload", "Handler.download", "Handler.fetch_extension")
@covers("File.assign", "File.upload", "File.download", "File.fetch_extension")
def test_files_come_back(run: Any) -> None:
    Path("first.txt").write_text("first")
    Path("second.md").write_text("second")
    run["file"].upload("first.txt", wait=True)
    run["file"].download("a.txt", progress_bar=False)
    assert Path("a.txt").read_text() == "first"
    assert run["file"].fetch_extension() == "txt"
    file = run.get_attribute("file")
    file.upload("second.md", wait=True)
    assert file.fetch_extension() == "md"
    file.download("b.md", progress_bar=False)
    assert Path("b.md").read_text() == "second"
    file.assign(File.from_content("third"), wait=True)
    file.download("c.txt", progress_bar=False)
    assert Path("c.txt").read_text() == "third"


@covers("Handler.upload_files", "Handler.delete_files", "Handler.list_fileset_files")
@covers("FileSet.assign", "FileSet.upload_files", "FileSet.delete_files", "FileSet.download")
@covers("FileSet.list_fileset_files")
def test_file_sets_come_back_as_zip(run: Any) -> None:
    Path("folder/inner").mkdir(parents=True)
    Path("folder/a.txt").write_text("a")
    Path("folder/inner/b.txt").write_text("b")
    run["set"].upload_files("folder", wait=True)
    assert {entry.name for entry in run["set"].list_fileset_files(path="folder")} == {"a.txt", "inner"}
    run["set"].delete_files("folder/a.txt", wait=True)
    files = run.get_attribute("set")
    files.upload_files("folder/a.txt", wait=True)
    files.delete_files("folder/inner", wait=True)
    assert [entry.name for entry in files.list_fileset_files(path="folder")] == ["a.txt"]
    files.download("set.zip", progress_bar=False)
    with zipfile.ZipFile("set.zip") as archive:
        assert archive.read("folder/a.txt") == b"a"
    from neptune.types import FileSet

    files.assign(FileSet(["folder/inner/*.txt"]), wait=True)
    assert files.list_fileset_files(path="folder/inner")[0].name == "b.txt"
