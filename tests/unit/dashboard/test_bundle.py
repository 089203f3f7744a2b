import gzip
from pathlib import Path

import pytest

from neptune_yolo.dashboard.bundle import Bundle


@pytest.fixture
def bundle(tmp_path: Path) -> Bundle:
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>", encoding="utf-8")
    (tmp_path / "assets" / "index-a1B2.js").write_text("let a = 1;" * 100, encoding="utf-8")
    (tmp_path / "assets" / "index-a1B2.css").write_text("a {}", encoding="utf-8")
    (tmp_path / "secret.js").write_text("secret", encoding="utf-8")
    return Bundle(tmp_path)


def test_a_folder_without_a_page_is_no_bundle(bundle: Bundle, tmp_path: Path) -> None:
    assert bundle.exists
    assert not Bundle(tmp_path / "assets").exists


def test_the_page_runs_its_own_files_only(bundle: Bundle) -> None:
    answer = bundle.page()
    policy = answer.headers["Content-Security-Policy"]
    assert answer.body == b"<!doctype html>"
    assert policy.startswith("default-src 'none'")
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("times", [1, 2])
def test_files_are_sent_compressed_to_those_who_understand(bundle: Bundle, times: int) -> None:
    plain = bundle.asset("index-a1B2.js", gzipped=False)
    packed = [bundle.asset("index-a1B2.js", gzipped=True) for _ in range(times)][-1]
    assert plain is not None
    assert packed is not None
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert len(packed.body) < len(plain.body)
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert "immutable" in packed.headers["Cache-Control"]
    assert packed.headers["Content-Type"].startswith("text/javascript")


def test_types_are_told(bundle: Bundle) -> None:
    answer = bundle.asset("index-a1B2.css", gzipped=False)
    assert answer is not None
    assert answer.headers["Content-Type"].startswith("text/css")


@pytest.mark.parametrize(
    "name", ["../secret.js", "..", ".", "", "missing.js", "index-a1B2.js/", "/etc/passwd", "..\\secret.js", "a\0.js"]
)
def test_nothing_but_files_of_the_application_is_sent(bundle: Bundle, name: str) -> None:
    assert bundle.asset(name, gzipped=False) is None
    assert bundle.asset(name, gzipped=True) is None
