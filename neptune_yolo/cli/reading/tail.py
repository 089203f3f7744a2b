"""``neptune-yolo tail``: what a run prints, or a series, while it grows."""

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import click

from neptune_yolo.cli.reading.common import EXIT_CODES, json_option, project_option, reading_command
from neptune_yolo.cli.reading.completion import complete_paths, complete_runs
from neptune_yolo.cli.reading.lines import Lines
from neptune_yolo.cli.reading.output import is_terminal
from neptune_yolo.cli.reading.values import moment_json, plain
from neptune_yolo.read.api import ReadApi
from neptune_yolo.read.columns import is_pattern, matches
from neptune_yolo.read.exceptions import RequestRefusedError, ThingNotFoundError
from neptune_yolo.read.forms import AttributeView, TextPoint
from neptune_yolo.read.places import RunPlace
from neptune_yolo.read.series_wire import SeriesPoints

_FOLLOWED = frozenset({"floatSeries", "stringSeries"})
_OUTPUT = ("monitoring/*/stdout", "monitoring/*/stderr")
_PAUSE_SECONDS = 1.0
_LOOK_AGAIN_SECONDS = 10.0
_REACH = 4
"""How many times as many steps as are expected are looked at for the last points."""

_PIECES_FOR_A_LINE = 60
"""A progress bar is a piece of output each time it is drawn: so many may make one line."""


@dataclass
class _Followed:
    """A series that is followed.

    Attributes:
        path: Of the attribute.
        is_text: Whether it is a series of texts.
        position: Of the next text.
        last_step: Of the last number that was shown; None for none yet.
        lines: What is made of texts.
    """

    path: str
    is_text: bool
    position: int = 0
    last_step: float | None = None
    lines: Lines = field(default_factory=Lines)


@click.command("tail", epilog=EXIT_CODES)
@click.argument("run", shell_complete=complete_runs)
@click.argument("paths", nargs=-1, shell_complete=complete_paths)
@project_option
@click.option(
    "-n", "--lines", "count", type=click.IntRange(min=0), default=20, help="Lines to begin with. Default: 20."
)
@click.option("--no-follow", is_flag=True, help="End after these lines, also if the run goes on.")
@json_option
@reading_command
def tail(
    api: ReadApi,
    run: str,
    paths: tuple[str, ...],
    project: str | None,
    count: int,
    no_follow: bool,
    as_json: bool,
) -> None:
    """Follow what the run RUN prints, or the series PATHS, until it ends or Ctrl+C is pressed.

    Without PATHS, that is all that its programs print. Of a series of numbers, each line is "step, moment, value" with
    tabs between.

    \b
    neptune-yolo tail YOL-12
    neptune-yolo tail YOL-12 'metrics/mAP50(B)' 'train/*'

    JSON is an object in each line: "path", "step", "time" (ISO 8601, UTC) and "value".
    """  # noqa: D301 - \b is click's mark for a block that keeps its lines
    place = api.find_run(run, project)
    api.run(place.project, place.run)
    follower = _Follower(api, place, paths, as_json=as_json)
    follower.begin(count)
    looked_at = time.monotonic()
    while not no_follow:
        is_running = api.run(place.project, place.run).state == "running"  # asked first: then nothing is missed
        if time.monotonic() - looked_at >= _LOOK_AGAIN_SECONDS or not is_running:
            follower.look()
            looked_at = time.monotonic()
        has_news = follower.show_news()
        if not is_running and not has_news:
            break
        if not has_news:
            time.sleep(_PAUSE_SECONDS)
    follower.end()


