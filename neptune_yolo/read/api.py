"""A typed client of the server's read API, ``/api/v1``: what runs there are, and all that they hold.

`open_api` finds the server as everything else does: by ``NEPTUNE_API_TOKEN``, else the embedded one. Everything that
can be long comes as an iterator that asks for one page after the other, so that nothing is too long for memory.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from neptune_yolo.read.addresses import project_path, run_path
from neptune_yolo.read.file_reader import FileReader
from neptune_yolo.read.forms import (
    ArtifactFile,
    ArtifactPage,
    AttributeName,
    AttributeNames,
    AttributePage,
    AttributeView,
    Comparison,
    Project,
    ProjectPage,
    RunHead,
    RunPage,
    RunRow,
    RunsChanged,
    SessionFacts,
)
from neptune_yolo.read.places import RunPlace, find_project, split_run
from neptune_yolo.read.searches import Kind, RunSearch
from neptune_yolo.read.series_reader import SeriesReader
from neptune_yolo.read.servers import find_server
from neptune_yolo.read.transport import Transport

MAX_PAGE = 1000
"""Rows that the server gives at a time."""

MAX_NAMES = 50_000
"""Names of attributes that the server gives."""

_PROJECTS_PAGE = 200
_ATTRIBUTES_PAGE = 20_000
_ARTIFACT_PAGE = 10_000


class ReadApi:
    """The read API of one server. Close it at the end, or use `open_api`.

    Several threads may use it at once. Projects are named ``workspace/name``, runs by their identifier, such as
    ``YOL-7``; models and versions of models are read in the same way as runs.

    Attributes:
        series: Series of numbers, texts and pictures.
        files: Files and file sets.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self.series = SeriesReader(transport)
        self.files = FileReader(transport)

    @property
    def server_url(self) -> str:
        """Address of the server, without a slash at the end."""
        return self._transport.url

    def find_project(self, project: str | None = None) -> str:
        """Return a project as ``workspace/name``: the one given, else NEPTUNE_PROJECT, else the embedded default.

        Args:
            project: ``workspace/name``, on the embedded server ``name`` as well; None if nothing is given.

        Raises:
            RequestRefusedError: If none is named for another server.
            ProjectNameError: If it has another form.
        """
        return find_project(project, self.server_url, is_embedded=self._transport.is_embedded)

    def find_run(self, run: str, project: str | None = None) -> RunPlace:
        """Return where a run is; a project in its own name goes before any other.

        Args:
            run: ``YOL-7`` or ``workspace/name/YOL-7``.
            project: As for `find_project`.

        Raises:
            RequestRefusedError: If the run has another form, or no project is named for a team server.
        """
        named, identifier = split_run(run)
        return RunPlace(self.find_project(named or project), identifier)

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def session(self) -> SessionFacts:
        """Return who asks, and what the server is."""
        return self._transport.get(SessionFacts, "/session")

    def projects(self, search: str = "", workspace: str | None = None) -> Iterator[Project]:
        """Yield the projects that the token may see, those that changed last first.

        Args:
            search: Part of the name or description, in any case of letters.
            workspace: Only those of this one.
        """
        offset = 0
        while True:
            page = self._transport.get(
                ProjectPage, "/projects", search=search, workspace=workspace, offset=offset, limit=_PROJECTS_PAGE
            )
            yield from page.projects
            offset += len(page.projects)
            if not page.projects or offset >= page.total:
                return

    def project(self, project: str) -> Project:
        """Return a project.

        Raises:
            ThingNotFoundError: If there is none of this name that the token may see.
        """
        return self._transport.get(Project, project_path(project))

    def search_page(self, project: str, search: RunSearch, offset: int = 0, limit: int = MAX_PAGE) -> RunPage:
        """Return a page of the runs that fit a search, with values of its columns.

        Args:
            project: ``workspace/name``.
            search: Which runs, and what of them.
            offset: Position of the first.
            limit: Of how many, 1 to 1000.

        Raises:
            RequestRefusedError: If the query is no NQL.
            ThingNotFoundError: If there is no such project.
        """
        body = {**search.body(), "offset": offset, "limit": limit}
        return self._transport.post(RunPage, f"{project_path(project)}/runs/search", body)

    def search_runs(
        self, project: str, search: RunSearch, limit: int | None = None, page_size: int = MAX_PAGE
    ) -> Iterator[RunRow]:
        """Yield the runs that fit a search with values of its columns; each run once, however many begin meanwhile.

        Args:
            project: ``workspace/name``.
            search: Which runs, and what of them.
            limit: At most so many; None for all.
            page_size: How many are asked for at a time, 1 to 1000.

        Raises:
            RequestRefusedError: If the query is no NQL.
            ThingNotFoundError: If there is no such project.
        """
        for _, row in self.search_typed_runs(project, search, limit, page_size):
            yield row

    def search_typed_runs(
        self, project: str, search: RunSearch, limit: int | None = None, page_size: int = MAX_PAGE
    ) -> Iterator[tuple[list[str | None], RunRow]]:
        """Yield what `search_runs` yields, each with the types of the columns as far as the rows of its page tell.

        Raises:
            RequestRefusedError: If the query is no NQL.
            ThingNotFoundError: If there is no such project.
        """
        seen: set[str] = set()
        offset = 0
        while limit is None or len(seen) < limit:
            size = page_size if limit is None else min(page_size, limit - len(seen))
            page = self.search_page(project, search, offset, size)
            for row in page.rows:
                if row.run.id not in seen:
                    seen.add(row.run.id)
                    yield page.types, row
            offset += len(page.rows)
            if not page.rows or offset >= page.total:
                return

    def attribute_names(
        self, project: str, search: str = "", *, kind: Kind = "run", limit: int = MAX_NAMES
    ) -> list[AttributeName]:
        """Return paths that runs of a project have or had, with their types.

        Args:
            project: ``workspace/name``.
            search: Part of the path, in any case of letters.
            kind: Runs, models or versions of models.
            limit: At most so many, 1 to 50,000.
        """
        path = f"{project_path(project)}/attribute-names"
        return self._transport.get(AttributeNames, path, search=search, type=kind, limit=limit).names

    def run(self, project: str, run: str) -> RunHead:
        """Return a run in short.

        Raises:
            ThingNotFoundError: If there is none that the token may see.
        """
        return self._transport.get(RunHead, run_path(project, run))

    def attributes(self, project: str, run: str, *, prefix: str = "", search: str = "") -> Iterator[AttributeView]:
        """Yield attributes of a run with their present values, by path. Long texts are cut; see `attribute`.

        Args:
            project: ``workspace/name``.
            run: Identifier of the run.
            prefix: With which paths begin.
            search: Part of paths, in any case of letters.
        """
        offset = 0
        while True:
            page = self._transport.get(
                AttributePage,
                f"{run_path(project, run)}/attributes",
                prefix=prefix,
                search=search,
                offset=offset,
                limit=_ATTRIBUTES_PAGE,
            )
            yield from page.attributes
            offset += len(page.attributes)
            if not page.attributes or offset >= page.total:
                return

    def attribute(self, project: str, run: str, path: str) -> AttributeView:
        """Return one attribute with its present value, however long it is.

        Raises:
            ThingNotFoundError: If the run has none of this path.
        """
        return self._transport.get(AttributeView, f"{run_path(project, run)}/attribute", path=path)

    def artifact_files(self, project: str, run: str, path: str) -> Iterator[ArtifactFile]:
        """Yield the files that an artifact attribute tracks: their hashes and places, not their bytes."""
        offset = 0
        while True:
            page = self._transport.get(
                ArtifactPage, f"{run_path(project, run)}/artifact", path=path, offset=offset, limit=_ARTIFACT_PAGE
            )
            yield from page.files
            offset += len(page.files)
            if not page.files or offset >= page.total:
                return

    def compare(self, project: str, runs: Sequence[str], **choice: Any) -> Comparison:
        """Return attributes of up to 100 runs side by side.

        Args:
            project: ``workspace/name``.
            runs: Their identifiers.
            **choice: ``paths``, ``prefixes``, ``search``, ``types``, ``only_different``: see the OpenAPI document.
        """
        body = {"runs": list(runs), **choice}
        return self._transport.post(Comparison, f"{project_path(project)}/compare", body)

    def trash_runs(self, project: str, runs: Sequence[str]) -> RunsChanged:
        """Put up to 1000 runs into the trash."""
        return self._transport.post(RunsChanged, f"{project_path(project)}/runs/trash", {"runs": list(runs)})

    def restore_runs(self, project: str, runs: Sequence[str]) -> RunsChanged:
        """Take up to 1000 runs out of the trash."""
        return self._transport.post(RunsChanged, f"{project_path(project)}/runs/restore", {"runs": list(runs)})

    def delete_runs(self, project: str, runs: Sequence[str]) -> RunsChanged:
        """Delete up to 1000 runs for ever that lie in the trash."""
        address = f"{project_path(project)}/runs/delete"
        return self._transport.post(RunsChanged, address, {"runs": list(runs)}, is_repeatable=False)


@contextmanager
def open_api(api_token: str | None = None, home: Path | None = None) -> Iterator[ReadApi]:
    """Give the read API of the server that a token names, else of the embedded one, which is started if need be.

    Args:
        api_token: API token; None for that of ``NEPTUNE_API_TOKEN``.
        home: Data folder of an embedded server, which goes before any token; None for the usual one.

    Raises:
        ApiTokenError: If a token cannot be used.
        ReadError: If there is no such server.
    """
    api = ReadApi(Transport(find_server(api_token, home)))
    try:
        yield api
    finally:
        api.close()


@contextmanager
def using(api: ReadApi | None) -> Iterator[ReadApi]:
    """Give the connection that is open already, else a new one for the block."""
    if api is not None:
        yield api
        return
    with open_api() as opened:
        yield opened
