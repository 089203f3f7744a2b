"""The installed version of the package."""

from importlib import metadata

_DISTRIBUTION = "neptune-yolo"


def package_version() -> str:
    """Return the version of the installed package; "unknown" when it runs from a checkout that isn't installed."""
    try:
        return metadata.version(_DISTRIBUTION)
    except metadata.PackageNotFoundError:
        return "unknown"
