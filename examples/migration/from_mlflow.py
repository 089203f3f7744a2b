"""Log the runs of an MLflow experiment as runs here, with their steps and times.

    python examples/migration/from_mlflow.py sqlite:///mlflow.db my-experiment --project local/from_mlflow

Reads through MLflow's public client (pip install "neptune-yolo[mlflow]") and writes through the Neptune client, to the
server of NEPTUNE_API_TOKEN, else to the embedded one. Metrics of Ultralytics' MLflow callback get their names back
(metrics/mAP50B becomes metrics/mAP50(B)), weights/best.pt becomes weights/best. When a run began in MLflow stands at
import/mlflow/started_at. Run it again as often as you like: what is complete is left out.
"""

import argparse
import math
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any

import neptune
from mlflow import MlflowClient

from neptune_yolo import NeptuneSettings, read
from neptune_yolo.connection import Connection, open_connection

PARAMETERS = "Configuration/Hyperparameters"
ORIGIN = "import/mlflow"
POINTS_AT_A_TIME = 1000


def path_of(key: str) -> str:
    """Return the attribute path of a metric: Ultralytics leaves out the parentheses of metrics/mAP50(B)."""
    return re.sub(r"^(metrics/.+)([BMP])$", r"\1(\2)", key)


def value_of(text: str) -> bool | float | str:
    """Return a parameter with its type; MLflow keeps all as texts."""
    if text in ("True", "False"):
        return text == "True"
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        return value if math.isfinite(value) and abs(value) < 2**63 else text
    return text


def runs_of(client: MlflowClient, experiment: str) -> Iterator[Any]:
    """Yield the runs of an experiment, oldest first."""
    found = client.get_experiment_by_name(experiment)
    if found is None:
        known = ", ".join(sorted(each.name for each in client.search_experiments()))
        raise SystemExit(f"Expected an experiment {experiment!r}, found these: {known}.")
    token = None
    while True:
        page = client.search_runs([found.experiment_id], order_by=["attributes.start_time"], page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def complete_runs(connection: Connection) -> set[str]:
    """Return the IDs in MLflow of the runs that are here already."""
    with read.open_api(connection.api_token) as api:
        try:
            query, columns = f"`{ORIGIN}/complete`:bool = true", [f"{ORIGIN}/run_id"]
            table = read.runs(query, connection.project, columns, api=api)
        except read.ThingNotFoundError:  # no such project yet
            return set()
    return set(table[f"{ORIGIN}/run_id"]) if len(table) else set()


def log_metric(run: neptune.Run, path: str, history: Sequence[Any]) -> None:
    """Log a metric; where several points share a step, their number becomes the step."""
    points = sorted((point.step, point.timestamp, point.value) for point in history if math.isfinite(point.value))
    steps = [float(step) for step, _, _ in points]
    if len(set(steps)) < len(steps):
        points.sort(key=lambda point: point[1])
        steps = [float(number) for number in range(len(points))]
    for start in range(0, len(points), POINTS_AT_A_TIME):
        part = points[start : start + POINTS_AT_A_TIME]
        run[path].extend(
            [value for _, _, value in part],
            steps=steps[start : start + POINTS_AT_A_TIME],
            timestamps=[moment_ms / 1000 for _, moment_ms, _ in part],
        )


def log_artifacts(run: neptune.Run, client: MlflowClient, run_id: str, folder: Path, inside: str = "") -> None:
    """Upload all artifacts below a path."""
    for item in client.list_artifacts(run_id, inside or None):
        if item.is_dir:
            log_artifacts(run, client, run_id, folder, item.path)
            continue
        place = PurePosixPath(item.path)
        is_checkpoint = place.parts[0] == "weights" and place.suffix == ".pt"
        path = str(place.with_suffix("")) if is_checkpoint else f"artifacts/{place}"
        run[path].upload(client.download_artifacts(run_id, item.path, str(folder)))


def log_run(connection: Connection, client: MlflowClient, source: Any) -> str:
    """Log one run, and return its ID here."""
    info, data = source.info, source.data
    run = neptune.init_run(
        project=connection.project,
        api_token=connection.api_token,
        custom_run_id=info.run_id,  # an import that was broken off goes on in the same run
        name=info.run_name or info.run_id,
        description=data.tags.get("mlflow.note.content", ""),
        source_files=[],
        git_ref=False,
        capture_hardware_metrics=False,
        capture_stdout=False,
        capture_stderr=False,
        capture_traceback=False,
    )
    run[ORIGIN] = {"run_id": info.run_id, "status": info.status, "tags": dict(data.tags)}
    run[f"{ORIGIN}/started_at"] = datetime.fromtimestamp(info.start_time / 1000, UTC)
    run[PARAMETERS] = {key: value_of(text) for key, text in data.params.items()}
    for key in data.metrics:
        log_metric(run, path_of(key), client.get_metric_history(info.run_id, key))
    with tempfile.TemporaryDirectory() as folder:
        log_artifacts(run, client, info.run_id, Path(folder))
        run["sys/failed"] = info.status == "FAILED"
        run.wait()
    run[f"{ORIGIN}/complete"] = True
    run_id: str = run["sys/id"].fetch()
    run.stop()
    return run_id


def main() -> None:
    """Log every run of the experiment that is not complete here."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tracking_uri")
    parser.add_argument("experiment")
    parser.add_argument("--project", default="local/from_mlflow")
    asked = parser.parse_args()
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")  # one for each file
    client = MlflowClient(tracking_uri=asked.tracking_uri)
    connection = open_connection(NeptuneSettings(project=asked.project))
    complete = complete_runs(connection)
    for source in runs_of(client, asked.experiment):
        if source.info.run_id in complete:
            print(f"{source.info.run_id}: is here already")
        else:
            print(f"{source.info.run_id}: {log_run(connection, client, source)}")


if __name__ == "__main__":
    main()
