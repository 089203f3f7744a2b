"""Bring a database's tables to the newest schema."""

from importlib.resources import as_file, files

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Apply the migrations that a database lacks, within the connection's transaction.

    Args:
        connection: An open connection in a writing transaction; it is not committed here.
        revision: Where to stop; the newest by default.
    """
    with as_file(files("neptune_yolo.server.store").joinpath("migrations")) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
