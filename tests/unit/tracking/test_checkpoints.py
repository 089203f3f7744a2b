import zipfile
from pathlib import Path

from neptune_yolo.tracking.checkpoints import is_complete_checkpoint


def test_a_torn_checkpoint_is_recognized_wherever_it_was_cut(tmp_path: Path) -> None:
    whole = tmp_path / "whole.pt"
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("archive/data.pkl", bytes(5_000))
    content = whole.read_bytes()
    torn = tmp_path / "torn.pt"

    assert is_complete_checkpoint(whole)
    for size in (0, 1, len(content) // 2, len(content) - 23):
        torn.write_bytes(content[:size])
        assert not is_complete_checkpoint(torn)
