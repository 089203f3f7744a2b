"""``neptune-yolo import``: what people have elsewhere becomes runs here."""

import click

from neptune_yolo.cli.lazy_group import LazyCommand, LazyGroup

COMMANDS = (
    LazyCommand(
        "neptune-export",
        "neptune_yolo.cli.import_neptune_export:import_neptune_export",
        "Import what neptune-exporter has saved of the hosted Neptune.",
    ),
    LazyCommand(
        "ultralytics",
        "neptune_yolo.cli.import_ultralytics:import_ultralytics",
        "Import the folders that Ultralytics has left below runs/.",
    ),
    LazyCommand(
        "neptune-local",
        "neptune_yolo.cli.import_local:import_local",
        "Import what clients have left in .neptune folders for a server that is gone.",
    ),
)


@click.group("import", cls=LazyGroup, lazy_commands=COMMANDS)
def import_group() -> None:
    """Import runs from elsewhere: each becomes a run here, and is checked; a second import doubles nothing."""
