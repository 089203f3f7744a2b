"""Log any program, not only a YOLO training, to the embedded server with the plain Neptune client.

Starts the embedded server if it does not run yet, fits a curve, logs the loss of each step, and reads the run back as
another program would.

    python examples/self_hosted_server.py
"""

import math

import neptune

from neptune_yolo import NeptuneSettings
from neptune_yolo.connection import Connection, open_connection

STEPS = 200


def fit_and_log(connection: Connection) -> str:
    """Fit y = sin(x) by a cubic with gradient descent, log it, and return the id of the run."""
    run = neptune.init_run(
        project=connection.project,
        api_token=connection.api_token,
        name="curve fit",
        tags=["example"],
        source_files=[],
    )
    rate = 0.1
    run["parameters"] = {"steps": STEPS, "rate": rate, "function": "sin"}
    xs = [-1.5 + 3 * i / 40 for i in range(41)]
    weights = [0.0, 0.0, 0.0, 0.0]
    for step in range(STEPS):
        errors = [sum(w * x**power for power, w in enumerate(weights)) - math.sin(x) for x in xs]
        gradient = [2 * sum(e * x**power for e, x in zip(errors, xs, strict=True)) / len(xs) for power in range(4)]
        weights = [w - rate * g for w, g in zip(weights, gradient, strict=True)]
        run["train/loss"].append(sum(e * e for e in errors) / len(xs), step=step)
    run["model/weights"] = str([round(w, 3) for w in weights])
    run_id: str = run["sys/id"].fetch()
    run.stop()
    return run_id


def read(connection: Connection, run_id: str) -> None:
    """Open the run again, for reading only, and print what it holds."""
    run = neptune.init_run(project=connection.project, api_token=connection.api_token, with_id=run_id, mode="read-only")
    losses = run["train/loss"].fetch_values(include_timestamp=False, progress_bar=False)["value"]
    print(f"{run_id}: {len(losses)} losses, from {losses.iloc[0]:.4f} to {losses.iloc[-1]:.4f}")
    print(f"weights: {run['model/weights'].fetch()}")
    print(f"open it: {run.get_url()}")
    run.stop()


def main() -> None:
    """Log a run and read it back."""
    connection = open_connection(NeptuneSettings(project="local/examples"))
    read(connection, fit_and_log(connection))


if __name__ == "__main__":
    main()
