"""What a process of a team server looks at before it answers."""

import logging
import threading

from neptune_yolo.server.api.readiness import try_files
from neptune_yolo.server.configuration import ServerConfiguration
from neptune_yolo.server.exceptions import ConfigurationError, ServerError
from neptune_yolo.server.storage import open_blobs
from neptune_yolo.server.store.interfaces import BlobStore

BUCKET_SECONDS = 5.0
"""How long the start waits for a bucket; later its answer stands in the log all the same."""

_LATER = "the client tries again."

logger = logging.getLogger("neptune_yolo.server")


def look_at_files(configuration: ServerConfiguration) -> None:
    """Log why files can't be stored, if they can't; what is stored already may still be read.

    Args:
        configuration: Checked settings.

    Raises:
        ConfigurationError: If there is no folder for files and it can't be made.
    """
    if configuration.bucket is None:
        _require_folder(configuration)
    blobs = open_blobs(configuration.file_root, configuration.bucket_settings)
    if configuration.bucket is None:
        _tell(blobs)
        return
    asking = threading.Thread(target=_tell, args=(blobs,), name="look-at-files", daemon=True)
    asking.start()
    asking.join(BUCKET_SECONDS)
    if asking.is_alive():
        logger.warning("no answer of the bucket %r within %g s; starting without", configuration.bucket, BUCKET_SECONDS)


def _require_folder(configuration: ServerConfiguration) -> None:
    try:
        configuration.file_root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(
            f"Expected a folder for uploaded files as file_root, got {str(configuration.file_root.absolute())!r}, "
            f"which can't be made ({error.strerror or error}). Set file_root to a folder that can, or make it."
        ) from error


def _tell(blobs: BlobStore) -> None:
    try:
        try_files(blobs)
    except ServerError as error:
        text = str(error)
        cause = text[: -len(_LATER)].rstrip(" ;") if text.lower().endswith(_LATER) else text
        logger.error("files can't be stored, and uploads will fail: %s", cause)  # noqa: TRY400 - the cause says it all