class _Follower:
    def __init__(self, api: ReadApi, place: RunPlace, paths: tuple[str, ...], *, as_json: bool) -> None:
        self._api = api
        self._place = place
        self._paths = paths
        self._as_json = as_json
        self._series: dict[str, _Followed] = {}

    def look(self) -> None:
        """Find series that are new."""
        for view in self._find():
            self._series.setdefault(view.path, _Followed(view.path, is_text=view.type == "stringSeries"))

    def begin(self, count: int) -> None:
        """Show the last lines, and remember where to go on.

        Raises:
            ThingNotFoundError: If nothing is there to follow.
        """
        self.look()
        if not self._series:
            what = f"series {', '.join(self._paths)}" if self._paths else "output of its programs"
            raise ThingNotFoundError(
                f"Expected {what} in {self._place.run}, but it has none. `neptune-yolo show {self._place.run}` tells "
                "what it has."
            )
        for series in self._series.values():
            if series.is_text:
                self._begin_texts(series, count)
            else:
                self._begin_numbers(series, count)

    def _begin_texts(self, series: _Followed, count: int) -> None:
        wanted = count if self._as_json else count * _PIECES_FOR_A_LINE
        page = self._api.series.text_page(self._place.project, self._place.run, series.path, -wanted or 0, wanted or 1)
        if wanted == 0:
            series.position = page.total
            return
        if self._as_json:
            self._show_texts(series, page.points)
        else:
            lines = [line for point in page.points for line in series.lines.feed(point.value)]
            for line in lines[-count:]:
                click.echo(line)
            self._show_pending(series)
        series.position = page.offset + len(page.points)

    def _begin_numbers(self, series: _Followed, count: int) -> None:
        known = self._api.attribute(self._place.project, self._place.run, series.path).series
        if known is None or known.last_step is None:
            return
        gap = abs(known.last_step) / max(known.count, 1)
        last: list[tuple[float, int, float]] = []
        for first in (known.last_step - _REACH * (count + 1) * gap, None):  # the end of a long series is enough
            last = []
            for piece in self._api.series.raw(self._place.project, [(self._place.run, series.path)], first=first):
                last = [*last, *_points(piece, count)][-count:] if count else []
                series.last_step = float(piece.steps[-1])
            if len(last) >= min(count, known.count):
                break
        for point in last:
            self._show_number(series, *point)

    def show_news(self) -> bool:
        """Show what has come since; return whether there was anything."""
        has_news = False
        for series in self._series.values():
            has_news |= self._news_of_texts(series) if series.is_text else self._news_of_numbers(series)
        sys.stdout.flush()
        return has_news

    def end(self) -> None:
        """Show lines that were never finished."""
        for series in self._series.values():
            if series.lines.pending and not self._as_json:
                click.echo("\r\x1b[K" + series.lines.pending if is_terminal() else series.lines.pending)

    def _find(self) -> Iterator[AttributeView]:
        views = [view for view in self._api.attributes(self._place.project, self._place.run) if view.type in _FOLLOWED]
        if not self._paths:
            yield from (view for view in views if any(matches(pattern, view.path) for pattern in _OUTPUT))
            return
        for path in self._paths:
            if not is_pattern(path) and not any(view.path == path for view in views):
                known = self._api.attribute(self._place.project, self._place.run, path)
                raise RequestRefusedError(
                    f"Expected a series of numbers or texts, got {path!r}, which is of type {known.type}."
                )
            yield from (view for view in views if view.path == path or matches(path, view.path))

    def _news_of_texts(self, series: _Followed) -> bool:
        page = self._api.series.text_page(self._place.project, self._place.run, series.path, series.position)
        series.position = page.offset + len(page.points)
        self._show_texts(series, page.points)
        return bool(page.points)

    def _news_of_numbers(self, series: _Followed) -> bool:
        has_news = False
        key = (self._place.run, series.path)
        for piece in self._api.series.raw(self._place.project, [key], after=series.last_step):
            for point in _points(piece, len(piece)):
                self._show_number(series, *point)
            series.last_step = float(piece.steps[-1])
            has_news = True
        return has_news

    def _show_texts(self, series: _Followed, points: list[TextPoint]) -> None:
        for point in points:
            if self._as_json:
                self._show_json(series, point.step, point.logged_ms, point.value)
                continue
            for line in series.lines.feed(point.value):
                click.echo("\r\x1b[K" + line if is_terminal() else line)
        if points and not self._as_json:
            self._show_pending(series)

    def _show_pending(self, series: _Followed) -> None:
        """Draw the line that isn't finished, such as a progress bar, where it can be drawn over."""
        if is_terminal() and len(self._series) <= len(_OUTPUT):
            from shutil import get_terminal_size

            click.echo("\r\x1b[K" + series.lines.pending[: get_terminal_size().columns - 1], nl=False)

    def _show_number(self, series: _Followed, step: float, moment_ms: int, value: float) -> None:
        if self._as_json:
            self._show_json(series, step, moment_ms, value)
            return
        name = f"{plain(series.path, in_one_line=True)}\t" if len(self._series) > 1 else ""
        shown = int(step) if step.is_integer() else step
        click.echo(f"{name}{shown}\t{moment_json(moment_ms)}\t{value!r}")

    def _show_json(self, series: _Followed, step: float, moment_ms: int, value: Any) -> None:
        content = {"path": series.path, "step": step, "time": moment_json(moment_ms), "value": value}
        click.echo(json.dumps(content, ensure_ascii=False))


def _points(piece: SeriesPoints, count: int) -> list[tuple[float, int, float]]:
    """Return the last points of a piece one by one."""
    start = max(0, len(piece) - count)
    columns = (piece.steps[start:], piece.times_ms[start:], piece.values[start:])
    return list(zip(*(column.tolist() for column in columns), strict=True))
