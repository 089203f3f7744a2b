"""One S3 bucket: its address, requests to it, and what their errors mean."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from boto3.session import Session
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
)
from botocore.exceptions import ConnectionError as BotoConnectionError

from neptune_yolo.server.exceptions import ConfigurationError, StorageUnavailableError
from neptune_yolo.server.store.parallel import for_each

CONNECT_SECONDS = 5
READ_SECONDS = 60
ATTEMPTS = 4
"""Limits of one request: time to connect, time without a byte of the answer, and how often it is sent in all."""

CONNECTIONS = 64
"""Open connections that are kept; downloads take one each."""

COPY_PIECE_BYTES = 256 * 1024 * 1024
"""Larger objects are copied in pieces of this size: one request takes at most 5 GiB, and has to end in time."""

DELETE_BATCH = 1000
"""Names that one request deletes at most."""

_DENIED = (
    "the access is denied. Allow the server's key s3:ListBucket, s3:ListBucketMultipartUploads, s3:GetObject, "
    "s3:PutObject, s3:AbortMultipartUpload and s3:DeleteObject there"
)
_REASONS: Mapping[str, str] = {
    "NoSuchBucket": "there is no such bucket. Create it, or correct its name",
    "AccessDenied": _DENIED,
    "403": _DENIED,
    "InvalidAccessKeyId": "the access key is unknown. Correct AWS_ACCESS_KEY_ID, or where else the keys come from",
    "SignatureDoesNotMatch": "the secret key is wrong. Correct AWS_SECRET_ACCESS_KEY, or where else the keys come from",
    "ExpiredToken": "the keys have expired. Renew them",
    "PermanentRedirect": "the bucket is in another region. Correct bucket_region",
    "AuthorizationHeaderMalformed": "the bucket is in another region. Correct bucket_region",
    "QuotaExceeded": "the quota is used up. Make room",
    "XMinioStorageFull": "the storage is full. Make room",
    "InsufficientStorage": "the storage is full. Make room",
}
_MISSING = frozenset({"404", "NoSuchKey", "NoSuchUpload"})


@dataclass(frozen=True)
class BucketLocation:
    """Where a bucket is.

    Attributes:
        name: Name of the bucket, which exists.
        prefix: Beginning of all names in it.
        endpoint_url: Address of storage that is not Amazon's.
        region: Region of the bucket; None for that of the environment.
        path_style: Whether requests name the bucket in the path, not in the host, of an ``endpoint_url``.
    """

    name: str
    prefix: str = ""
    endpoint_url: str | None = None
    region: str | None = None
    path_style: bool = True


class MissingObjectError(Exception):
    """There is no object of that name in the bucket. Never leaves the store."""


@dataclass(frozen=True)
class StoredObject:
    """An object in the bucket, as lists tell it.

    Attributes:
        name: Name within the bucket, without the prefix.
        size_bytes: Its size.
        stored_at: When it was written.
        etag: Changes with its content.
    """

    name: str
    size_bytes: int
    stored_at: datetime
    etag: str


class BucketClient:
    """Requests to one bucket, by names below its prefix. Any thread may use it.

    The keys come from where boto3 looks for them: environment, shared file, role of the machine.

    Args:
        location: Where the bucket is.

    Raises:
        ConfigurationError: If the address is malformed.
    """

    def __init__(self, location: BucketLocation) -> None:
        self.location = location
        self._prefix = f"{location.prefix.strip('/')}/" if location.prefix.strip("/") else ""
        try:
            self._s3: Any = Session().client("s3", endpoint_url=location.endpoint_url, config=_config(location))
        except (ValueError, BotoCoreError) as error:
            raise ConfigurationError(
                f"Expected a bucket that can be addressed, got {error}. Correct bucket_endpoint_url and bucket_region."
            ) from error

    def call(self, operation: str, name: str | None = None, **arguments: Any) -> Any:
        """Send one request.

        Args:
            operation: Method of boto3's client.
            name: Object that it is about, below the prefix; None for the bucket.
            **arguments: Further arguments of the method.

        Raises:
            MissingObjectError: If there is no such object or upload.
            StorageUnavailableError: If the bucket cannot be used.
        """
        if name is not None:
            arguments["Key"] = self._prefix + name
        with self.translated_errors():
            return getattr(self._s3, operation)(Bucket=self.location.name, **arguments)

    def list_objects(self, folder: str) -> Iterator[StoredObject]:
        """Yield the objects whose names begin with ``folder``, by name."""
        for page in self._pages("list_objects_v2", Prefix=self._prefix + folder):
            for item in page.get("Contents", ()):
                name = item["Key"].removeprefix(self._prefix)
                yield StoredObject(name, item["Size"], item["LastModified"], item["ETag"])

    def list_folders(self, folder: str) -> Iterator[str]:
        """Yield the names that stand between ``folder`` and the next slash."""
        start = self._prefix + folder
        for page in self._pages("list_objects_v2", Prefix=start, Delimiter="/"):
            for item in page.get("CommonPrefixes", ()):
                yield item["Prefix"].removeprefix(start).rstrip("/")

    def list_unfinished(self) -> Iterator[tuple[str, str, datetime]]:
        """Yield the objects that are being written in pieces: name, the storage's ID of the upload, its start."""
        for page in self._pages("list_multipart_uploads", Prefix=self._prefix):
            for item in page.get("Uploads", ()):
                yield item["Key"].removeprefix(self._prefix), item["UploadId"], item["Initiated"]

    def size_bytes(self, name: str) -> int:
        """Return the size of an object.

        Raises:
            MissingObjectError: If there is none.
        """
        return int(self.call("head_object", name)["ContentLength"])

    def copy(self, source: str, target: str, size_bytes: int) -> None:
        """Copy an object of known size within the bucket, without its bytes passing through here."""
        if size_bytes <= COPY_PIECE_BYTES:
            origin = {"Bucket": self.location.name, "Key": self._prefix + source}
            self.call("copy_object", target, CopySource=origin)
            return
        upload = self.call("create_multipart_upload", target)["UploadId"]
        try:
            starts = list(enumerate(range(0, size_bytes, COPY_PIECE_BYTES), start=1))
            parts = for_each(partial(self._copy_range, target, upload, source, size_bytes), starts)
            self.call("complete_multipart_upload", target, UploadId=upload, MultipartUpload={"Parts": parts})
        except BaseException:
            self.abort(target, upload)
            raise

    def copy_piece(self, target: str, upload: str, number: int, source: str, **conditions: str) -> dict[str, Any]:
        """Make an object, or a range of it, a piece of one that is written in pieces.

        Args:
            target: Name of the object that is written.
            upload: The storage's ID of its upload.
            number: Position of the piece, from 1.
            source: Name of the object that is copied.
            **conditions: Further arguments of boto3's ``upload_part_copy``.

        Returns:
            The piece, as completing the upload takes it.

        Raises:
            MissingObjectError: If there is no such object or upload.
            StorageUnavailableError: If the bucket cannot be used.
        """
        origin = {"Bucket": self.location.name, "Key": self._prefix + source}
        answer = self.call(
            "upload_part_copy", target, UploadId=upload, PartNumber=number, CopySource=origin, **conditions
        )
        return {"PartNumber": number, "ETag": answer["CopyPartResult"]["ETag"]}

    def delete(self, names: list[str]) -> set[str]:
        """Delete objects; return the names of those that could not be deleted."""
        kept: set[str] = set()
        for start in range(0, len(names), DELETE_BATCH):
            batch = names[start : start + DELETE_BATCH]
            try:
                keys = [{"Key": self._prefix + name} for name in batch]
                answer = self.call("delete_objects", Delete={"Objects": keys, "Quiet": True})
                kept.update(item["Key"].removeprefix(self._prefix) for item in answer.get("Errors", ()))
            except StorageUnavailableError:
                kept.update(batch)
        return kept

    def abort(self, name: str, upload: str) -> None:
        """Drop what was written of an object in pieces; if that fails now, it is dropped with other leftovers."""
        try:
            self.call("abort_multipart_upload", name, UploadId=upload)
        except (MissingObjectError, StorageUnavailableError):
            return

    @contextmanager
    def translated_errors(self) -> Iterator[None]:
        """Raise the server's own errors in place of boto3's.

        Raises:
            MissingObjectError: If there is no such object or upload.
            StorageUnavailableError: If the bucket cannot be used.
        """
        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in _MISSING:
                raise MissingObjectError from error
            raise self._unavailable(_REASONS.get(code, f"the storage answered {error}")) from error
        except (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError) as error:
            raise self._unavailable(
                "there are no keys to it. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or one of boto3's other ways"
            ) from error
        except BotoConnectionError as error:
            reason = f"it can't be reached ({error}). Check bucket_endpoint_url and the network"
            raise self._unavailable(reason) from error
        except BotoCoreError as error:
            raise self._unavailable(f"the request failed ({error})") from error

    def _unavailable(self, reason: str) -> StorageUnavailableError:
        where = f" at {self.location.endpoint_url}" if self.location.endpoint_url else ""
        return StorageUnavailableError(
            f"Expected to use the bucket {self.location.name!r}{where}, but {reason}. The client tries again."
        )

    def _pages(self, operation: str, **arguments: Any) -> Iterator[Any]:
        with self.translated_errors():
            yield from self._s3.get_paginator(operation).paginate(Bucket=self.location.name, **arguments)

    def _copy_range(
        self, target: str, upload: str, source: str, size_bytes: int, piece: tuple[int, int]
    ) -> dict[str, Any]:
        number, first = piece
        last = min(first + COPY_PIECE_BYTES, size_bytes) - 1
        return self.copy_piece(target, upload, number, source, CopySourceRange=f"bytes={first}-{last}")


def _config(location: BucketLocation) -> Config:
    elsewhere = location.endpoint_url is not None
    checksums = "when_required" if elsewhere else "when_supported"  # not all storage knows Amazon's newer checksums
    return Config(
        region_name=location.region,
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=CONNECTIONS,
        tcp_keepalive=True,
        s3={"addressing_style": "path" if elsewhere and location.path_style else "auto"},
        request_checksum_calculation=checksums,
        response_checksum_validation=checksums,
    )
