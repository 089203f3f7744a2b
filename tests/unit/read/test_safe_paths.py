from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from neptune_yolo.read.exceptions import TargetRefusedError
from neptune_yolo.read.safe_paths import Places, safe_relative_path


@pytest.mark.parametrize(
    ("path", "extension", "expected"),
    [
        ("weights/best", "pt", "weights/best.pt"),
        ("results.csv", "csv", "results.csv"),
        ("Plots/BoxF1_curve", "", "Plots/BoxF1_curve"),
        ("a//b", "txt", "a/b.txt"),
        ("metrics/mAP50-95(B) für alle", "", "metrics/mAP50-95(B) für alle"),
    ],
)
def test_usual_paths_stay_as_they_are(path: str, extension: str, expected: str) -> None:
    assert str(safe_relative_path(path, extension)) == expected


HOSTILE = [
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    ".",
    "",
    "C:\\x",
    "a\\..\\b",
    "con",
    "NUL.txt",
    "a\x00b",
    "x. ",
    "\x1b]0;",
]


@pytest.mark.parametrize("path", HOSTILE)
def test_hostile_paths_stay_inside_and_apart(path: str, tmp_path: Path) -> None:
    relative = safe_relative_path(path, "../x")
    assert not relative.is_absolute()
    assert not {"..", ".", ""} & set(relative.parts)
    assert not set(str(relative)) & set('\\:*?"<>|\x00\x1b')
    assert (tmp_path / relative).resolve().is_relative_to(tmp_path)
    assert len({safe_relative_path(one) for one in HOSTILE}) == len(HOSTILE)


def _names() -> st.SearchStrategy[str]:
    return st.text(st.characters(codec="utf-8"), max_size=300) | st.sampled_from(
        ["a", "A", "a/b", "a/B", "..", "é" * 200]
    )


@given(st.lists(_names(), max_size=8, unique=True))
def test_no_two_files_share_a_place(paths: list[str]) -> None:
    folder = Path("/nowhere/at/all")
    places = Places(folder)
    taken = [places.take(path) for path in paths]
    names = [str(path.relative_to(folder)).casefold() for path in taken]
    assert len(set(names)) == len(names)
    for name in names:
        assert not any(other.startswith(f"{name}/") for other in names)
        assert all(len(part.encode()) < 255 for part in PurePosixPath(name).parts)


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "in" / "weights").symlink_to(tmp_path / "out")
    with pytest.raises(TargetRefusedError, match="link"):
        Places(tmp_path / "in").take("weights/best", "pt")
