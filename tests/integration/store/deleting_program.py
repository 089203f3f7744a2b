"""Uploads, replaces and deletes files until it is killed.

Takes the address of the database, the folder of the files, and the ID of a run.
"""

import itertools
import sys
from pathlib import Path

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.domain.files import FileTarget
from neptune_yolo.server.domain.operation import DeleteAttribute
from neptune_yolo.server.services.bundle import ServiceFactory
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore


def main(database_url: str, file_root: str, run_id: str) -> None:
    settings = ServerSettings(database_url, Path(file_root), "a", "b", "c", "http://127.0.0.1")
    services = ServiceFactory(SqlStore(database_url), DiskBlobStore(settings.file_root), settings).for_caller(
        Caller("local", is_admin=True)
    )
    for number in itertools.count(1):
        for path in ("last", f"epoch_{number % 3}"):
            writer = services.files.start_blob()
            writer.write(b"weights %d" % (number % 7))
            services.files.attach(run_id, [(FileTarget(path, AttributeType.FILE, "pt"), writer.finish())])
        services.operations.execute(run_id, [DeleteAttribute(f"epoch_{(number + 1) % 3}")], str(number))
        if number == 1:
            print("ready", flush=True)  # noqa: T201 - the test waits for it


if __name__ == "__main__":
    main(*sys.argv[1:])
