"""What a process of a team server does from its start to its end."""

import asyncio
import logging
import os
import socket
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

import uvicorn

from neptune_yolo.server.app import create_observed_app
from neptune_yolo.server.configuration import LogFormat, ServerConfiguration, ServerRole
from neptune_yolo.server.exceptions import ConfigurationError
from neptune_yolo.server.listening import listen
from neptune_yolo.server.logs import configure_logs
from neptune_yolo.server.memory import share_memory_of_threads
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.signals import signals_end
from neptune_yolo.server.starting import look_at_files
from neptune_yolo.server.store.sql import SqlStore
from neptune_yolo.server.transport import allow_connections, transport_options
from neptune_yolo.version import package_version

logger = logging.getLogger("neptune_yolo.server")


class _TellingServer(uvicorn.Server):
    """Tells when it answers."""

    def __init__(self, config: uvicorn.Config, tell: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell = tell

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        logger.info("ready (version %s, process %d)", package_version(), os.getpid())
        self._tell()


def run_team_server(configuration: ServerConfiguration, on_ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, then finish the requests under way.

    Args:
        configuration: The settings.
        on_ready: Called with the address once the server answers.

    Raises:
        ConfigurationError: If settings don't fit together or aren't safe, there is no folder for files, or others could
            reach a server without users.
        EmbeddedServerError: If the port can't be had.
        StorageUnavailableError: If the database can't be opened or brought up to date.
    """
    configuration.check()
    configure_logs(as_json=configuration.log_format is LogFormat.JSON, level=configuration.log_level)
    look_at_files(configuration)
    _look_at_users(configuration)
    with listen(configuration.host, configuration.port) as listener:
        settings = server_settings(configuration, listener.getsockname()[1])
        share_memory_of_threads()
        allow_connections(settings.max_connections)
        config = _uvicorn_config(configuration, settings)
        server = _TellingServer(config, lambda: on_ready(settings.public_url))
        with signals_end(server):
            asyncio.run(server.serve(sockets=[listener]))
    logger.info("left in order")


def server_settings(configuration: ServerConfiguration, port: int) -> ServerSettings:
    """Return what the application needs to know.

    Args:
        configuration: Checked settings.
        port: The port that the process listens on.
    """
    public_url = configuration.public_url or _own_url(configuration, port)
    roles = configuration.roles
    return ServerSettings(
        database_url=configuration.database_url,
        file_root=configuration.file_root,
        bucket=configuration.bucket_settings,
        api_secret=None,
        signing_key="",
        page_key=None,
        public_url=public_url,
        host=configuration.host,
        port=port,
        idle_after_seconds=configuration.idle_after_seconds,
        default_workspace=configuration.default_workspace,
        create_projects=configuration.create_projects,
        max_body_bytes=configuration.max_body_bytes,
        max_json_values=configuration.max_json_values,
        max_large_bodies=configuration.max_large_bodies,
        max_file_bytes=configuration.max_file_bytes,
        max_package_bytes=configuration.max_package_bytes,
        max_connections=configuration.max_connections,
        body_pause_seconds=configuration.body_pause_seconds,
        allowed_hosts=(urlsplit(public_url).hostname or "", *configuration.allowed_hosts),
        serves_api=ServerRole.API in roles,
        serves_pages=ServerRole.DASHBOARD in roles,
        does_maintenance=ServerRole.MAINTENANCE in roles,
    )


def _own_url(configuration: ServerConfiguration, port: int) -> str:
    host = f"[{configuration.host}]" if ":" in configuration.host else configuration.host
    return f"{'https' if configuration.speaks_tls else 'http'}://{host}:{port}"


def _look_at_users(configuration: ServerConfiguration) -> None:
    """Tell whose database it is, and whether it has users; refuse to let others reach one that has none."""
    store = SqlStore(configuration.database_url)
    try:
        with store.read() as session:
            count = session.users.count()
    finally:
        store.close()
    if store.is_new:
        logger.info("made the database %s", store.name)
    if count:
        return
    if configuration.is_on_loopback or configuration.allow_insecure:
        logger.warning("no users yet in the database %s: neptune-yolo user add NAME --admin", store.name)
    else:
        raise ConfigurationError(
            f"Expected users before others can reach the server on host {configuration.host!r}, but the database has "
            "none. Make the first one with `neptune-yolo user add NAME --admin`, or say allow_insecure."
        )


def _uvicorn_config(configuration: ServerConfiguration, settings: ServerSettings) -> uvicorn.Config:
    config = uvicorn.Config(
        create_observed_app(settings),
        lifespan="on",
        log_config=None,
        log_level=logging.WARNING,
        access_log=False,
        proxy_headers=bool(configuration.trusted_proxies),
        forwarded_allow_ips=list(configuration.trusted_proxies),
        timeout_graceful_shutdown=configuration.shutdown_seconds,
        ssl_certfile=configuration.tls_certificate,
        ssl_keyfile=configuration.tls_key,
        **transport_options(settings),
    )
    try:
        config.load()
    except ssl.SSLError as error:
        raise ConfigurationError(
            f"Expected tls_certificate and tls_key as PEM files that belong together, but they can't be used "
            f"({error.reason or error}). Check both files."
        ) from error
    return config
