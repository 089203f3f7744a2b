import os
from pathlib import Path

import click
import pytest

from neptune_yolo.cli.queue_folders import find_queue_folder, refuse_live_queues


def make_queue(root: Path, kind: str, name: str, *, made_at: float | None = None) -> Path:
    queue = root / kind / name
    queue.mkdir(parents=True)
    metadata = queue / "metadata.json"
    metadata.touch()
    if made_at is not None:
        os.utime(metadata, (made_at, made_at))
    return queue


@pytest.mark.parametrize("kind", ["async", "offline"])
def test_the_queue_of_a_living_process_is_refused(tmp_path: Path, kind: str) -> None:
    queue = make_queue(tmp_path, kind, f"run__id__{os.getpid()}__abcdefgh")

    with pytest.raises(click.ClickException) as caught:
        refuse_live_queues(tmp_path)

    assert f"{queue} (process {os.getpid()})" in caught.value.message


@pytest.mark.parametrize(
    "name", ["run__id__4194305__abcdefgh", "run__id", "id", "run__id__none__abcdefgh", ".DS_Store"]
)
def test_a_queue_without_a_living_process_is_free(tmp_path: Path, name: str) -> None:
    make_queue(tmp_path, "async", name)

    refuse_live_queues(tmp_path)


def test_a_queue_that_is_older_than_the_process_of_its_id_is_free(tmp_path: Path) -> None:
    make_queue(tmp_path, "async", f"run__id__{os.getpid()}__abcdefgh", made_at=1_000_000_000)

    refuse_live_queues(tmp_path)


def test_a_folder_without_queues_is_free(tmp_path: Path) -> None:
    refuse_live_queues(tmp_path)


def test_the_queue_folder_is_found_in_and_as_the_given_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "train läuft" / ".neptune"
    folder.mkdir(parents=True)

    assert find_queue_folder(folder.parent) == folder
    assert find_queue_folder(folder) == folder
    monkeypatch.chdir(folder.parent)
    assert find_queue_folder(None) == folder


def test_a_queue_folder_of_another_name_is_known_by_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "queues"
    (folder / "offline").mkdir(parents=True)

    assert find_queue_folder(folder) == folder
    monkeypatch.setenv("NEPTUNE_DATA_DIRECTORY", str(folder))
    assert find_queue_folder(None) == folder


def test_a_folder_without_a_queue_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match="Name the folder in which the training was started by --path"):
        find_queue_folder(tmp_path)
