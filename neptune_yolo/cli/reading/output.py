"""Tables, plots and JSON: coloured and fitted in a terminal, plain and whole in a pipe."""

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from rich.console import Console

PLOT_HEIGHT = 14
_MIN_PLOT_WIDTH = 30
_MAX_PLOT_WIDTH = 100
_GAP = "  "


@dataclass(frozen=True)
class Heading:
    """A column of a table.

    Attributes:
        text: What stands above it.
        is_number: Whether it is flush right.
        is_key: Whether it is never cut.
        style: Of its cells in a terminal.
        short: What stands above it in a terminal; None for the same.
    """

    text: str
    is_number: bool = False
    is_key: bool = False
    style: str | None = None
    short: str | None = None


def is_terminal() -> bool:
    """Return whether somebody looks at the output."""
    return sys.stdout.isatty()


def print_json(content: Any) -> None:
    """Print JSON, with one attribute a line where somebody looks at it."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=2 if is_terminal() else None, allow_nan=False))


def print_line(text: str = "", style: str | None = None) -> None:
    """Print a line, wrapped in a terminal."""
    if not is_terminal():
        click.echo(text)
        return
    from rich.text import Text

    console().print(Text(text, style=style or ""), soft_wrap=True)


def print_heading(text: str) -> None:
    """Print a heading."""
    print_line(text, "bold")


def print_table(headings: Sequence[Heading], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in columns; in a terminal, cells are cut so that they fit."""
    if is_terminal():
        _print_fitted(headings, rows)
    else:
        _print_whole(headings, rows)


def console() -> "Console":
    """Return the terminal."""
    from rich.console import Console

    class PipeConsole(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError

    return PipeConsole(highlight=False, markup=False, emoji=False)


def _print_fitted(headings: Sequence[Heading], rows: Iterable[Sequence[str]]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(
            heading.short or heading.text,
            justify="right" if heading.is_number else "left",
            no_wrap=heading.is_number or heading.is_key,  # the others give way first
            overflow="ellipsis",
            style=heading.style,
        )
    for row in rows:
        table.add_row(*(Text(cell, overflow="ellipsis", no_wrap=True) for cell in row))
    console().print(table)


def _print_whole(headings: Sequence[Heading], rows: Iterable[Sequence[str]]) -> None:
    from rich.cells import cell_len

    lines = [[heading.text for heading in headings], *(list(row) for row in rows)]
    widths = [max(cell_len(line[at]) for line in lines) for at in range(len(headings))]
    for line in lines:
        cells = []
        for heading, text, width in zip(headings, line, widths, strict=True):
            blanks = " " * (width - cell_len(text))
            cells.append(blanks + text if heading.is_number else text + blanks)
        click.echo(_GAP.join(cells).rstrip())


def print_plot(steps: "NDArray[Any]", numbers: "NDArray[Any]", title: str) -> None:
    """Print a line of points as a small plot, where the terminal has the signs for it.

    Args:
        steps: Where points stand.
        numbers: Their values.
        title: What stands above it.
    """
    text = plot_text(steps.tolist(), numbers.tolist(), console().width)
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return
    print_line(title, "bold")
    print_line(text, "cyan")


def plot_text(steps: list[float], numbers: list[float], width: int) -> str:
    """Return a line of points as a small plot, without colours.

    Args:
        steps: Where points stand.
        numbers: Their values.
        width: Of the terminal.
    """
    import plotext  # type: ignore[import-untyped]  # ships without types

    figure = plotext.figure
    figure.clear()
    figure.plot_size(max(_MIN_PLOT_WIDTH, min(width - 2, _MAX_PLOT_WIDTH)), PLOT_HEIGHT)
    signal = figure.signal(steps, numbers, marker="braille")
    figure.draw(signal.lines() if len(steps) > 1 else signal)
    text = plotext.uncolorize(figure.build().string())
    return "\n".join(line.rstrip() for line in str(text).splitlines()).rstrip()
