"""``neptune-yolo env``: what other scripts need in their environment to log to the embedded server."""

import os
import shlex
import sys
from enum import StrEnum
from pathlib import Path

import click

from neptune_yolo import envs
from neptune_yolo.cli.options import home_option, show_notes
from neptune_yolo.cli.projects import embedded_project
from neptune_yolo.connection import allow_loopback
from neptune_yolo.server.embedded import EmbeddedServer


class Shell(StrEnum):
    """Shells whose way to set a variable is known."""

    BASH = "bash"
    FISH = "fish"
    POWERSHELL = "powershell"
    CMD = "cmd"


@click.command()
@click.option(
    "--shell",
    type=click.Choice([shell.value for shell in Shell]),
    help="Shell to print for (bash is right for zsh and sh too). Default: the one of this machine.",
)
@click.option("-p", "--project", metavar="<workspace/name>", help=f"Default: {envs.NEPTUNE_PROJECT}, else local/yolo.")
@home_option
def env(shell: str | None, project: str | None, home: Path | None) -> None:
    """Print the environment that scripts with the plain neptune client need; starts the embedded server.

    \b
    bash, zsh:    eval "$(neptune-yolo env)"
    fish:         neptune-yolo env | source
    PowerShell:   neptune-yolo env | Out-String | Invoke-Expression

    The server leaves when nobody uses it for an hour: call this again then, or keep one with `neptune-yolo server`.
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    chosen = Shell(shell) if shell else _shell_of_this_machine()
    project_name = embedded_project(project)
    proxy_variables = [envs.NO_PROXY]
    if os.environ.get(envs.NO_PROXY.lower()) and sys.platform != "win32":
        proxy_variables.append(envs.NO_PROXY.lower())  # where both are set, the lower-case one is read
    running = EmbeddedServer(home).ensure_running()
    show_notes(running)
    allow_loopback(running.url)
    values = {envs.NEPTUNE_API_TOKEN: running.api_token, envs.NEPTUNE_PROJECT: project_name}
    values |= {name: os.environ[name] for name in (envs.OAUTHLIB_INSECURE_TRANSPORT, *proxy_variables)}
    for name, value in values.items():
        click.echo(assignment(chosen, name, value))


def assignment(shell: Shell, name: str, value: str) -> str:
    """Return the line that sets an environment variable in a shell."""
    if shell is Shell.FISH:
        escaped = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"set -gx {name} '{escaped}'"
    if shell is Shell.POWERSHELL:
        escaped = value.replace("'", "''")
        return f"$env:{name} = '{escaped}'"
    if shell is Shell.CMD:
        return f'set "{name}={value}"'
    return f"export {name}={shlex.quote(value)}"


def _shell_of_this_machine() -> Shell:
    if Path(os.environ.get("SHELL", "")).name == "fish":
        return Shell.FISH
    return Shell.POWERSHELL if sys.platform == "win32" and "SHELL" not in os.environ else Shell.BASH
