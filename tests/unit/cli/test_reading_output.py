import pytest

from neptune_yolo.cli.reading.lines import Lines
from neptune_yolo.cli.reading.output import plot_text
from neptune_yolo.cli.reading.values import duration_text, moment_json, moment_text, number_text, plain, size_text


@pytest.mark.parametrize(
    ("pieces", "lines", "pending"),
    [
        (["one\ntw", "o\n"], ["one", "two"], ""),
        (["\r\x1b[K 1/3", "\r\x1b[K 2/3", "\r\x1b[K 3/3\n"], [" 3/3"], ""),
        (["10%\r", "20%"], [], "20%"),
        (["a\r\nb"], ["a"], "b"),
        (["done\r", "\n"], ["done"], ""),
        (["\x1b[31mred\x1b[0m\n"], ["red"], ""),
        (["\x1b]0;title\x07x\n"], ["x"], ""),
    ],
)
def test_progress_bars_become_their_last_state(pieces: list[str], lines: list[str], pending: str) -> None:
    made = Lines()
    assert [line for piece in pieces for line in made.feed(piece)] == lines
    assert made.pending == pending


def test_a_terminal_is_given_nothing_to_obey() -> None:
    assert plain("a\x1b[2Jb\x07c\u202ed\x9b1me") == "abcd1me"
    assert plain("a\n b\t c", in_one_line=True) == "a b c"
    assert plain("mAP50(B) é 漢") == "mAP50(B) é 漢"


def test_numbers_sizes_and_moments() -> None:
    assert [number_text(1 / 3), number_text(12), number_text(1e-9)] == ["0.333333", "12", "1e-09"]
    assert [size_text(512), size_text(5_418_266), size_text(2e15)] == ["512 B", "5.4 MB", "2000.0 TB"]
    assert [duration_text(s) for s in (3.9, 65, 7500, 180_000)] == ["3 s", "1 min 05 s", "2 h 05 min", "2 d 2 h"]
    assert moment_text(0) == "1970-01-01 00:00:00"
    assert moment_json(1_795_610_907_955) == "2026-11-25T12:48:27.955Z"
    assert moment_json(None) is None
    assert moment_text(10**18).startswith("9999")


@pytest.mark.parametrize("values", [[1.0], [1.0, 1.0], [0.0, 1e300, -1e300], list(map(float, range(500)))])
def test_a_plot_fits_and_has_no_colours(values: list[float]) -> None:
    text = plot_text([float(step) for step in range(len(values))], values, 60)
    assert max(map(len, text.splitlines())) <= 60
    assert "\x1b" not in text
    assert any("⠀" < sign <= "⣿" for sign in text)
