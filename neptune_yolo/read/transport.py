"""HTTP to the read API: who asks, tries again, and errors of ours."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx
import msgspec

from neptune_yolo.connection import is_loopback
from neptune_yolo.exceptions import NeptuneYoloError
from neptune_yolo.read.exceptions import (
    AccessRefusedError,
    ConflictingError,
    ReadError,
    RequestRefusedError,
    ServerNotAnsweringError,
    ThingNotFoundError,
    UnexpectedAnswerError,
)
from neptune_yolo.read.servers import Server
from neptune_yolo.version import package_version

PREFIX = "/api/v1"
PAUSES_SECONDS = (0.2, 0.5, 1.0, 2.0, 4.0)
"""Before each further try."""

_TOKEN_HEADER = "X-Neptune-Api-Token"  # noqa: S105 - the name of a header
_TIMEOUT = httpx.Timeout(60.0, connect=10.0)
_BUSY = frozenset({429, 502, 503, 504})
_ERRORS: Mapping[int, type[ReadError]] = {
    400: RequestRefusedError,
    401: AccessRefusedError,
    403: AccessRefusedError,
    404: ThingNotFoundError,
    409: ConflictingError,
    413: RequestRefusedError,
    422: RequestRefusedError,
}
_MAX_MESSAGE_LENGTH = 2000
_HTTP_ERRORS_FROM = 400
_LOGGER = logging.getLogger(__name__)

T = TypeVar("T")


class _Problem(msgspec.Struct, frozen=True):
    message: str = ""


class Transport:
    """Asks a server. Its methods may be called by several threads at once."""

    def __init__(self, server: Server, *, pauses_seconds: tuple[float, ...] = PAUSES_SECONDS) -> None:
        """Prepare to ask; nothing is sent yet.

        Args:
            server: Which one.
            pauses_seconds: Before each further try; none for a single one.
        """
        self._server = server
        self._pauses = pauses_seconds
        headers = {_TOKEN_HEADER: server.api_token, "User-Agent": f"neptune_yolo/{package_version()}"}
        if is_loopback(server.url):
            headers["Accept-Encoding"] = "identity"  # compressing takes longer than it saves here
        self._client = httpx.Client(
            headers=headers,
            timeout=_TIMEOUT,
            verify=server.trust(),
            trust_env=not is_loopback(server.url),  # a proxy cannot reach this machine
        )

    @property
    def url(self) -> str:
        """Address of the server."""
        return self._server.url

    @property
    def is_embedded(self) -> bool:
        """Whether it is the embedded server of this machine."""
        return self._server.embedded is not None

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def get(self, kind: type[T], address: str, /, **parameters: Any) -> T:
        """Return an answer to a GET.

        Args:
            kind: What it is to be.
            address: Below ``/api/v1``.
            **parameters: Of the query; None is left out.

        Raises:
            ReadError: If no fitting answer comes.
        """
        return self._decoded(kind, self.request("GET", address, parameters=parameters))

    def post(self, kind: type[T], path: str, body: Any, *, is_repeatable: bool = True) -> T:
        """Return an answer to a POST with a JSON body.

        Raises:
            ReadError: If no fitting answer comes.
        """
        return self._decoded(kind, self.request("POST", path, body=body, is_repeatable=is_repeatable))

    def request(
        self,
        method: str,
        path: str,
        *,
        parameters: Mapping[str, Any] | None = None,
        body: Any = None,
        accept: str = "application/json",
        is_repeatable: bool = True,
    ) -> httpx.Response:
        """Return an answer, whole and without an error.

        Args:
            method: HTTP method.
            path: Below ``/api/v1``.
            parameters: Of the query; None is left out.
            body: Becomes JSON; None for no body.
            accept: Media type of the answer.
            is_repeatable: Whether another try does no harm when the first one may have arrived.

        Raises:
            ReadError: If no answer comes, or one that tells of an error.
        """
        headers = {"Accept": accept}
        content = None
        if body is not None:
            content = msgspec.json.encode(body)
            headers["Content-Type"] = "application/json"
        known = {name: value for name, value in (parameters or {}).items() if value is not None}

        def ask() -> httpx.Response:
            address = self._server.url + PREFIX + path
            return self._client.request(method, address, params=known, content=content, headers=headers)

        answer = self._patiently(ask, is_repeatable=is_repeatable)
        raise_for_error(answer, self.url)
        return answer

    @contextmanager
    def streaming(
        self, path: str, parameters: Mapping[str, Any], headers: Mapping[str, str], timeout: httpx.Timeout = _TIMEOUT
    ) -> Iterator[httpx.Response]:
        """Give an answer to a GET while its bytes are still arriving; errors are raised, connections may break.

        Args:
            path: Below ``/api/v1``.
            parameters: Of the query; None is left out.
            headers: Further headers.
            timeout: How long to wait for the next bytes.

        Raises:
            ReadError: If no answer comes, or one that tells of an error.
        """
        known = {name: value for name, value in parameters.items() if value is not None}

        def ask() -> httpx.Response:
            request = self._client.build_request(
                "GET", self._server.url + PREFIX + path, params=known, headers=dict(headers), timeout=timeout
            )
            answer = self._client.send(request, stream=True)
            if answer.status_code >= _HTTP_ERRORS_FROM:
                answer.read()
            return answer

        answer = self._patiently(ask, is_repeatable=True)
        try:
            raise_for_error(answer, self.url)
            yield answer
        finally:
            answer.close()

    def _patiently(self, ask: Callable[[], httpx.Response], *, is_repeatable: bool) -> httpx.Response:
        """Ask again while the server is away or busy."""
        for pause in (*self._pauses, None):
            try:
                answer = ask()
            except httpx.HTTPError as error:
                reason = str(error) or type(error).__name__
                was_sent = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
                if pause is None or (was_sent and not is_repeatable):
                    raise ServerNotAnsweringError(self.url, reason) from error
                self._revive()
            else:
                if pause is None or answer.status_code not in _BUSY:
                    return answer
                reason = f"HTTP status {answer.status_code}"
                answer.close()
            _LOGGER.debug("Asking %s again in %g s: %s", self.url, pause, reason)
            time.sleep(pause)
        raise ServerNotAnsweringError(self.url, "too many tries")

    def _revive(self) -> None:
        """Start the embedded server again if it has left."""
        try:
            self._server = self._server.revived()
        except NeptuneYoloError as error:
            _LOGGER.debug("The embedded server does not come back: %s", error)

    def _decoded(self, kind: type[T], answer: httpx.Response) -> T:
        try:
            return msgspec.json.decode(answer.content, type=kind)
        except msgspec.DecodeError as error:
            raise UnexpectedAnswerError(
                f"Expected {self.url}{PREFIX} to answer a {kind.__name__}, got something else: {error}. "
                "Check that the address is one of a neptune_yolo server of this version."
            ) from error


def raise_for_error(answer: httpx.Response, server_url: str) -> None:
    """Raise the error that an answer tells of, if it does.

    Raises:
        ReadError: With the message of the server.
    """
    if answer.status_code < _HTTP_ERRORS_FROM:
        return
    try:
        message = msgspec.json.decode(answer.content, type=_Problem).message
    except msgspec.DecodeError:
        message = ""
    kind = _ERRORS.get(answer.status_code)
    if kind is not None and message:
        raise kind(message[:_MAX_MESSAGE_LENGTH])
    raise UnexpectedAnswerError(
        f"Expected an answer of the server {server_url}, got the HTTP status {answer.status_code}"
        f"{f' ({message[:_MAX_MESSAGE_LENGTH]})' if message else ''}. Check that it is a neptune_yolo server with the "
        "read API, and look into its log."
    )
