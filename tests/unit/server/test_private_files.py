import os
import sys
from pathlib import Path

import pytest

from neptune_yolo.server.private_files import read_private_file, write_private_file


def test_what_is_written_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "alone"
    folder.mkdir()
    path = folder / "a file.json"

    assert read_private_file(path) is None
    write_private_file(path, b"one")
    write_private_file(path, b"two\n")

    assert read_private_file(path) == b"two\n"
    assert list(folder.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="file modes of POSIX")
def test_only_the_owner_can_read_it_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private_file(tmp_path / "file", b"")
    finally:
        os.umask(before)

    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


def test_a_write_that_fails_leaves_the_old_content_and_no_rest(tmp_path: Path) -> None:
    in_the_way = tmp_path / "alone" / "folder"
    in_the_way.mkdir(parents=True)
    (in_the_way / "inner").touch()

    with pytest.raises(OSError, match="folder"):
        write_private_file(in_the_way, b"a file can't replace a folder")

    assert list(in_the_way.parent.iterdir()) == [in_the_way]
