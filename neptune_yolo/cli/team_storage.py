"""Whose storage a command works on: that of a team server, or of the embedded one."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from neptune_yolo.cli.options import home_option
from neptune_yolo.cli.team_options import Decorated, config_option, team_configuration
from neptune_yolo.server.configuration import ENVIRONMENT_PREFIX
from neptune_yolo.server.embedded import EmbeddedServer
from neptune_yolo.server.exceptions import EmbeddedServerError

if TYPE_CHECKING:
    from neptune_yolo.server.storage import Storage


def storage_options(function: Decorated) -> Decorated:
    """Add ``--home`` and ``--config``, which say whose storage a command works on."""
    return home_option(config_option(function))


def chosen_storage(home: Path | None, config_file: Path | None, *, is_new: bool = False) -> "Storage":
    """Return the storage of a team server, if one is configured, else that of the embedded server.

    Args:
        home: Data folder of the embedded server that was named.
        config_file: Settings of a team server that were named.
        is_new: Whether the storage is to be filled: a data folder is made, and no server may run on it.

    Raises:
        ServerError: If there is no such storage, or it can't be opened.
    """
    from neptune_yolo.server.storage import Storage, open_blobs

    if home is not None and config_file is not None:
        raise click.UsageError("Expected --home (an embedded server) or --config (a team server), got both.")
    is_configured = config_file is not None or any(name.startswith(ENVIRONMENT_PREFIX) for name in os.environ)
    if home is None and is_configured:
        configuration = team_configuration(config_file)
        blobs = open_blobs(configuration.file_root, configuration.bucket_settings)
        return Storage(configuration.database_url, blobs)
    return embedded_storage(EmbeddedServer(home), is_new=is_new)


def embedded_storage(server: EmbeddedServer, *, is_new: bool = False) -> "Storage":
    """Return the storage of an embedded server.

    Args:
        server: The server, which may run unless the storage is to be filled.
        is_new: Whether the storage is to be filled: a data folder is made.

    Raises:
        EmbeddedServerError: If there is no such storage, or a server runs on one that is to be filled.
    """
    from neptune_yolo.server.process import sqlite_url
    from neptune_yolo.server.storage import Storage, open_blobs

    layout = server.layout
    if is_new:
        if server.running() is not None:
            raise EmbeddedServerError(
                f"Expected no server on the data folder {layout.root}, but one runs. "
                "End it with `neptune-yolo server stop`, or name another folder by --home."
            )
        layout.prepare()
    elif not layout.database.is_file():
        raise EmbeddedServerError(
            f"Expected data of an embedded server in {layout.root}, but there is none. "
            "Name its data folder by --home, or the settings of a team server by --config."
        )
    return Storage(sqlite_url(layout.database), open_blobs(layout.files, None), layout.secrets)
