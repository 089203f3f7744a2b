"""Settings of one server process, read once at its start."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class ServerSettings:
    """All that a server process needs to know.

    Attributes:
        database_url: SQLAlchemy address of the database, for example ``sqlite:////data/neptune.db``.
        file_root: Folder that holds uploaded files.
        api_secret: Secret inside the API token of the embedded server's only user.
        signing_key: Key that signs access tokens (HS256). Keep it across restarts: running clients hold such tokens.
        page_key: Key inside the links to pages; whoever has it may read.
        public_url: Address under which clients reach the server, without a slash at the end.
        host: Address to listen on.
        port: Port to listen on; 0 lets the system choose.
        instance: Identifies the data folder in ``/api/health``; empty for a server of unknown folder.
        idle_after_seconds: A run without a sign of life for so long is shown as idle (the client pings every 10 s).
        default_workspace: Workspace of projects that are named without one.
        user_name: Name of the only user; ``sys/owner`` of what is created.
        create_projects: Whether a project that is named for the first time is created.
        max_body_bytes: Largest JSON body; the client sends batches of up to 100 MiB.
    """

    database_url: str
    file_root: Path
    api_secret: str = field(repr=False)
    signing_key: str = field(repr=False)
    page_key: str = field(repr=False)
    public_url: str
    host: str = "127.0.0.1"
    port: int = 0
    instance: str = ""
    idle_after_seconds: float = 40.0
    default_workspace: str = "local"
    user_name: str = "local"
    create_projects: bool = True
    max_body_bytes: int = 256 * 1024 * 1024
