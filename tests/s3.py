"""S3-compatible storage for tests: a server in this process, on loopback, with made-up keys."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

REGION = "us-east-1"


@dataclass(frozen=True)
class Bucket:
    """An empty bucket.

    Attributes:
        name: Name of the bucket.
        endpoint_url: Address of the storage.
        client: boto3's client, to look at what is stored and to do harm.
    """

    name: str
    endpoint_url: str
    client: Any

    def names(self) -> list[str]:
        return [item["Key"] for item in self.client.list_objects_v2(Bucket=self.name).get("Contents", ())]


@dataclass(frozen=True)
class Storage:
    """Storage that listens on loopback.

    Attributes:
        endpoint_url: Its address.
        client: boto3's client.
    """

    endpoint_url: str
    client: Any


@contextmanager
def storage_server() -> Iterator[Storage]:
    """Run the storage."""
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        url = f"http://{host}:{port}"
        keys = {"aws_access_key_id": "tests", "aws_secret_access_key": "tests", "region_name": REGION}
        with patch.dict(os.environ, {"NO_PROXY": "127.0.0.1"}):
            yield Storage(url, boto3.session.Session(**keys).client("s3", endpoint_url=url))
    finally:
        server.stop()


def make_bucket(storage: Storage) -> Bucket:
    """Make a bucket, and put the keys to it into the environment, which a fixture of all tests restores."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(AWS_ACCESS_KEY_ID="tests", AWS_SECRET_ACCESS_KEY="tests", AWS_DEFAULT_REGION=REGION)
    os.environ.update(AWS_EC2_METADATA_DISABLED="true", NO_PROXY="127.0.0.1,localhost")
    bucket = Bucket(f"files-{uuid.uuid4().hex[:12]}", storage.endpoint_url, storage.client)
    storage.client.create_bucket(Bucket=bucket.name)
    return bucket
