"""Opens the file storage that settings name."""

from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from neptune_yolo.server.exceptions import ConfigurationError
from neptune_yolo.server.settings import BucketSettings
from neptune_yolo.server.store.blobs import DiskBlobStore
from neptune_yolo.server.store.interfaces import BlobStore


@dataclass(frozen=True)
class Storage:
    """Everything that one server has stored.

    Attributes:
        database_url: SQLAlchemy address of the database.
        blobs: The uploaded files.
        secrets: File with the keys of an embedded server's data folder; None for a team server.
    """

    database_url: str = field(repr=False)
    blobs: BlobStore
    secrets: Path | None = None


def open_blobs(file_root: Path, bucket: BucketSettings | None) -> BlobStore:
    """Return the storage of uploaded files: the bucket if there is one, else the folder.

    Args:
        file_root: The folder.
        bucket: The bucket; None for the folder.

    Raises:
        ConfigurationError: If a bucket is asked for and the package for it is missing.
    """
    if bucket is None:
        return DiskBlobStore(file_root)
    if find_spec("boto3") is None:
        raise ConfigurationError(
            "Expected the package boto3 for files in a bucket, but it is not installed. "
            "Run `python -m pip install 'neptune-yolo[s3]'`, or set file_root instead of bucket."
        )
    from neptune_yolo.server.store.bucket import BucketBlobStore
    from neptune_yolo.server.store.bucket_client import BucketLocation

    location = BucketLocation(bucket.name, bucket.prefix, bucket.endpoint_url, bucket.region, bucket.path_style)
    return BucketBlobStore(location)
