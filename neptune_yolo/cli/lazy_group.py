"""A command group that imports its subcommands when they are called, and prints our errors as one sentence."""

import importlib
from collections.abc import Iterable
from typing import Any, NamedTuple

import click

from neptune_yolo.exceptions import NeptuneYoloError
from neptune_yolo.server.exceptions import ServerError


class LazyCommand(NamedTuple):
    """A subcommand that isn't imported yet.

    Attributes:
        name: What the user types.
        target: ``module:attribute`` of the click command.
        summary: Its line in the group's help.
    """

    name: str
    target: str
    summary: str


class LazyGroup(click.Group):
    """A click group over `LazyCommand` entries."""

    def __init__(self, *args: Any, lazy_commands: Iterable[LazyCommand] = (), **keywords: Any) -> None:
        super().__init__(*args, **keywords)
        self._lazy = {command.name: command for command in lazy_commands}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return [*self._lazy, *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return a subcommand; None if there is none of this name."""
        entry = self._lazy.get(cmd_name)
        if entry is None:
            return super().get_command(ctx, cmd_name)
        module_name, _, attribute = entry.target.partition(":")
        command: click.Command = getattr(importlib.import_module(module_name), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of subcommands without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.summary) for entry in self._lazy.values()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the subcommand; an error of ours becomes ``Error: <message>`` and exit code 1."""
        try:
            return super().invoke(ctx)
        except (NeptuneYoloError, ServerError) as error:
            raise click.ClickException(str(error)) from error
