"""The real client in tests."""

from typing import Any

QUIET: dict[str, Any] = {
    "capture_hardware_metrics": False,
    "capture_stdout": False,
    "capture_stderr": False,
    "capture_traceback": False,
    "git_ref": False,
    "source_files": [],
}
"""Options of a run without monitoring and source code."""
