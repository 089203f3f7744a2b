"""Which files a browser may show, and under which type; all others are only saved."""

from collections.abc import Mapping
from types import MappingProxyType

BYTES = "application/octet-stream"
PLAIN = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"
SVG = "image/svg+xml"

_TEXTS = (
    *("txt", "log", "md", "rst", "yaml", "yml", "csv", "tsv", "py", "ipynb", "toml", "ini", "cfg", "conf", "sh"),
    *("bat", "js", "ts", "css", "xml", "ndjson", "jsonl", "diff", "patch", "env", "args"),
)

_TYPES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(_TEXTS, PLAIN),
        "json": "application/json",
        "html": HTML,
        "htm": HTML,
        "svg": SVG,
        "png": "image/png",
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "gif": "image/gif",
        "webp": "image/webp",
        "bmp": "image/bmp",
        "avif": "image/avif",
    }
)

_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

SANDBOXES: Mapping[str, str] = MappingProxyType(
    {
        HTML: f"{_NOTHING}; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
        "font-src data:; sandbox allow-scripts",
        SVG: f"{_NOTHING}; style-src 'unsafe-inline'; img-src data:; sandbox",
    }
)
"""Content security policies of files that are documents.

Somebody else may have logged them: they get an origin of their own, so that they reach neither the pages nor their
cookies, and they cannot load or send anything.
"""

DEFAULT_SANDBOX = f"{_NOTHING}; sandbox"


def media_type(extension: str) -> str:
    """Return the type under which a file is sent.

    Args:
        extension: Without the dot, in any case.
    """
    return _TYPES.get(extension.lower(), BYTES)
