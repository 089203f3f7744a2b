"""The k-fold example as a program: a parent, a child for each fold, one group tag, and the means in the parent."""

import re
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from neptune_yolo.connection import open_connection
from neptune_yolo.settings import NeptuneSettings

pytestmark = pytest.mark.training

EXAMPLE = Path(__file__).parents[3] / "examples" / "kfold.py"


def read(run_id: str) -> dict[str, Any]:
    import neptune

    connection = open_connection(NeptuneSettings(project="local/kfold"))
    run = neptune.init_run(with_id=run_id, project=connection.project, api_token=connection.api_token, mode="read-only")
    names = ("sys/name", "sys/group_tags", "lineage/parent", "lineage/children", "dataset/fold", "dataset/folds")
    metrics = ("lineage/metrics/mAP50(B)/mean", "lineage/metrics/mAP50(B)/max", "final/metrics/mAP50(B)")
    more = ("training/status", "dataset/name", "dataset/train/images", "dataset/val/images")
    found = {name: run[name].fetch() for name in (*names, *metrics, *more) if run.exists(name)}
    run.stop()
    return found


@pytest.mark.thorough
def test_the_example_leaves_a_parent_and_its_children(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLE), "--folds", "2", "--epochs", "1"],
        check=False,
        capture_output=True,
        text=True,
        timeout=180,
        cwd=tmp_path / "work",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    printed = re.search(r"^KFO-1: mean mAP50 of 2 folds: (\d\.\d{3})$", done.stdout, re.MULTILINE)
    assert printed is not None, done.stdout

    parent, *children = (read(f"KFO-{number}") for number in (1, 2, 3))
    assert parent["sys/name"] == "2-fold"
    assert parent["lineage/children"] == {"KFO-2": "KFO-2", "KFO-3": "KFO-3"}
    assert "lineage/parent" not in parent
    for number, child in enumerate(children, start=1):
        assert child["sys/name"] == f"fold_{number}"
        assert child["lineage/parent"] == "KFO-1"
        assert child["sys/group_tags"] == parent["sys/group_tags"] == {"kfold KFO-1"}
        assert (child["dataset/fold"], child["dataset/folds"]) == (number, 2)
        assert child["dataset/name"] == f"digits_fold_{number}"
        assert (child["dataset/train/images"], child["dataset/val/images"]) == (25, 25)
        assert child["training/status"] == "completed"
    of_children = [child["final/metrics/mAP50(B)"] for child in children]
    assert parent["lineage/metrics/mAP50(B)/mean"] == pytest.approx(statistics.fmean(of_children))
    assert parent["lineage/metrics/mAP50(B)/max"] == pytest.approx(max(of_children))
    assert float(printed[1]) == pytest.approx(parent["lineage/metrics/mAP50(B)/mean"], abs=0.001)
