"""Models of the registry, and the form of their names."""

import re

from neptune_yolo.server.domain.ids import SysId
from neptune_yolo.server.domain.showing import shown
from neptune_yolo.server.exceptions import InvalidRequestError

MAX_KEY_LENGTH = 64

_KEY = re.compile(r"[A-Z][A-Z0-9_]*")


def require_model_key(key: object) -> str:
    """Return a model's key if it has the form of one.

    A key starts with a letter, so that no model is called like a run, and has no ``-``, so that no model is called like
    a version of another.

    Args:
        key: What the client sent.

    Raises:
        InvalidRequestError: If it has another form.
    """
    if not isinstance(key, str) or len(key) > MAX_KEY_LENGTH or not _KEY.fullmatch(key):
        raise InvalidRequestError(
            f"Expected a model key of 1 to {MAX_KEY_LENGTH} capital letters, digits and '_' that starts with a letter, "
            f"got {shown(key)!r}. Choose another key, 'DET' for example."
        )
    return key


def model_sys_id(project_key: str, model_key: str) -> SysId:
    """Return what people call a model: ``YOL-DET``."""
    return SysId(f"{project_key}-{model_key}")


def version_sys_id(model: SysId, number: int) -> SysId:
    """Return what people call a version of a model: ``YOL-DET-3``.

    Args:
        model: What people call the model.
        number: Of the version, from 1.
    """
    return SysId(f"{model}-{number}")


def model_of_version(version: SysId) -> SysId:
    """Return what people call the model of a version."""
    return SysId(version.rpartition("-")[0])
