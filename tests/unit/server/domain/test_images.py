import hashlib
import io

import pytest
from PIL import Image

from neptune_yolo.server.domain.images import ImageUpload, media_type


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_formats_are_told_by_their_first_bytes(kind: str) -> None:
    content = io.BytesIO()
    Image.new("RGB", (4, 4)).save(content, kind)
    assert media_type(content.getvalue()) == f"image/{kind.lower()}"


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"<html>", b"RIFF0000WAVE", b"\x89PNG", b"text"])
def test_what_is_no_picture_is_not_shown_as_one(data: bytes) -> None:
    assert media_type(data) == "application/octet-stream"


def test_an_upload_is_described_by_its_bytes() -> None:
    upload = ImageUpload.of(b"\xff\xd8\xff\xe0", "one", None)
    assert upload.image.sha256 == hashlib.sha256(b"\xff\xd8\xff\xe0").hexdigest()
    assert (upload.image.size_bytes, upload.image.media_type, upload.image.name) == (4, "image/jpeg", "one")
