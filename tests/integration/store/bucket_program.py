"""Uploads files to a bucket, whole and in parts, replaces and deletes them, until it is killed.

Takes the address of the database, those of the storage and its bucket, and the ID of a run.
"""

import itertools
import sys
from pathlib import Path

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.caller import Caller
from neptune_yolo.server.domain.files import FileTarget
from neptune_yolo.server.domain.images import ImageUpload
from neptune_yolo.server.domain.operation import DeleteAttribute, LogImages
from neptune_yolo.server.services.bundle import ServiceFactory
from neptune_yolo.server.settings import ServerSettings
from neptune_yolo.server.store.bucket import BucketBlobStore
from neptune_yolo.server.store.bucket_client import BucketLocation
from neptune_yolo.server.store.sql import SqlStore


def main(database_url: str, endpoint_url: str, bucket: str, run_id: str) -> None:
    settings = ServerSettings(database_url, Path("unused"), "a", "b", "c", "http://127.0.0.1")
    blobs = BucketBlobStore(BucketLocation(bucket, endpoint_url=endpoint_url))
    factory = ServiceFactory(SqlStore(database_url), blobs, settings)
    services = factory.for_caller(Caller("local", is_admin=True))
    for number in itertools.count(1):
        content = b"weights %d" % (number % 5)
        services.files.attach(run_id, [(FileTarget("last", AttributeType.FILE), blobs.stage([content])[0])])
        target = FileTarget(f"epoch_{number % 3}", AttributeType.FILE)
        upload_id = services.files.start_upload(run_id, target, len(content) + 1)
        for index, part in enumerate((b"1", content)):
            services.files.finish_part(upload_id, index, blobs.stage([part])[0])
        services.files.finish_upload(run_id, upload_id)
        picture = LogImages("pictures", [(None, number, ImageUpload.of(content, None, None))])
        services.operations.execute(run_id, [picture], f"picture {number}")
        services.operations.execute(run_id, [DeleteAttribute(f"epoch_{(number + 1) % 3}")], f"delete {number}")
        if number == 1:
            print("ready", flush=True)  # noqa: T201 - the test waits for it


if __name__ == "__main__":
    main(*sys.argv[1:])
