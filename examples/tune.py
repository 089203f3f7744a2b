"""Search hyperparameters with a trainer of your own: one run for the search, one for each trial.

Makes a small data set of handwritten digits, tries learning rate and flips on it, and prints the best choice. With
`--resume`, the id of the search's run, a search that was interrupted goes on.

    python examples/tune.py --iterations 5 --epochs 3
"""

import argparse
from pathlib import Path

from neptune_yolo import NeptuneDetectionTrainer, NeptuneSettings, tune
from neptune_yolo.demo.digits import make_digits
from neptune_yolo.policies import PredictionPolicy


class SearchTrainer(NeptuneDetectionTrainer):
    """Logs one value more; a search takes any trainer."""

    neptune = NeptuneSettings(
        project="local/examples",
        tags=["tune"],
        class_metrics=False,  # a search has many runs: they are kept small
        predictions=PredictionPolicy(images=0),
    )

    def log_setup(self) -> None:
        """Extend `log_setup`, which is called before the first epoch."""
        super().log_setup()
        self.run["custom/trial"] = Path(self.save_dir).name


def main() -> None:
    """Search, and print what was found."""
    parser = argparse.ArgumentParser(description="Search hyperparameters on handwritten digits.")
    parser.add_argument("--iterations", type=int, default=5, help="number of trials")
    parser.add_argument("--epochs", type=int, default=3, help="epochs of each trial")
    parser.add_argument("--pictures", type=int, default=64, help="pictures to train on")
    parser.add_argument("--resume", help="the search to go on with: the id of its run, or its folder")
    options = parser.parse_args()
    result = tune(
        "yolo11n.yaml",
        SearchTrainer,
        iterations=options.iterations,
        space={"lr0": (1e-4, 1e-2), "fliplr": (0.0, 0.5), "warmup_epochs": (0.0, 2.0)},
        resume=options.resume,
        data=str(make_digits(Path("digits"), train=options.pictures, val=16, size=64)),
        epochs=options.epochs,
        imgsz=64,
        batch=8,
        nbs=8,
        project=str(Path("runs").absolute()),
        plots=False,
    )
    print(f"best hyperparameters: {result.best_hyperparameters}")
    print(f"best weights: {result.best_weights}")


if __name__ == "__main__":
    main()
