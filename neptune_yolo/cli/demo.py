"""The command `neptune-yolo demo`."""

from pathlib import Path

import click

FEWEST_PICTURES = 16


@click.command("demo", short_help="Train a small digit detector and read its run back.")
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("neptune-yolo-demo"),
    show_default=True,
    help="Where the pictures, the training and its settings go.",
)
@click.option("--epochs", type=click.IntRange(min=1), default=8, show_default=True, help="Number of epochs to train.")
@click.option(
    "--images",
    type=click.IntRange(min=FEWEST_PICTURES),
    default=200,
    show_default=True,
    help="Number of training pictures; a quarter as many are validated on.",
)
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help="Start of all random numbers: the same seed makes the same pictures and the same training.",
)
@click.option(
    "--require-map50",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="The command fails if the mAP50 stays below.",
)
def demo(folder: Path, epochs: int, images: int, seed: int, require_map50: float) -> None:
    """Train YOLO on handwritten digits and read the run back.

    Makes a small set of pictures, trains yolo11n from scratch on the CPU, logs the training to the embedded server,
    and shows what the Neptune client reads back from the run. Takes one to two minutes and needs no network.
    """
    from neptune_yolo.demo.training import DemoOptions, run_demo

    options = DemoOptions(folder=folder, epochs=epochs, seed=seed, pictures=images, required_map50=require_map50)
    run_demo(options, say=click.echo)
