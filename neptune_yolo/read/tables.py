"""Runs and series as frames, and as streams for what is too long for one."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, overload

from neptune_yolo.read.api import ReadApi, using
from neptune_yolo.read.columns import column_name, expand_columns, expand_paths
from neptune_yolo.read.forms import Atom, RunHead, TextPoint
from neptune_yolo.read.frames import ColumnValues, Library, make_frame, make_series_frame, require_library
from neptune_yolo.read.searches import MAX_COLUMNS, Column, RunSearch
from neptune_yolo.read.series_wire import SeriesPoints

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

_SERIES_TYPES = frozenset({"floatSeries"})
_RUNS_AT_A_TIME = 200
_HEAD = {
    "sys/id": "string",
    "sys/name": "string",
    "sys/state": "string",
    "sys/owner": "string",
    "sys/creation_time": "datetime",
    "sys/tags": "stringSet",
}
"""Columns that every table of runs begins with."""


@overload
def runs(
    nql: str = ...,
    project: str | None = ...,
    columns: Sequence[str | Column] | None = ...,
    *,
    search: RunSearch | None = ...,
    limit: int | None = ...,
    frame: Literal["pandas"] = ...,
    api: ReadApi | None = ...,
) -> "pd.DataFrame": ...


@overload
def runs(
    nql: str = ...,
    project: str | None = ...,
    columns: Sequence[str | Column] | None = ...,
    *,
    search: RunSearch | None = ...,
    limit: int | None = ...,
    frame: Literal["polars"],
    api: ReadApi | None = ...,
) -> "pl.DataFrame": ...


def runs(
    nql: str = "",
    project: str | None = None,
    columns: Sequence[str | Column] | None = None,
    *,
    search: RunSearch | None = None,
    limit: int | None = None,
    frame: Library = "pandas",
    api: ReadApi | None = None,
) -> "pd.DataFrame | pl.DataFrame":
    """Return runs as a frame: a row for each, the newest first, and a column for each attribute.

    The first columns are always ``sys/id``, ``sys/name``, ``sys/state``, ``sys/owner``, ``sys/creation_time`` and
    ``sys/tags``. Moments are in UTC, a series of numbers stands for its last value, a file for its size in bytes.

    Args:
        nql: Query in Neptune's query language, such as ``(sys/tags:stringSet CONTAINS "night") AND (lr0:float < 0.1)``;
            nothing for all runs.
        project: ``workspace/name``. None: NEPTUNE_PROJECT, else that of the embedded server.
        columns: Paths (``train/loss``), patterns (``metrics/*``; ``**`` goes across slashes), or a figure of a
            series of numbers (``max(metrics/mAP50(B))``; also ``min``, ``average``, ``variance``). None: all attributes
            whose value fits into a cell. Texts are cut after 500 characters.
        search: Says more than `nql` can: words, sorting, what lies in the trash, models. Its columns do not count.
        limit: At most so many rows; None for all.
        frame: ``pandas`` or ``polars``.
        api: An open connection; None opens one.

    Returns:
        A frame of (number of runs) rows.

    Raises:
        RequestRefusedError: If the query is no NQL.
        ThingNotFoundError: If there is no such project.
        PackageMissingError: If polars is not installed.
        ReadError: If the server does not answer.
    """
    require_library(frame)
    wanted = search or RunSearch(nql)
    with using(api) as reader:
        name = reader.find_project(project)
        found = expand_columns(reader, name, columns, wanted.kind)
        table = _table(reader, name, wanted, [column for column in found if column_name(column) not in _HEAD], limit)
    return make_frame(table, frame)


def iter_runs(
    nql: str = "",
    project: str | None = None,
    *,
    columns: Sequence[str | Column] = (),
    search: RunSearch | None = None,
    limit: int | None = None,
    api: ReadApi | None = None,
) -> Iterator[tuple[RunHead, dict[str, Atom]]]:
    """Yield runs one by one, with values of columns by name; only a page of them is in memory.

    Args:
        nql: Query in Neptune's query language; nothing for all runs.
        project: ``workspace/name``. None: NEPTUNE_PROJECT, else that of the embedded server.
        columns: As for `runs`; up to 200 of them.
        search: As for `runs`.
        limit: At most so many; None for all.
        api: An open connection; None opens one until the last run is there.

    Yields:
        The run in short, and its values; None where it lacks an attribute.

    Raises:
        RequestRefusedError: If the query is no NQL, or there are more than 200 columns.
        ThingNotFoundError: If there is no such project.
    """
    wanted = search or RunSearch(nql)
    with using(api) as reader:
        name = reader.find_project(project)
        found = expand_columns(reader, name, columns, wanted.kind)
        names = [column_name(column) for column in found]
        for row in reader.search_runs(name, wanted.with_columns(found), limit):
            yield row.run, dict(zip(names, row.cells, strict=True))


@overload
def series(
    paths: str | Sequence[str],
    runs: str | Sequence[str] | None = ...,
    project: str | None = ...,
    *,
    nql: str = ...,
    wide: bool = ...,
    frame: Literal["pandas"] = ...,
    api: ReadApi | None = ...,
) -> "pd.DataFrame": ...


@overload
def series(
    paths: str | Sequence[str],
    runs: str | Sequence[str] | None = ...,
    project: str | None = ...,
    *,
    nql: str = ...,
    wide: bool = ...,
    frame: Literal["polars"],
    api: ReadApi | None = ...,
) -> "pl.DataFrame": ...


def series(
    paths: str | Sequence[str],
    runs: str | Sequence[str] | None = None,
    project: str | None = None,
    *,
    nql: str = "",
    wide: bool = False,
    frame: Library = "pandas",
    api: ReadApi | None = None,
) -> "pd.DataFrame | pl.DataFrame":
    """Return series of numbers of several runs as one frame, all points of them, bit for bit.

    Args:
        paths: Paths, or patterns such as ``metrics/*``.
        runs: Identifiers, such as ``YOL-7``. None: all runs that `nql` finds.
        project: ``workspace/name``. None: NEPTUNE_PROJECT, else that of the embedded server.
        nql: Query in Neptune's query language; nothing for all runs.
        wide: One column for each path, and one row for each run and step; moments are left out.
        frame: ``pandas`` or ``polars``.
        api: An open connection; None opens one.

    Returns:
        A frame with the columns ``run``, ``path``, ``step`` (float), ``time`` (UTC) and ``value`` (float), a row for
        each point; with `wide`, the columns ``run``, ``step`` and one for each path, NaN (polars: null) where there is
        no point. Series come in the order given, points by step; series that a run lacks are left out.

    Raises:
        RequestRefusedError: If the query is no NQL.
        ThingNotFoundError: If there is no such project, or a run that is named does not exist.
        PackageMissingError: If polars is not installed.
    """
    require_library(frame)
    return make_series_frame(list(iter_series(paths, runs, project, nql=nql, api=api)), frame, wide=wide)


def iter_series(
    paths: str | Sequence[str],
    runs: str | Sequence[str] | None = None,
    project: str | None = None,
    *,
    nql: str = "",
    api: ReadApi | None = None,
) -> Iterator[SeriesPoints]:
    """Yield series of numbers as arrays, in pieces of at most 250,000 points; see `series` for the arguments.

    Raises:
        RequestRefusedError: If the query is no NQL.
        ThingNotFoundError: If there is no such project, or, after the series of others, if a run that is named does not
            exist.
    """
    with using(api) as reader:
        name = reader.find_project(project)
        wanted = expand_paths(reader, name, [paths] if isinstance(paths, str) else paths, _SERIES_TYPES)
        if runs is None:
            names = [row.run.sys_id for row in reader.search_runs(name, RunSearch(nql))]
        else:
            names = [runs] if isinstance(runs, str) else list(runs)
        for start in range(0, len(names), _RUNS_AT_A_TIME):
            asked = names[start : start + _RUNS_AT_A_TIME]
            without = dict.fromkeys(asked)
            for points in reader.series.raw(name, [(run, path) for run in asked for path in wanted]):
                without.pop(points.run, None)
                yield points
            for run in without if runs is not None else ():
                reader.run(name, run)  # raises if there is none


def texts(run: str, path: str, project: str | None = None, *, api: ReadApi | None = None) -> Iterator[TextPoint]:
    """Yield the points of a series of texts, such as ``monitoring/<process>/stdout``, by step.

    Args:
        run: Identifier, such as ``YOL-7`` or ``workspace/name/YOL-7``.
        path: Of the attribute.
        project: ``workspace/name``. None: NEPTUNE_PROJECT, else that of the embedded server.
        api: An open connection; None opens one until the last point is there.

    Raises:
        ThingNotFoundError: If there is no such run, or it has no such series of texts.
    """
    with using(api) as reader:
        place = reader.find_run(run, project)
        yield from reader.series.texts(place.project, place.run, path)


def _table(
    api: ReadApi, project: str, search: RunSearch, columns: list[Column], limit: int | None
) -> dict[str, ColumnValues]:
    """Return the columns of all runs; more than the server gives at once are asked for one portion after the other."""
    head: dict[str, ColumnValues] = {name: ColumnValues({kind}) for name, kind in _HEAD.items()}
    rest = {column_name(column): ColumnValues() for column in columns}
    rows: dict[str, int] = {}
    portions = [columns[start : start + MAX_COLUMNS] for start in range(0, len(columns), MAX_COLUMNS)] or [[]]
    for number, portion in enumerate(portions):
        names = [column_name(column) for column in portion]
        left = set(rows)
        for types, row in api.search_typed_runs(project, search.with_columns(portion), None if number else limit):
            if number == 0:
                rows[row.run.id] = len(rows)
                _add_head(head, row.run)
                for column in rest.values():
                    column.cells.append(None)
            elif row.run.id not in left:
                continue  # it began meanwhile
            for name, kind, value in zip(names, types, row.cells, strict=True):
                rest[name].cells[rows[row.run.id]] = value
                if kind is not None:
                    rest[name].types.add(kind)
            left.discard(row.run.id)
            if number and not left:
                break
    return head | rest


def _add_head(head: dict[str, ColumnValues], run: RunHead) -> None:
    values = (run.sys_id, run.name, run.state, run.owner, run.created_ms, list(run.tags))
    for column, value in zip(head.values(), values, strict=True):
        column.cells.append(value)
