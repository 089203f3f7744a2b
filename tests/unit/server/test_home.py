from pathlib import Path

import pytest

from neptune_yolo.server.exceptions import DataFolderNotWritableError
from neptune_yolo.server.home import HomeLayout, data_home


def test_the_environment_names_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NEPTUNE_YOLO_HOME", str(tmp_path / "Läufe"))

    assert data_home() == tmp_path / "Läufe"


def test_a_relative_data_folder_counts_from_the_working_directory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEPTUNE_YOLO_HOME", "data")

    assert data_home() == tmp_path / "data"


def test_a_tilde_stands_for_the_home_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEPTUNE_YOLO_HOME", "~/data")

    assert data_home() == Path.home() / "data"


@pytest.mark.parametrize("value", [None, "", "  "], ids=["unset", "empty", "blank"])
def test_without_a_name_the_data_folder_is_that_of_the_system(
    monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    monkeypatch.delenv("NEPTUNE_YOLO_HOME", raising=False)
    if value is not None:
        monkeypatch.setenv("NEPTUNE_YOLO_HOME", value)

    assert data_home().is_absolute()
    assert data_home().name == "neptune-yolo"


def test_all_files_lie_in_the_data_folder(tmp_path: Path) -> None:
    layout = HomeLayout(tmp_path)
    paths = [getattr(layout, name) for name, kind in vars(HomeLayout).items() if isinstance(kind, property)]

    assert len(paths) == 9
    assert len(set(paths)) == 9
    assert all(path.parent == tmp_path for path in paths)


def test_preparing_makes_the_folder_and_leaves_nothing_in_it(tmp_path: Path) -> None:
    layout = HomeLayout(tmp_path / "a" / "b")

    layout.prepare()
    layout.prepare()

    assert list(layout.root.iterdir()) == []


def test_preparing_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(DataFolderNotWritableError) as caught:
        HomeLayout(tmp_path / "file" / "home").prepare()

    assert caught.value.folder == tmp_path / "file" / "home"
