"""The state file: what is known of the present or the last server of a data folder."""

import json
import platform
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Self

import psutil

from neptune_yolo.server.private_files import read_private_file, write_private_file

_CLOCK_TOLERANCE_SECONDS = 2.0


@dataclass(frozen=True)
class ServerState:
    """What a server process writes about itself.

    Attributes:
        instance: Id of this start; the health answer of the same server repeats it.
        pid: Process id; None once the server has left by itself.
        process_started_at: Start of that process in seconds since the epoch; tells a recycled process id.
        machine: Name of the machine the process runs on.
        host: Address that it listens on.
        port: Port that it listens on; tried first at the next start.
        version: Version of neptune_yolo that runs.
        idle_seconds: Seconds without activity after which it leaves; 0 for never.
        notes: What a user should know about this start, as sentences.
    """

    instance: str
    pid: int | None
    process_started_at: float
    machine: str
    host: str
    port: int
    version: str
    idle_seconds: float
    notes: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Address of the server, without a slash at the end."""
        return f"http://{self.host}:{self.port}"

    @property
    def elsewhere(self) -> bool:
        """Whether the server belongs to another machine (a data folder on a shared disk)."""
        return self.machine != platform.node()

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Return the state kept at `path`; None if there is none, or none that can be understood."""
        try:
            content = read_private_file(path)
            if content is None:
                return None
            values = json.loads(content)
            return cls(
                instance=str(values["instance"]),
                pid=None if values["pid"] is None else int(values["pid"]),
                process_started_at=float(values["process_started_at"]),
                machine=str(values["machine"]),
                host=str(values["host"]),
                port=int(values["port"]),
                version=str(values["version"]),
                idle_seconds=float(values["idle_seconds"]),
                notes=tuple(str(note) for note in values["notes"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None  # an unreadable, torn or foreign file says nothing about a server; the lock does

    def write(self, path: Path) -> None:
        """Keep this state at `path`."""
        write_private_file(path, json.dumps(asdict(self), indent=2).encode())

    def left(self) -> Self:
        """Return the state of a server that has gone; its port is kept for the next start."""
        return replace(self, pid=None, notes=())

    def process(self) -> psutil.Process | None:
        """Return the server's process, or None if it is gone, a zombie, or another one under the same id."""
        if self.pid is None or self.elsewhere:
            return None
        try:
            process = psutil.Process(self.pid)
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            same = abs(process.create_time() - self.process_started_at) < _CLOCK_TOLERANCE_SECONDS
        except psutil.Error:
            return None
        return process if same else None
