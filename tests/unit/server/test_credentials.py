import base64
import json
import sys
from pathlib import Path

import pytest

from neptune_yolo.server.credentials import EmbeddedCredentials, load_or_create_credentials, read_credentials
from neptune_yolo.server.exceptions import EmbeddedServerError


def test_keys_are_made_once(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"

    assert read_credentials(path) is None
    made = load_or_create_credentials(path)

    assert load_or_create_credentials(path) == made
    assert read_credentials(path) == made


def test_all_keys_differ_between_folders(tmp_path: Path) -> None:
    one = load_or_create_credentials(tmp_path / "one.json")
    two = load_or_create_credentials(tmp_path / "two.json")

    keys = {one.api_secret, one.signing_key, one.page_key, two.api_secret, two.signing_key, two.page_key}
    assert len(keys) == 6
    assert all(len(key) >= 24 for key in keys)


def test_the_api_token_is_what_the_client_decodes() -> None:
    token = EmbeddedCredentials(api_secret="s", signing_key="k", page_key="p").api_token("http://127.0.0.1:1")

    assert json.loads(base64.b64decode(token)) == {
        "api_address": "http://127.0.0.1:1",
        "api_url": "http://127.0.0.1:1",
        "api_key": "s",
    }


def test_keys_are_not_shown() -> None:
    assert "hidden" not in repr(EmbeddedCredentials(api_secret="hidden", signing_key="hidden", page_key="hidden"))


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"{}", b'{"api_secret": "a", "signing_key": "b", "page_key": ""}', b"\xff"],
    ids=["empty", "torn", "a list", "no keys", "an empty key", "no text"],
)
def test_damaged_keys_are_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secrets.json"
    path.write_bytes(content)

    with pytest.raises(EmbeddedServerError, match="the file is damaged"):
        load_or_create_credentials(path)

    assert path.read_bytes() == content


@pytest.mark.skipif(sys.platform == "win32", reason="file modes of POSIX")
def test_keys_that_others_could_read_are_closed(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    load_or_create_credentials(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)

    load_or_create_credentials(path)

    assert path.stat().st_mode & 0o777 == 0o600
