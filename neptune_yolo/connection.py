"""Where a run goes: a server that an API token names, the embedded server, or the disk.

The only client module that knows the embedded server, which it imports when it is needed.
"""

import base64
import binascii
import ipaddress
import json
import logging
import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from neptune_yolo import envs
from neptune_yolo.exceptions import (
    EmbeddedServerUnavailableError,
    HostedServiceTokenError,
    InsecureServerAddressError,
    MalformedApiTokenError,
    ProjectMissingError,
    ProjectNameError,
    QueueFolderNotWritableError,
    ServerConnectionError,
    ServerUnreachableError,
    SettingsError,
)
from neptune_yolo.settings import Mode, NeptuneSettings, OnUnreachable, parse_mode

if TYPE_CHECKING:
    from neptune_yolo.server.embedded import EmbeddedServer

EMBEDDED_WORKSPACE = "local"
DEFAULT_PROJECT = f"{EMBEDDED_WORKSPACE}/yolo"

_LOGGER = logging.getLogger(__name__)
_PROJECT = re.compile(r"[^/\s]+/[^/\s]+")
_PROJECT_WITHOUT_WORKSPACE = re.compile(r"[^/\s]+")
_PATH_LIKE = re.compile(r"(\.{1,2}|~.*|runs|.*[\\:].*)/.*|.*[\\:].*")
_YES = frozenset({"1", "true", "yes", "on"})
_NO = frozenset({"", "0", "false", "no", "off"})
_SERVICE_ERRORS = frozenset({502, 503, 504})


class ServerWatch(Protocol):
    """Brings the embedded server back when its process is gone."""

    def start(self) -> None:
        """Begin to watch, in the background."""

    def close(self) -> None:
        """Stop watching."""


@dataclass(frozen=True)
class Connection:
    """Where a run goes.

    Args:
        mode: How the client sends what is logged.
        project: Project as ``workspace/name``; None if none was named, which only offline runs may do.
        api_token: API token of the server; None without a server.
        server_url: Address of the server; None without a server.
        embedded: The embedded server, if it is the one.
    """

    mode: Mode
    project: str | None = None
    api_token: str | None = field(default=None, repr=False)
    server_url: str | None = None
    embedded: "EmbeddedServer | None" = None

    def keeper(self) -> ServerWatch | None:
        """Return a watch that starts the embedded server again when its process is gone; None without one."""
        if self.embedded is None:
            return None
        from neptune_yolo.server.embedded import ServerKeeper

        return ServerKeeper(self.embedded)

    def revive(self, timeout_seconds: float) -> None:
        """Start the embedded server if it is gone; do nothing for any other server.

        Raises:
            EmbeddedServerUnavailableError: If it does not start in time.
        """
        if self.embedded is not None:
            start_embedded(self.embedded, timeout_seconds)

    def check_reachable(self, timeout_seconds: float) -> None:
        """Ask the server for a sign of life.

        Raises:
            ServerUnreachableError: If no answer comes within the time.
        """
        if self.server_url is not None:
            check_reachable(self.server_url, timeout_seconds)


def open_connection(settings: NeptuneSettings, ultralytics_project: str | None = None) -> Connection:
    """Return where the run of a training goes, after a first sign of life of the server.

    Sets environment variables that the client reads: the absolute folder of its queue, and what a server on this
    machine needs. Starts the embedded server if no API token is set.

    Args:
        settings: The trainer's settings.
        ultralytics_project: Ultralytics' ``project=`` argument.

    Raises:
        SettingsError: If a token, project or mode cannot be used.
        ServerConnectionError: If the server does not answer and the settings do not allow to go on offline.
        QueueFolderNotWritableError: If the client's queue cannot be written.
    """
    mode = choose_mode(settings, os.environ)
    project, source = choose_project(settings, ultralytics_project, os.environ)
    prepare_queue_folder()
    if mode in (Mode.OFFLINE, Mode.DEBUG):
        return Connection(mode=mode, project=_checked_project(project, source, workspace_optional=True))
    connection = Connection(mode=mode, project=project)
    try:
        return _connect(connection, settings, source)
    except ServerConnectionError as error:
        if settings.on_unreachable is not OnUnreachable.OFFLINE:
            raise
        _LOGGER.warning("%s Going on offline.", error)
        return replace(connection, mode=Mode.OFFLINE)


