from pathlib import Path

from neptune_yolo.cli.demo import demo
from neptune_yolo.demo.training import DemoOptions, training_arguments


def test_every_batch_moves_the_weights_and_no_digit_is_mirrored() -> None:
    arguments = training_arguments(Path("data.yaml"), Path("demo"), DemoOptions(epochs=3, seed=5))

    assert arguments["nbs"] == arguments["batch"]
    assert arguments["fliplr"] == 0
    assert arguments["epochs"] == 3
    assert arguments["seed"] == 5


def test_the_command_has_the_defaults_of_the_options() -> None:
    defaults = {parameter.name: parameter.default for parameter in demo.params}
    options = DemoOptions()

    assert defaults == {
        "folder": options.folder,
        "epochs": options.epochs,
        "images": options.pictures,
        "seed": options.seed,
        "require_map50": options.required_map50,
    }
