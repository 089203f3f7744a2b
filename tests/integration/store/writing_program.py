"""Logs to a run that others log to at the same time, and to one of its own.

Takes the address of the database, the folder of the files, the ID of the shared run, the number of batches, and its own
number.
"""

import sys
from pathlib import Path

from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.domain.operation import LogFloats
from neptune_yolo.server.services.bundle import ServiceFactory
from neptune_yolo.server.services.runs import NewRun
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.sql import SqlStore


def main(database_url: str, file_root: str, run_id: str, batches: str, number: str) -> None:
    settings = ServerSettings(database_url, Path(file_root), "a", "b", "c", "http://127.0.0.1")
    store = SqlStore(database_url)
    services = ServiceFactory(store, DiskBlobStore(settings.file_root), settings).for_caller(
        Caller("local", is_admin=True)
    )
    project = services.projects.get_or_create("local/yolo")
    own = services.runs.create(NewRun(project.id, f"run {number}", None))
    for batch in range(int(batches)):
        points = [(None, batch * 20 + position, 0.5) for position in range(20)]
        for run, path in ((run_id, "shared"), (run_id, f"own {number}"), (own.id, "metric")):
            errors = services.operations.execute(run, [LogFloats(path, list(points))], f"{number} {batch} {path}")
            assert errors == []
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
