"""A server that runs are imported into."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import msgspec

from neptune_yolo.read.addresses import project_path
from neptune_yolo.read.api import ReadApi
from neptune_yolo.read.exceptions import ConflictingError, RequestRefusedError, ThingNotFoundError
from neptune_yolo.read.forms import AttributeView, Project, RunHead
from neptune_yolo.read.servers import Server, find_server
from neptune_yolo.read.transport import Transport
from neptune_yolo.transfer.exceptions import NameTakenError
from neptune_yolo.transfer.writing.facts import PastFacts
from neptune_yolo.transfer.writing.protocol import Protocol
from neptune_yolo.transfer.writing.run_writer import RunWriter

Kind = Literal["run", "model", "modelVersion"]


@dataclass(frozen=True)
class Source:
    """What is to be imported.

    Attributes:
        words: Where it comes from; what is opened again by the same words is the same, on any machine.
        kind: What it is.
        sys_id: What it was called there; None lets the server give a name.
        new_id: Whether the server may give another name where that one is taken.
        custom_run_id: The program's own identifier of a run.
        model: What the model of a version is called in the project.
    """

    words: str
    kind: Kind = "run"
    sys_id: str | None = None
    new_id: bool = False
    custom_run_id: str | None = None
    model: str | None = None


class _Opened(msgspec.Struct, frozen=True):
    run: RunHead
    is_new: bool
    finished_ms: int | None
    fingerprint: str | None


class Destination:
    """A server that takes runs in. Several threads may use it at once, each for runs of its own.

    Attributes:
        api: Reads from the same server.
    """

    def __init__(self, server: Server) -> None:
        self._transport = Transport(server)
        self._protocol = Protocol(server)
        self.api = ReadApi(self._transport)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()
        self._protocol.close()

    @property
    def server_url(self) -> str:
        """Address of the server."""
        return self._transport.url

    def find_project(self, project: str) -> Project | None:
        """Return a project, None if there is none that the token may see.

        Args:
            project: ``workspace/name``.
        """
        try:
            return self.api.project(project)
        except ThingNotFoundError:
            return None

    def project(self, project: str, key: str | None = None) -> Project:
        """Return a project; it is made if there is none.

        Args:
            project: ``workspace/name``.
            key: With which identifiers of its runs begin; None, or one that another project of the workspace has, lets
                the server choose.

        Raises:
            ReadError: If it cannot be made: the token's user may not, or its name has not the form of one.
        """
        found = self.find_project(project)
        if found is not None:
            return found
        project_path(project)  # its form
        workspace, _, name = project.partition("/")
        try:
            return self._transport.post(Project, "/projects", {"workspace": workspace, "name": name, "key": key})
        except ThingNotFoundError as error:
            raise ThingNotFoundError(
                f"Expected a workspace of the server {self.server_url}, got {workspace!r} (of project {project!r}), "
                "which is none that you may see. Name a project of another workspace by -p workspace/name."
            ) from error
        except RequestRefusedError:
            found = self.find_project(project)  # another process may have made it meanwhile
            if found is not None:
                return found
            if key is None:
                raise
            return self.project(project)

    def open(self, project: Project, source: Source) -> RunWriter:
        """Return the run that is imported from a source; it is made if this is the first time.

        Args:
            project: Where it goes.
            source: Where it comes from.

        Raises:
            NameTakenError: If another run has its name or its own identifier.
            ReadError: If the server does not let it in.
        """
        wanted = {
            "type": source.kind,
            "source": source.words,
            "sys_id": source.sys_id,
            "new_id": source.new_id,
            "custom_run_id": source.custom_run_id,
            "model": source.model,
        }
        address = f"{project_path(project.full_name)}/imports"
        try:
            answer = self._transport.request("POST", address, body=wanted)
        except ConflictingError as error:
            raise NameTakenError(str(error)) from error
        opened = msgspec.json.decode(answer.content, type=_Opened)
        return RunWriter(
            self._protocol,
            self,
            project=project,
            head=opened.run,
            is_new=opened.is_new,
            finished_ms=opened.finished_ms,
            fingerprint=opened.fingerprint,
        )

    def knows(self, container_id: str) -> bool:
        """Return whether the server has a run, model, version or project of this UUID."""
        return self._protocol.knows(container_id)

    def attributes(self, project: str, sys_id: str) -> Mapping[str, AttributeView]:
        """Return all that a run has, by path; long texts are cut."""
        return {attribute.path: attribute for attribute in self.api.attributes(project, sys_id)}

    def finish(self, project: str, sys_id: str, fingerprint: str, facts: PastFacts) -> RunHead:
        """Note that all of a run was imported, and what it was like where it comes from; return what it is like then.

        Raises:
            AccessRefusedError: If the token's user may not name another owner.
            ReadError: If the server does not take it.
        """
        address = f"{project_path(project)}/imports/{quote(sys_id, safe='')}"
        body = {"fingerprint": fingerprint, **msgspec.structs.asdict(facts)}
        return msgspec.json.decode(self._transport.request("PUT", address, body=body).content, type=RunHead)


@contextmanager
def open_destination(api_token: str | None = None, home: Path | None = None) -> Iterator[Destination]:
    """Give the server that a token names, else the embedded one, which is started if need be.

    Args:
        api_token: API token; None for that of ``NEPTUNE_API_TOKEN``.
        home: Data folder of an embedded server, which goes before any token; None for the usual one.

    Raises:
        ApiTokenError: If a token cannot be used.
        ServerConnectionError: If there is no such server.
    """
    destination = Destination(find_server(api_token, home))
    try:
        yield destination
    finally:
        destination.close()
