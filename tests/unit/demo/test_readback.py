import pytest

from neptune_yolo.demo.readback import RunSummary

SUMMARY = RunSummary(
    project="local/demo",
    run_id="DEM-7",
    name="digits3",
    status="completed",
    epochs=10,
    map50=0.95449,
    map50_95=0.8,
    best_epoch=9,
    points=130,
    files=(("Plots/results", 300_000), ("weights/best", 5_400_000), ("weights/last", 5_350_000)),
    link="http://127.0.0.1:5000/run",
)


@pytest.mark.parametrize(
    "row",
    [
        "  project         local/demo",
        "  run             DEM-7 (digits3), completed",
        "  epochs          10, the best was number 9",
        "  mAP50           0.954",
        "  mAP50-95        0.800",
        "  series points   130, all equal to results.csv",
        "  checkpoints     weights/best 5.4 MB, weights/last 5.3 MB, the bytes on disk",
        "  files           3, 11.1 MB in all",
        "  time            71 s",
    ],
)
def test_the_table_has_a_row_for(row: str) -> None:
    assert row in SUMMARY.lines(seconds=71.4)


def test_the_link_comes_last() -> None:
    assert SUMMARY.lines(seconds=1)[-1] == "Open the run: http://127.0.0.1:5000/run"
