"""Settings of one server process, read once at its start."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class BucketSettings:
    """Where S3-compatible storage is; the keys to it come from the environment, as every AWS program takes them.

    Attributes:
        name: Name of the bucket.
        prefix: Beginning of all names in it.
        endpoint_url: Address of storage that is not Amazon's; None for Amazon's.
        region: Region of the bucket; None for the environment's.
        path_style: Whether requests to an ``endpoint_url`` name the bucket in the path, not in the host.
    """

    name: str
    prefix: str = ""
    endpoint_url: str | None = None
    region: str | None = None
    path_style: bool = True


@dataclass(frozen=True)
class ServerSettings:
    """All that a server process needs to know.

    Attributes:
        database_url: SQLAlchemy address of the database, for example ``sqlite:////data/neptune.db``.
        file_root: Folder that holds uploaded files.
        api_secret: Secret inside the API token of the embedded server's only user; None for a server whose users and
            tokens are in its database.
        signing_key: Key that signs access tokens (HS256). Keep it across restarts: running clients hold such tokens.
            Empty for the one that all processes on the database share.
        page_key: Signs the one-time tickets in the links to pages; whoever has it may read all. None for pages that
            ask who one is.
        public_url: Address under which clients reach the server, without a slash at the end.
        host: Address to listen on.
        port: Port to listen on; 0 lets the system choose.
        instance: Identifies the data folder in ``/api/health``; empty for a server of unknown folder.
        idle_after_seconds: A run without a sign of life for so long is shown as idle (the client pings every 10 s).
        default_workspace: Workspace of projects that are named without one.
        user_name: Name of the only user; ``sys/owner`` of what is created.
        create_projects: Whether a project that is named for the first time is created.
        max_body_bytes: Largest JSON body; the client sends batches of up to 100 MiB.
        max_json_values: Most values in one JSON body, those inside of others counted; a parsed one takes 100 bytes.
        max_large_bodies: JSON bodies of more than 4 MiB that are in memory at a time; further ones wait on disk.
        max_file_bytes: Largest file of an upload.
        max_package_bytes: Most bytes in one package of several files, packed or unpacked; the client packs 5 MiB.
        max_package_files: Most files in one package; the client packs about 500.
        max_connections: Most connections of one process at a time; a run that is being logged holds up to four.
        body_pause_seconds: Longest pause within a request's body; in the long run it must come at 1 KiB per second.
        bucket: Where uploaded files are instead of ``file_root``; None for the folder.
        allowed_hosts: Names by which the server may be addressed, beside ``host`` and those of this machine.
        serves_api: Whether the process answers clients.
        serves_pages: Whether the process shows pages.
        does_maintenance: Whether the process removes what is no longer in use, at its start and now and then.
    """

    database_url: str
    file_root: Path
    api_secret: str | None = field(repr=False)
    signing_key: str = field(repr=False)
    page_key: str | None = field(repr=False)
    public_url: str
    host: str = "127.0.0.1"
    port: int = 0
    instance: str = ""
    idle_after_seconds: float = 40.0
    default_workspace: str = "local"
    user_name: str = "local"
    create_projects: bool = True
    max_body_bytes: int = 256 * 1024 * 1024
    max_json_values: int = 5_000_000
    max_large_bodies: int = 2
    max_file_bytes: int = 256 * 1024**3
    max_package_bytes: int = 1024**3
    max_package_files: int = 100_000
    max_connections: int = 4096
    body_pause_seconds: float = 60.0
    bucket: BucketSettings | None = None
    allowed_hosts: tuple[str, ...] = ()
    serves_api: bool = True
    serves_pages: bool = True
    does_maintenance: bool = True
