"""The built application of the pages: where it is, and its files as they are sent."""

import gzip
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

STATIC_PATH = "/static"
"""Where the files of the application are; the build writes this address into them."""

APPLICATION_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
        "img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
        "frame-ancestors 'none'; base-uri 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
)
"""Of the page that loads the application: its own files are run and shown, and nothing else.

Pictures may also be made in the page (``blob:``, ``data:``). Frames show uploaded pages, which are sent with a sandbox.
Without any referrer, browsers don't tell the origin of a form either, and the guard would refuse it.
"""

ASSET_HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Vary": "Accept-Encoding",
    }
)

FOR_EVER = "public, max-age=31536000, immutable"
"""Of files whose name tells their content. They are part of the program and hold nothing of any user."""

_ASSET_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", re.ASCII)
_TYPES = MappingProxyType({".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"})
_COMPRESSION = 9


@dataclass(frozen=True)
class Bundle:
    """The application as the build has left it.

    Attributes:
        folder: Holds ``index.html`` and ``assets``.
    """

    folder: Path
    _compressed: dict[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def exists(self) -> bool:
        """Whether the application has been built."""
        return (self.folder / "index.html").is_file()

    def page(self) -> Response:
        """Return the page that loads the application; it then shows what belongs to the address."""
        return HTMLResponse((self.folder / "index.html").read_bytes(), headers=dict(APPLICATION_HEADERS))

    def asset(self, name: str, *, gzipped: bool) -> Response | None:
        """Return a file of the application; None if there is none of that name.

        Args:
            name: File name, as in the address.
            gzipped: Whether whoever asks understands gzip.
        """
        path = self.folder / "assets" / name
        if not _ASSET_NAME.fullmatch(name) or not path.is_file():
            return None
        headers = {**ASSET_HEADERS, "Cache-Control": FOR_EVER}
        if gzipped:
            headers["Content-Encoding"] = "gzip"
        content = self._compress(name, path) if gzipped else path.read_bytes()
        suffix = path.suffix
        media_type = _TYPES.get(suffix) or mimetypes.types_map.get(suffix) or "application/octet-stream"
        return Response(content, headers=headers, media_type=media_type)

    def _compress(self, name: str, path: Path) -> bytes:
        content = self._compressed.get(name)
        if content is None:
            content = self._compressed[name] = gzip.compress(path.read_bytes(), _COMPRESSION, mtime=0)
        return content


def installed_bundle() -> Bundle:
    """Return the application that was built into this package."""
    return Bundle(Path(__file__).parent / "bundle")


def asset_routes(bundle: Bundle) -> list[BaseRoute]:
    """Return the routes of the application's files; anybody may load them."""

    async def answer(request: Request) -> Response:
        name = request.path_params["name"]
        gzipped = "gzip" in request.headers.get("Accept-Encoding", "")
        found = await run_in_threadpool(bundle.asset, name, gzipped=gzipped)
        if found is None:
            raise HTTPException(
                404, f"Expected a file of this version of the pages, got {name[:80]!r}. Load them anew."
            )
        return found

    return [Route(f"{STATIC_PATH}/assets/{{name}}", answer)]
