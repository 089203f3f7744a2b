from pathlib import Path

import pytest

from neptune_yolo.tracking.resume import NOTE_NAME, RunNote, read_note, training_folder, write_note

NOTE = RunNote(run_id="YOL-7", project="local/grün", last_step=4, step_offset=2, queues=("a/async/run__1__2__3",))


def test_a_note_comes_back_as_it_was(tmp_path: Path) -> None:
    write_note(tmp_path / "new", NOTE)
    write_note(tmp_path / "new", NOTE)

    assert read_note(tmp_path / "new") == NOTE
    assert [file.name for file in (tmp_path / "new").iterdir()] == [NOTE_NAME]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param('{"run_id": "YOL', id="torn"),
        pytest.param("[1]", id="a list"),
        pytest.param('{"run_id": 7}', id="a number for an id"),
        pytest.param('{"run_id": "YOL-7", "last_step": "x"}', id="a text for a step"),
        pytest.param('{"run_id": "YOL-7", "queues": 5}', id="a number for queues"),
        pytest.param('{"project": "a/b"}', id="of no run"),
    ],
)
def test_what_is_no_note_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / NOTE_NAME).write_text(content, encoding="utf-8")

    assert read_note(tmp_path) is None


def test_a_note_of_a_later_version_is_read(tmp_path: Path) -> None:
    (tmp_path / NOTE_NAME).write_text('{"run_id": "YOL-7", "later": {}}', encoding="utf-8")

    assert read_note(tmp_path) == RunNote(run_id="YOL-7")


def test_a_queue_is_noted_once() -> None:
    queue = Path("b")

    assert NOTE.with_queue(queue).with_queue(queue).queues == (*NOTE.queues, "b")
    assert NOTE.with_queue(None) == NOTE


def test_the_folder_of_a_training_is_told_by_the_place_of_its_checkpoint(tmp_path: Path) -> None:
    assert training_folder(tmp_path / "train" / "weights" / "last.pt") == tmp_path / "train"
    assert training_folder(tmp_path / "last.pt") == tmp_path
