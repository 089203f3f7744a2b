import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from neptune_yolo.tracking.snapshots import SnapshotFolder, remove_leftovers


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    file = tmp_path / "last ä.pt"
    file.write_bytes(b"first")
    return file


def queue_that_mentions(root: Path, file: Path | None, *, acknowledged: int = 0) -> None:
    queue = root / "async" / "run__id__1__key"
    queue.mkdir(parents=True)
    entry = {"obj": {"type": "UploadFile", "file_path": str(file)}, "version": 1}
    (queue / "data-1.log").write_text(json.dumps(entry), encoding="utf-8")
    (queue / "last_put_version").write_text("1")
    (queue / "last_ack_version").write_text(str(acknowledged))


def dead_folder(root: Path) -> Path:
    """A folder of snapshots whose process has ended, with one file."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    folder = root / "snapshots" / f"{process.pid}-abc"
    folder.mkdir(parents=True)
    (folder / "last-1.pt").write_bytes(b"left")
    return folder


def test_a_snapshot_is_a_copy_of_its_own(tmp_path: Path, checkpoint: Path) -> None:
    snapshots = SnapshotFolder(tmp_path / "root")

    first = snapshots.take(checkpoint, "last")
    checkpoint.write_bytes(b"second")
    second = snapshots.take(checkpoint, "last")

    assert (first.read_bytes(), second.read_bytes()) == (b"first", b"second")
    assert first.suffix == ".pt"
    assert first.stat().st_nlink == 1
    assert sorted(first.parent.iterdir()) == sorted([first, second])


def test_a_copy_that_fails_leaves_nothing(tmp_path: Path) -> None:
    snapshots = SnapshotFolder(tmp_path / "root")
    with pytest.raises(FileNotFoundError):
        snapshots.take(tmp_path / "missing.pt", "last")
    assert [path for path in (tmp_path / "root").rglob("*") if path.is_file()] == []


def test_leftovers_of_dead_processes_are_removed(tmp_path: Path) -> None:
    folder = dead_folder(tmp_path)
    remove_leftovers(tmp_path)
    assert not folder.exists()


def test_leftovers_that_a_queue_still_refers_to_stay(tmp_path: Path) -> None:
    folder = dead_folder(tmp_path)
    (folder / "best-2.pt").write_bytes(b"nobody's")
    queue_that_mentions(tmp_path, folder / "last-1.pt")
    remove_leftovers(tmp_path)
    assert [file.name for file in folder.iterdir()] == ["last-1.pt"]


def test_a_queue_that_was_sent_refers_to_nothing(tmp_path: Path) -> None:
    folder = dead_folder(tmp_path)
    queue_that_mentions(tmp_path, folder / "last-1.pt", acknowledged=1)
    remove_leftovers(tmp_path)
    assert not folder.exists()


def test_snapshots_of_living_processes_and_other_folders_stay(tmp_path: Path, checkpoint: Path) -> None:
    copy = SnapshotFolder(tmp_path).take(checkpoint, "last")
    other = tmp_path / "snapshots" / "notes"
    other.mkdir()
    remove_leftovers(tmp_path)
    assert copy.parent.name.startswith(f"{os.getpid()}-")
    assert copy.exists()
    assert other.exists()


def test_own_snapshots_go_at_the_end_unless_a_queue_refers_to_them(tmp_path: Path, checkpoint: Path) -> None:
    snapshots = SnapshotFolder(tmp_path)
    first, second = snapshots.take(checkpoint, "a"), snapshots.take(checkpoint, "b")
    queue_that_mentions(tmp_path, second)
    assert snapshots.remove_unneeded() == [second]
    assert not first.exists()


def test_nothing_is_made_before_the_first_snapshot(tmp_path: Path) -> None:
    assert SnapshotFolder(tmp_path).remove_unneeded() == []
    remove_leftovers(tmp_path)
    assert not (tmp_path / "snapshots").exists()
