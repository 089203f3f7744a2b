"""Settings of a team server: one table, read from a file, the environment and the command line."""

import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from neptune_yolo.server.exceptions import ConfigurationError
from neptune_yolo.server.settings import BucketSettings

ENVIRONMENT_PREFIX = "NEPTUNE_YOLO_SERVER_"
"""Begins the name of the environment variable of each setting."""


class ServerRole(StrEnum):
    """A part of the server that a process may serve or do."""

    API = "api"
    DASHBOARD = "dashboard"
    MAINTENANCE = "maintenance"


class LogFormat(StrEnum):
    """How log lines are written."""

    TEXT = "text"
    JSON = "json"


class LogLevel(StrEnum):
    """Which log lines are written."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, kw_only=True)
class ServerConfiguration:
    """The table of settings: name, type, help and default of each.

    Durations are in seconds and sizes in bytes, as the names say.
    """

    host: Annotated[str, "Address to listen on; `0.0.0.0` is all of IPv4, `::` all of IPv6 and IPv4."] = "127.0.0.1"
    port: Annotated[int, "Port to listen on; 0 lets the system choose."] = 8080
    tls_certificate: Annotated[Path | None, "PEM file with the certificate and its chain, to speak https."] = None
    tls_key: Annotated[Path | None, "PEM file with the certificate's key."] = None
    public_url: Annotated[str | None, "Where clients reach the server, for example `https://neptune.example.com`."] = (
        None
    )
    database_url: Annotated[
        str,
        "`postgresql+psycopg://user:password@host/name`, or `sqlite:///file`; a relative path counts from the settings "
        "file's folder, without such a file from the current one.",
    ] = field(default="sqlite:///neptune.db", repr=False)
    file_root: Annotated[
        Path, "Folder of uploaded files, not used with a bucket; a relative one counts as that of `database_url` does."
    ] = Path("files")
    bucket: Annotated[str | None, "S3 bucket of uploaded files; its keys come from the usual AWS variables."] = None
    bucket_prefix: Annotated[str, "Beginning of all names in the bucket."] = ""
    bucket_endpoint_url: Annotated[str | None, "Address of S3-compatible storage that is not Amazon's."] = None
    bucket_region: Annotated[str | None, "Region of the bucket."] = None
    bucket_path_style: Annotated[
        bool, "Whether requests to `bucket_endpoint_url` name the bucket in the path, not in the host."
    ] = True
    roles: Annotated[tuple[ServerRole, ...], "What this process does: answer clients, show pages, clean up."] = tuple(
        ServerRole
    )
    create_projects: Annotated[bool, "Whether a project that is named for the first time is made."] = False
    default_workspace: Annotated[str, "Workspace of projects that are named without one."] = "team"
    idle_after_seconds: Annotated[float, "A run without a sign of life for so long is shown as idle."] = 40.0
    max_body_bytes: Annotated[int, "Largest JSON body of a request."] = 256 * 1024 * 1024
    max_json_values: Annotated[int, "Most values in one JSON body; a parsed one takes about 100 bytes."] = 5_000_000
    max_large_bodies: Annotated[int, "JSON bodies above 4 MiB in memory at a time; others wait on disk."] = 2
    max_file_bytes: Annotated[int, "Largest uploaded file."] = 256 * 1024**3
    max_package_bytes: Annotated[int, "Most bytes in one package of small files, packed or unpacked."] = 1024**3
    max_connections: Annotated[int, "Most connections of one process; a run that is being logged holds up to four."] = (
        4096
    )
    body_pause_seconds: Annotated[float, "Longest pause within the body of a request."] = 60.0
    shutdown_seconds: Annotated[int, "How long requests under way may take when the server is told to end."] = 30
    trusted_proxies: Annotated[
        tuple[str, ...],
        "Addresses or networks of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed.",
    ] = ()
    allowed_hosts: Annotated[tuple[str, ...], "Further names by which the server may be addressed (`Host`)."] = ()
    allow_insecure: Annotated[bool, "The explicit word for plain http, or for no users yet, beyond this machine."] = (
        False
    )
    log_format: Annotated[LogFormat, "How log lines are written."] = LogFormat.TEXT
    log_level: Annotated[LogLevel, "Which log lines are written."] = LogLevel.INFO

    @property
    def speaks_tls(self) -> bool:
        """Whether the process itself speaks https."""
        return self.tls_certificate is not None

    @property
    def is_on_loopback(self) -> bool:
        """Whether only this machine can reach the address that the process listens on."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def bucket_settings(self) -> BucketSettings | None:
        """Where the bucket is; None for files in a folder."""
        if self.bucket is None:
            return None
        return BucketSettings(self.bucket, self.bucket_prefix, self.bucket_endpoint_url, self.bucket_region)

    def check(self) -> None:
        """Require that the settings fit together and are safe.

        Raises:
            ConfigurationError: If they don't.
        """
        for problem in (self._tls_problem(), self._url_problem(), self._proxy_problem(), self._range_problem()):
            if problem:
                raise ConfigurationError(problem)
        if not (self.is_on_loopback or self.allow_insecure or self._is_encrypted()):
            raise ConfigurationError(
                f"Expected https for an address that others can reach, got host {self.host!r} with plain http. Set "
                "tls_certificate and tls_key; or set public_url to https and trusted_proxies to the proxy that speaks "
                "TLS; or say allow_insecure."
            )

    def _is_encrypted(self) -> bool:
        behind_proxy = bool(self.trusted_proxies) and (self.public_url or "").startswith("https://")
        return self.speaks_tls or behind_proxy

    def _tls_problem(self) -> str | None:
        if (self.tls_certificate is None) != (self.tls_key is None):
            return "Expected tls_certificate and tls_key together, got one of them. Set both, or none."
        for name, path in (("tls_certificate", self.tls_certificate), ("tls_key", self.tls_key)):
            if path is not None and not path.is_file():
                return f"Expected a PEM file as {name}, but there is no file {str(path)!r}. Check the path."
        return None

    def _url_problem(self) -> str | None:
        url = self.public_url
        if url is not None and (not url.startswith(("http://", "https://")) or url.endswith("/")):
            return f"Expected public_url as http(s)://host[:port] without a slash at the end, got {url!r}. Correct it."
        if url is None and not self.is_on_loopback:
            return (
                f"Expected public_url together with host {self.host!r}, got none: API tokens name the address by "
                "which clients reach the server. Set it, for example to https://neptune.example.com."
            )
        return None

    def _proxy_problem(self) -> str | None:
        for address in self.trusted_proxies:
            try:
                ipaddress.ip_network(address, strict=False)
            except ValueError:
                return (
                    f"Expected IP addresses or networks in trusted_proxies, got {address!r}. Name the proxy's address, "
                    "for example 127.0.0.1 or 10.0.0.0/8."
                )
        return None

    def _range_problem(self) -> str | None:
        limits = {
            "port": (self.port, 0, 65_535),
            "idle_after_seconds": (self.idle_after_seconds, 1, 86_400),
            "max_body_bytes": (self.max_body_bytes, 1024, 2**40),
            "max_json_values": (self.max_json_values, 1000, 2**40),
            "max_large_bodies": (self.max_large_bodies, 1, 1000),
            "max_file_bytes": (self.max_file_bytes, 1024, 2**53),
            "max_package_bytes": (self.max_package_bytes, 1024, 2**40),
            "max_connections": (self.max_connections, 8, 1_000_000),
            "body_pause_seconds": (self.body_pause_seconds, 1, 3600),
            "shutdown_seconds": (self.shutdown_seconds, 0, 3600),
        }
        for name, (value, low, high) in limits.items():
            if not low <= value <= high:
                return f"Expected {name} from {low} to {high}, got {value:g}. Correct it."
        return None if self.roles else "Expected at least one role, got none. Leave roles out for all of them."
