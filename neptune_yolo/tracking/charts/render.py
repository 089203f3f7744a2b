"""From a figure to its HTML page."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from neptune_yolo.tracking.charts.bars import bars_context
from neptune_yolo.tracking.charts.drawing import MOST_CLASSES
from neptune_yolo.tracking.charts.lines import lines_context
from neptune_yolo.tracking.charts.matrix import matrix_context
from neptune_yolo.tracking.curve_data import ClassCurves, ClassValues, Confusion, Figure

__all__ = ["MOST_CLASSES", "chart_html"]

_TEMPLATES = Path(__file__).parent / "templates"


def chart_html(figure: Figure) -> str:
    """Return the chart of a figure as one HTML page; its size is bounded, and it says what it leaves out.

    Args:
        figure: Curves, matrix or values of at least one class.
    """
    match figure:
        case ClassCurves():
            template, context = "lines.html", lines_context(figure)
        case Confusion():
            template, context = "matrix.html", matrix_context(figure)
        case ClassValues():
            template, context = "bars.html", bars_context(figure)
    source = "Evaluation of best.pt." if figure.step is None else f"Validation of epoch {figure.step}."
    return _environment().get_template(template).render(title=figure.title, source=source, **context)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
