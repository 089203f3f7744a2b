"""The protocol by which the Neptune client writes: signs in, sends operations, files and artifacts."""

import time
from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from typing import IO, Any, NamedTuple

import httpx
import msgspec

from neptune_yolo.connection import is_loopback
from neptune_yolo.exceptions import NeptuneYoloError
from neptune_yolo.read.exceptions import ServerNotAnsweringError, UnexpectedAnswerError
from neptune_yolo.read.servers import Server
from neptune_yolo.read.transport import raise_for_error
from neptune_yolo.transfer.exceptions import ValueRefusedError
from neptune_yolo.version import package_version

PAUSES_SECONDS = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Before each further try."""

PIECE_BYTES = 1024 * 1024
"""Bytes of a file that are read at a time."""

_TOKEN_HEADER = "X-Neptune-Api-Token"  # noqa: S105 - the name of a header
_SIGN_IN = "/api/backend/v1/authorization/oauth-token"
_ATTRIBUTES = "/api/leaderboard/v1/attributes"
_ARTIFACTS = "/api/artifacts/v1"
_EXPERIMENT = "/api/leaderboard/v1/experiment"
_TOKEN_SECONDS = 45 * 60
"""Access tokens are good for an hour."""

_TIMEOUT = httpx.Timeout(120.0, connect=10.0)
_BUSY = frozenset({408, 429, 502, 503, 504})
_UNAUTHORIZED = 401
_NOT_FOUND = 404


class Content(NamedTuple):
    """The body of a request.

    Attributes:
        size_bytes: Of what ``read`` gives; a server takes that more quickly, and refuses too much before it comes.
        read: Gives the bytes, anew for each try.
    """

    size_bytes: int
    read: Callable[[], bytes | Iterator[bytes]]

    @classmethod
    def of(cls, body: bytes) -> "Content":
        """Return bytes as a body."""
        return cls(len(body), lambda: body)

    def checked(self) -> bytes | Iterator[bytes]:
        """Return the bytes.

        Raises:
            ValueRefusedError: If there are more or fewer than was said; while they are read.
        """
        found = self.read()
        return found if isinstance(found, bytes) else self._exactly(found)

    def _exactly(self, found: Iterator[bytes]) -> Iterator[bytes]:
        rest = self.size_bytes
        for piece in found:
            rest -= len(piece)
            if rest < 0:
                break
            yield piece
        if rest:
            raise ValueRefusedError(f"its size changed while it was read: it had {self.size_bytes} bytes before")


class _Tokens(msgspec.Struct, frozen=True):
    accessToken: str  # noqa: N815 - as it is on the wire


class _Problem(msgspec.Struct, frozen=True):
    errorDescription: str  # noqa: N815 - as it is on the wire


class _Outcome(msgspec.Struct, frozen=True):
    errors: list[_Problem] = []


class Protocol:
    """Writes to a server. All that it sends may arrive twice without harm, so it tries again by itself.

    Several threads may use it at once.
    """

    def __init__(self, server: Server, *, pauses_seconds: tuple[float, ...] = PAUSES_SECONDS) -> None:
        """Prepare to write; nothing is sent yet.

        Args:
            server: Which one.
            pauses_seconds: Before each further try; none for a single one.
        """
        self._server = server
        self._pauses = pauses_seconds
        self._access_token = ""
        self._signed_in_at = float("-inf")
        self._signing_in = Lock()
        self._client = httpx.Client(
            headers={"User-Agent": f"neptune_yolo/{package_version()}"},
            timeout=_TIMEOUT,
            verify=server.trust(),
            trust_env=not is_loopback(server.url),  # a proxy cannot reach this machine
        )

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def knows(self, container_id: str) -> bool:
        """Return whether the server has a run, model, version or project that the token's user may see.

        Args:
            container_id: Its UUID.

        Raises:
            ReadError: If no fitting answer comes.
        """
        address, headers = self._server.url + _EXPERIMENT, {"Authorization": f"Bearer {self._token()}"}
        try:
            answer = self._client.get(address, params={"experimentId": container_id}, headers=headers)
        except httpx.HTTPError as error:
            raise ServerNotAnsweringError(self._server.url, str(error) or type(error).__name__) from error
        if answer.status_code == _NOT_FOUND:
            return False
        raise_for_error(answer, self._server.url)
        return True

    def execute(self, container_id: str, operations: bytes) -> list[str]:
        """Apply a batch of operations, given as a JSON array; see `send_operations`."""
        return self.send_operations(container_id, Content.of(operations))

    def send_operations(self, container_id: str, operations: Content) -> list[str]:
        """Apply a batch of operations; the same batch once more changes nothing.

        Args:
            container_id: UUID of the run.
            operations: JSON array.

        Returns:
            A sentence for each operation or point that was not applied.

        Raises:
            ReadError: If no fitting answer comes.
        """
        headers = {"Content-Type": "application/json"}
        answer = self._send(f"{_ATTRIBUTES}/operations", {"experimentId": container_id}, operations, headers)
        return [problem.errorDescription for problem in self._decoded(list[_Problem], answer)]

    def upload_file(self, container_id: str, path: str, extension: str, content: Content) -> list[str]:
        """Make bytes the content of a file attribute.

        Args:
            container_id: UUID of the run.
            path: Of the attribute.
            extension: Without the dot; may be empty.
            content: The bytes.

        Returns:
            Why it was not stored; empty if it was.

        Raises:
            ReadError: If no fitting answer comes.
            ValueRefusedError: If there are more or fewer bytes than announced.
        """
        parameters = {"experimentIdentifier": container_id, "attribute": path, "ext": extension}
        return self._upload("file/upload", parameters, content)

    def upload_member(self, container_id: str, path: str, sub_path: str, content: Content) -> list[str]:
        """Make bytes a file of a file set; see `upload_file`.

        Args:
            container_id: UUID of the run.
            path: Of the attribute.
            sub_path: Path within the set.
            content: The bytes.
        """
        parameters = {"experimentIdentifier": container_id, "attribute": path, "subPath": sub_path}
        return self._upload("fileset/upload", parameters, content)

    def upload_package(self, container_id: str, path: str, package: Content, *, reset: bool) -> list[str]:
        """Put the files of a tar.gz package into a file set; see `upload_file`.

        Args:
            container_id: UUID of the run.
            path: Of the attribute.
            package: The packed bytes.
            reset: Whether the set is emptied before.
        """
        parameters = {"experimentId": container_id, "attribute": path, "reset": str(reset)}
        return self._upload("fileset/tar", parameters, package)

    def describe_artifact(self, project_id: str, container_id: str, artifact: Mapping[str, Any]) -> None:
        """Make an artifact and the list of its files known to a project.

        Args:
            project_id: UUID of the project.
            container_id: UUID of the run.
            artifact: ``hash``, ``size`` (bytes, or None) and ``files`` as they are on the wire.

        Raises:
            ReadError: If the server does not take it.
        """
        named = {"projectIdentifier": project_id, "hash": artifact["hash"], "parentIdentifier": container_id}
        size = {} if artifact["size"] is None else {"size": str(artifact["size"])}
        self._send(f"{_ARTIFACTS}/", {**named, **size}, Content.of(b""), {})
        body = Content.of(msgspec.json.encode({"files": artifact["files"]}))
        self._send(f"{_ARTIFACTS}/files", named, body, {"Content-Type": "application/json"})

    def _upload(self, address: str, parameters: Mapping[str, str], content: Content) -> list[str]:
        headers = {"Content-Type": "application/octet-stream"}
        answer = self._send(f"{_ATTRIBUTES}/{address}", parameters, content, headers)
        return [problem.errorDescription for problem in self._decoded(_Outcome, answer).errors]

    def _send(
        self, address: str, parameters: Mapping[str, str], content: Content, headers: Mapping[str, str]
    ) -> httpx.Response:
        for pause in (*self._pauses, None):
            try:
                answer = self._client.post(
                    self._server.url + address,
                    params=dict(parameters),
                    content=content.checked(),
                    headers={
                        **headers,
                        "Authorization": f"Bearer {self._token()}",
                        "Content-Length": str(content.size_bytes),
                    },
                )
            except httpx.HTTPError as error:
                reason = str(error) or type(error).__name__
                if pause is None:
                    raise ServerNotAnsweringError(self._server.url, reason) from error
                self._revive()
            else:
                if pause is None or answer.status_code not in (*_BUSY, _UNAUTHORIZED):
                    raise_for_error(answer, self._server.url)
                    return answer
                if answer.status_code == _UNAUTHORIZED:
                    self._signed_in_at = float("-inf")
            time.sleep(pause)
        raise ServerNotAnsweringError(self._server.url, "too many tries")

    def _token(self) -> str:
        with self._signing_in:
            if time.monotonic() - self._signed_in_at > _TOKEN_SECONDS:
                answer = self._client.get(self._server.url + _SIGN_IN, headers={_TOKEN_HEADER: self._server.api_token})
                raise_for_error(answer, self._server.url)
                self._access_token = self._decoded(_Tokens, answer).accessToken
                self._signed_in_at = time.monotonic()
            return self._access_token

    def _revive(self) -> None:
        """Start the embedded server again if it has left."""
        try:
            self._server = self._server.revived()
        except NeptuneYoloError:
            return  # the next try tells

    def _decoded(self, kind: Any, answer: httpx.Response) -> Any:
        try:
            return msgspec.json.decode(answer.content, type=kind)
        except msgspec.DecodeError as error:
            raise UnexpectedAnswerError(
                f"Expected {self._server.url} to answer as Neptune does, got something else: {error}. Check that the "
                "address is one of a neptune_yolo server of this version."
            ) from error


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the bytes of an open file from where it stands."""
    while piece := file.read(PIECE_BYTES):
        yield piece