def _connect(connection: Connection, settings: NeptuneSettings, project_source: str) -> Connection:
    token, token_source = choose_api_token(settings, os.environ)
    embedded = embedded_server_for(token)
    if embedded is not None:
        _checked_project(connection.project, project_source, workspace_optional=True)
        server_url, token = start_embedded(embedded)
    else:
        server_url = server_address(str(token), token_source)
    project = project_for(connection.project, project_source, server_url, is_embedded=embedded is not None)
    allow_loopback(server_url)
    connected = replace(connection, project=project, api_token=token, server_url=server_url, embedded=embedded)
    connected.check_reachable(settings.connect_timeout_seconds)
    return connected


def embedded_server_for(api_token: str | None, home: Path | None = None) -> "EmbeddedServer | None":
    """Return the embedded server if a token is its own or there is none; None for the token of another server.

    Args:
        api_token: API token, or None if none is set.
        home: Data folder of the embedded server; None for the usual one.
    """
    from neptune_yolo.server.embedded import EmbeddedServer
    from neptune_yolo.server.exceptions import ServerError

    embedded = EmbeddedServer(home)
    if api_token is None:
        return embedded
    try:
        return embedded if embedded.issued(api_token) else None
    except (ServerError, OSError):  # the folder's keys can't be read, so that no token can be one of them
        return None


def start_embedded(embedded: "EmbeddedServer", timeout_seconds: float = 30.0) -> tuple[str, str]:
    """Return address and API token of the embedded server, which is started if it does not run.

    Raises:
        EmbeddedServerUnavailableError: If it does not start in time.
    """
    from neptune_yolo.server.exceptions import EmbeddedServerError

    try:
        running = embedded.ensure_running(timeout_seconds=timeout_seconds)
    except EmbeddedServerError as error:
        raise EmbeddedServerUnavailableError(str(error)) from error
    return running.url, running.api_token


def choose_mode(settings: NeptuneSettings, environment: Mapping[str, str]) -> Mode:
    """Return the mode: the settings', else NEPTUNE_MODE, else async.

    Raises:
        SettingsError: If NEPTUNE_MODE names no mode that a training can log in.
    """
    if settings.mode is not None:
        return Mode(settings.mode)
    value = environment.get(envs.NEPTUNE_MODE)
    return parse_mode(value, envs.NEPTUNE_MODE) if value else Mode.ASYNC


def logging_is_off(settings: NeptuneSettings, environment: Mapping[str, str] = os.environ) -> bool:
    """Return whether nothing is to be logged: NEPTUNE_YOLO_OFF, which stands above all, or the mode ``off``.

    Raises:
        SettingsError: If NEPTUNE_YOLO_OFF is neither yes nor no, or NEPTUNE_MODE names no mode.
    """
    switch = environment.get(envs.NEPTUNE_YOLO_OFF, "").strip().lower()
    if switch in _YES:
        return True
    if switch not in _NO:
        raise SettingsError.for_choice(envs.NEPTUNE_YOLO_OFF, switch, sorted((_YES | _NO) - {""}))
    return settings.run is None and choose_mode(settings, environment) is Mode.OFF


def choose_api_token(settings: NeptuneSettings, environment: Mapping[str, str]) -> tuple[str | None, str]:
    """Return the API token and where it comes from; None if none is set, which means the embedded server."""
    if settings.api_token is not None:
        return settings.api_token.strip(), "NeptuneSettings(api_token=...)"
    return environment.get(envs.NEPTUNE_API_TOKEN, "").strip() or None, envs.NEPTUNE_API_TOKEN


def choose_project(
    settings: NeptuneSettings,
    ultralytics_project: str | None,
    environment: Mapping[str, str],
) -> tuple[str | None, str]:
    """Return the project and where it comes from; None if nobody names one.

    Ultralytics' ``project=`` is a folder first of all. It counts as a project only in the form ``workspace/name``:
    exactly one slash, neither absolute nor relative to ``.``, ``..`` or ``~``, and not in Ultralytics' own ``runs``.
    """
    if settings.project is not None:
        return settings.project, "NeptuneSettings(project=...)"
    from_environment = environment.get(envs.NEPTUNE_PROJECT)
    if from_environment is not None and from_environment != "":
        return from_environment, envs.NEPTUNE_PROJECT
    text = str(ultralytics_project or "")
    if _PROJECT.fullmatch(text) and not _PATH_LIKE.fullmatch(text):
        return text, "Ultralytics' project= argument"
    return None, "the default"


def project_for(project: str | None, source: str, server_url: str, *, is_embedded: bool) -> str:
    """Return a project as ``workspace/name``; the embedded server has a default one, and a default workspace.

    Args:
        project: What was named; None for nothing.
        source: Where, for error messages.
        server_url: Address of the server.
        is_embedded: Whether it is the embedded one.

    Raises:
        ProjectMissingError: If none was named for another server.
        ProjectNameError: If it has another form.
    """
    if project is None:
        if is_embedded:
            return DEFAULT_PROJECT
        raise ProjectMissingError(server_url)
    checked = _checked_project(project, source, workspace_optional=True)
    if is_embedded and "/" not in project:
        return f"{EMBEDDED_WORKSPACE}/{project}"
    return checked or DEFAULT_PROJECT


