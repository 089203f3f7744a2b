"""Charts as single HTML files that need nothing else: no script, no network, only SVG and CSS.

They answer to pointer and keyboard through CSS alone, so they also work under a Content-Security-Policy of
``default-src 'none'; style-src 'unsafe-inline'``, and still show their picture where styles are forbidden too.
"""

from neptune_yolo.tracking.charts.render import MOST_CLASSES, chart_html

__all__ = ["MOST_CLASSES", "chart_html"]
