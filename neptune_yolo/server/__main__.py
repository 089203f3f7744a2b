"""Entry of the detached server process: ``python -m neptune_yolo.server``."""

import argparse
import logging
import sys
from pathlib import Path

from neptune_yolo.server.exceptions import ServerError
from neptune_yolo.server.home import HomeLayout
from neptune_yolo.server.launching import DEFAULT_APP_FACTORY
from neptune_yolo.server.process import ProcessOptions, run_server


def main() -> int:
    """Run the server that the arguments describe; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m neptune_yolo.server", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="data folder")
    parser.add_argument("--idle-seconds", type=float, default=3600.0, help="leave after so long without use; 0: never")
    parser.add_argument("--app-factory", default=DEFAULT_APP_FACTORY, help="module:function that makes the application")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("neptune_yolo.server").setLevel(logging.INFO)
    try:
        return run_server(
            ProcessOptions(
                layout=HomeLayout(arguments.home.absolute()),
                idle_seconds=arguments.idle_seconds,
                app_factory=arguments.app_factory,
            )
        )
    except ServerError as error:
        logging.getLogger("neptune_yolo.server").error("%s", error)  # noqa: TRY400 - the sentence says all
        return 1


if __name__ == "__main__":
    sys.exit(main())