def _checked_project(project: str | None, source: str, *, workspace_optional: bool) -> str | None:
    if project is None or _PROJECT.fullmatch(project):
        return project
    if workspace_optional and _PROJECT_WITHOUT_WORKSPACE.fullmatch(project):
        return project
    raise ProjectNameError(project, source)


def server_address(api_token: str, source: str) -> str:
    """Return the server's address that an API token holds.

    Args:
        api_token: Base64 text of a JSON object with ``api_address`` and, optionally, ``api_url``.
        source: Where the token comes from, for the error message.

    Raises:
        ApiTokenError: If the token is malformed, belongs to the hosted service, or names a server on another machine
            by plain http.
    """
    if api_token == "ANONYMOUS":  # noqa: S105 - the client's name for a token of the hosted service
        raise HostedServiceTokenError(source)
    content = _decoded(api_token, source)
    address = str(content.get("api_url") or content.get("api_address") or "").rstrip("/")
    if not content.get("api_address"):
        raise MalformedApiTokenError(source, "it names no api_address")
    if "://" not in address:
        address = f"https://{address}"
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise MalformedApiTokenError(source, f"its address {address!r} is not one of a web server")
    if parts.hostname == "neptune.ai" or parts.hostname.endswith(".neptune.ai"):
        raise HostedServiceTokenError(source)
    if parts.scheme == "http" and not is_loopback(address):
        raise InsecureServerAddressError(address)
    return address


def _decoded(api_token: str, source: str) -> dict[str, object]:
    try:
        content = json.loads(base64.b64decode(api_token.encode(), validate=True).decode())
    except (binascii.Error, UnicodeError, json.JSONDecodeError):
        raise MalformedApiTokenError(source, "it is not base64-encoded JSON") from None
    if not isinstance(content, dict):
        raise MalformedApiTokenError(source, "it does not hold a JSON object")
    return content


def is_loopback(server_url: str) -> bool:
    """Return whether an address is one of this machine only."""
    host = urlsplit(server_url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def allow_loopback(server_url: str) -> None:
    """Let the client talk to a server on this machine by plain http and past any proxy; do nothing for others."""
    if not is_loopback(server_url):
        return
    if urlsplit(server_url).scheme == "http":
        os.environ.setdefault(envs.OAUTHLIB_INSECURE_TRANSPORT, "1")
    for name in (envs.NO_PROXY, envs.NO_PROXY.lower()):
        hosts = [host for host in os.environ.get(name, "").split(",") if host]
        missing = [host for host in ("127.0.0.1", "localhost") if host not in hosts]
        if missing and "*" not in hosts:
            os.environ[name] = ",".join(hosts + missing)


def prepare_queue_folder() -> Path:
    """Return the folder of the client's queue, absolute and writable, and tell it to the client.

    The client's own default is relative, and loses files when the program changes its working directory.

    Raises:
        QueueFolderNotWritableError: If the folder cannot be made or written.
    """
    folder = Path(os.environ.get(envs.NEPTUNE_DATA_DIRECTORY) or ".neptune").absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f"writable-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise QueueFolderNotWritableError(folder, error.strerror or str(error)) from error
    os.environ[envs.NEPTUNE_DATA_DIRECTORY] = str(folder)
    return folder


def check_reachable(server_url: str, timeout_seconds: float) -> None:
    """Ask a server for a sign of life; any answer but that of a proxy in front of a dead server will do.

    Raises:
        ServerUnreachableError: If no answer comes within the time.
    """
    import httpx

    try:
        answer = httpx.get(f"{server_url}/api/health", timeout=timeout_seconds, verify=trusted_certificates(server_url))
    except (httpx.HTTPError, OSError) as error:
        raise ServerUnreachableError(server_url, str(error) or type(error).__name__) from error
    if answer.status_code in _SERVICE_ERRORS:
        raise ServerUnreachableError(server_url, f"HTTP status {answer.status_code}")


def trusted_certificates(server_url: str) -> ssl.SSLContext | bool:
    """Return the certificates that the client itself will trust; False for any, as the user has said."""
    if urlsplit(server_url).scheme == "http" or os.environ.get(envs.NEPTUNE_ALLOW_SELF_SIGNED_CERTIFICATE):
        return False
    bundle = os.environ.get(envs.REQUESTS_CA_BUNDLE)
    return ssl.create_default_context(cafile=bundle) if bundle else True
