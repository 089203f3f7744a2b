"""Options of commands that work on a team server's settings, made from the table of settings."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from neptune_yolo.server.configuration import ENVIRONMENT_PREFIX, ServerConfiguration
from neptune_yolo.server.configuration_sources import help_text, load_configuration, setting_names, type_text

Decorated = Callable[..., Any]

config_option = click.option(
    "--config",
    "config_file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="<file>",
    help=f"TOML file with the settings of a team server. Environment: {ENVIRONMENT_PREFIX}<NAME>.",
)
"""Adds ``--config``, the settings file of a team server."""


def setting_options(function: Decorated) -> Decorated:
    """Add an option for each setting, as text; None when it isn't given."""
    for name in reversed(setting_names()):
        option = f"--{name.replace('_', '-')}"
        text = help_text(name).replace("`", "")
        function = click.option(option, name, metavar=f"<{type_text(name)}>", help=text)(function)
    return function


def team_configuration(config_file: Path | None, **options: str | None) -> ServerConfiguration:
    """Return the settings of file, environment and options.

    Raises:
        ConfigurationError: If a setting is unknown or of a wrong type.
    """
    return load_configuration(config_file, os.environ, options)
