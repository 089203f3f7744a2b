"""The command ``neptune-yolo``. Each subcommand is imported when it is called, so that help is quick."""

import click

from neptune_yolo.cli.lazy_group import LazyCommand, LazyGroup

__all__ = ["main"]

COMMANDS = (
    LazyCommand("train", "neptune_yolo.cli.train:train", "Train as `yolo train` does, with a run."),
    LazyCommand("resume", "neptune_yolo.cli.resume:resume", "Go on with the training of a run, by the run's id."),
    LazyCommand("tune", "neptune_yolo.cli.tune:tune", "Search hyperparameters: one run for each trial."),
    LazyCommand("demo", "neptune_yolo.cli.demo:demo", "Train on a small data set and show the run. Needs no network."),
    LazyCommand("open", "neptune_yolo.cli.open:open_pages", "Open the runs, or one run, in the browser."),
    LazyCommand("runs", "neptune_yolo.cli.reading.runs:runs", "List runs, by a query, with columns."),
    LazyCommand("show", "neptune_yolo.cli.reading.show:show", "Show a run: how it went, its metrics, its attributes."),
    LazyCommand("get", "neptune_yolo.cli.reading.get:get", "Print values, series or files of a run."),
    LazyCommand("tail", "neptune_yolo.cli.reading.tail:tail", "Follow what a run prints, or a metric, live."),
    LazyCommand("compare", "neptune_yolo.cli.reading.compare:compare", "Show in what runs differ."),
    LazyCommand("download", "neptune_yolo.cli.reading.download:download", "Download files, or all of a run."),
    LazyCommand("delete", "neptune_yolo.cli.reading.delete:delete", "Put runs into the trash, or delete them."),
    LazyCommand("server", "neptune_yolo.cli.server:server", "Run, start, stop or look at the embedded server."),
    LazyCommand("user", "neptune_yolo.cli.user:user", "Make, list and disable users of a server."),
    LazyCommand("token", "neptune_yolo.cli.api_token:token", "Make, list and revoke API tokens of a team server."),
    LazyCommand("project", "neptune_yolo.cli.project:project", "Create, list and delete projects, and their members."),
    LazyCommand("backup", "neptune_yolo.cli.backup:backup", "Copy all that a server has stored, while it runs."),
    LazyCommand("restore", "neptune_yolo.cli.backup:restore", "Fill an empty server from a backup."),
    LazyCommand("verify", "neptune_yolo.cli.maintenance:verify", "Check every file, reference and series of a server."),
    LazyCommand("gc", "neptune_yolo.cli.maintenance:gc", "Remove files of a server that nothing refers to any more."),
    LazyCommand("stats", "neptune_yolo.cli.maintenance:stats", "Tell how much a server has stored, by project."),
    LazyCommand("env", "neptune_yolo.cli.env:env", "Print the environment that other scripts need to log here."),
    LazyCommand("import", "neptune_yolo.cli.import_group:import_group", "Import runs from elsewhere."),
    LazyCommand("export", "neptune_yolo.cli.export:export", "Export runs for other programs, or for keeping."),
    LazyCommand("sync", "neptune_yolo.cli.sync:sync", "Send what runs have left in a .neptune folder."),
    LazyCommand("status", "neptune_yolo.cli.sync:status", "List what runs have left in a .neptune folder."),
    LazyCommand("clear", "neptune_yolo.cli.sync:clear", "Remove what is no longer needed from a .neptune folder."),
)


@click.group(cls=LazyGroup, lazy_commands=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="neptune-yolo", prog_name="neptune-yolo")
def main() -> None:
    """Train YOLO with Neptune runs, kept on this machine."""
