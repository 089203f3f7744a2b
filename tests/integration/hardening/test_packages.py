"""Packages of files (tar.gz) that were made to do harm."""

import gzip
import io
import os
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.integration.hardening.conftest import Target

TAR = "/api/leaderboard/v1/attributes/fileset/tar"
Send = Callable[[bytes], httpx.Response]


@pytest.fixture
def send(target: Target, client: httpx.Client) -> Iterator[Send]:
    """Upload a package; nothing may be left of it or get out of the folder of files."""
    before = _outside(target)

    def upload(content: bytes) -> httpx.Response:
        return client.post(
            TAR, params={"experimentId": target.run_id, "attribute": "package", "reset": "True"}, content=content
        )

    yield upload
    assert _outside(target) == before
    assert list((target.settings.file_root / "staging").glob("*")) == []


@pytest.fixture
def names(target: Target, client: httpx.Client) -> Callable[[], list[str]]:
    def read() -> list[str]:
        wanted = {"experimentId": target.run_id, "attribute": "package"}
        answer = client.get("/api/leaderboard/v1/attributes/fileset/ls", params=wanted)
        return [entry["name"] for entry in answer.json()] if answer.status_code == 200 else []

    return read


def _outside(target: Target) -> set[Path]:
    root = target.settings.file_root
    inside = {root, *root.rglob("*")}
    return {path for path in root.parent.rglob("*") if path not in inside and "neptune.db" not in path.name}


def _package(*members: tuple[tarfile.TarInfo, bytes], form: int = tarfile.PAX_FORMAT) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz", format=form) as archive:
        for member, content in members:
            archive.addfile(member, io.BytesIO(content))
    return file.getvalue()


def _member(name: str, size: int = 0, **fields: Any) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = size
    for field, value in fields.items():
        setattr(member, field, value)
    return member


@pytest.mark.parametrize("name", ["../../evil", "/tmp/evil", "a/../../evil", "C:/evil", "..\\..\\evil", "a" * 2000])
@pytest.mark.parametrize("form", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_names_stay_inside_whatever_the_format(
    send: Send, names: Callable[[], list[str]], name: str, form: int
) -> None:
    try:
        content = _package((_member(name, 4), b"evil"), form=form)
    except ValueError:
        return  # too long for this format
    answer = send(content)
    assert answer.status_code == 400
    assert "evil" not in names()


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE, b"?"],
)
def test_links_and_devices_are_left_out(send: Send, names: Callable[[], list[str]], kind: bytes) -> None:
    link = _member("link", type=kind, linkname="/etc/passwd", devmajor=1, devminor=5)
    through = (_member("link/inside", 1), b"x") if kind != tarfile.SYMTYPE else (_member("other", 1), b"x")
    assert send(_package((link, b""), (_member("good", 4), b"good"), through)).status_code == 200
    assert "good" in names()
    if kind not in {tarfile.DIRTYPE, b"?"}:
        assert "root:" not in str(names())


def test_zeros_do_not_fill_the_disk(send: Send, sentence: Callable[[httpx.Response], str]) -> None:
    answer = send(_package((_member("zeros", 5_000_000), bytes(5_000_000))))
    assert answer.status_code == 413
    assert "unpacks" in sentence(answer)


def test_a_gigabyte_of_zeros_is_refused_early(send: Send) -> None:
    pieces = gzip.compress(bytes(10_000_000), 9)
    head = gzip.compress(_member("zeros", 10**9).tobuf())
    begin = time.monotonic()
    assert send(head + pieces * 100).status_code == 413
    assert time.monotonic() - begin < 2


def test_too_many_files_are_refused(target: Target, send: Send, sentence: Callable[[httpx.Response], str]) -> None:
    count = target.settings.max_package_files
    assert send(_package(*[(_member(f"f{number}"), b"") for number in range(count)])).status_code == 200
    answer = send(_package(*[(_member(f"f{number}"), b"") for number in range(count + 1)]))
    assert answer.status_code == 413
    assert str(count) in sentence(answer)


def test_a_large_package_is_refused_by_its_announced_length_and_while_it_comes(target: Target, send: Send) -> None:
    assert send(bytes(target.settings.max_package_bytes + 1)).status_code == 413

    def chunks() -> Iterator[bytes]:
        for _ in range(5):
            yield os.urandom(1024 * 1024)

    assert send(chunks()).status_code == 413  # type: ignore[arg-type]


def _raw(name: bytes, size: bytes, kind: bytes = b"0") -> bytes:
    """Return a header that the library would not write, with a checksum that fits."""
    head = bytearray(512)
    head[0 : len(name)] = name
    head[100:108], head[108:116], head[116:124] = b"0000644\x00", b"0000000\x00", b"0000000\x00"
    head[124 : 124 + len(size)] = size
    head[136:148], head[156:157], head[257:265] = b"00000000000\x00", kind, b"ustar\x0000"
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\x00 " % sum(head)
    return bytes(head)


def _pax(*records: bytes) -> bytes:
    body = b"".join(b"%d " % (len(record) + 1 + _digits(len(record))) + record for record in records)
    return _raw(b"pax", b"%011o\x00" % len(body), b"x") + body + bytes(-len(body) % 512)


def _digits(length: int) -> int:
    return next(count for count in range(1, 12) if len(str(length + 1 + count)) == count)


END = bytes(1024)
BROKEN = {
    "not packed": b"plain text",
    "nothing": b"",
    "no archive": gzip.compress(b"plain text"),
    "torn in the gzip": _package((_member("a", 100_000), os.urandom(100_000)))[:5000],
    "torn in the archive": gzip.compress(_raw(b"a", b"00000001000\x00") + b"x" * 10),
    "bad checksum of the gzip": gzip.compress(_raw(b"a", b"00000000000\x00") + END)[:-8] + bytes(8),
    "broken deflate": gzip.compress(END * 100)[:12] + b"\xff" * 100,
    "negative size": gzip.compress(_raw(b"a", b"\xff" * 12) + END),
    "size beyond all": gzip.compress(_raw(b"a", b"\x80" + b"\x7f" * 11) + END),
    "negative size in a header": gzip.compress(_pax(b"size=-512\n") + _raw(b"a", b"00000000000\x00") + END),
    "name with NUL": gzip.compress(_pax(b"path=a\x00/../../b\n") + _raw(b"a", b"00000000001\x00") + b"x" * 512 + END),
    "header of a gigabyte": gzip.compress(_raw(b"pax", b"%011o\x00" % 2**30, b"x") + END),
    "long name of a gigabyte": gzip.compress(_raw(b"././@LongLink", b"%011o\x00" % 2**30, b"L") + END),
    "headers without end": gzip.compress(_pax(b"comment=x\n") * 5000 + END),
    "sparse file": gzip.compress(
        _pax(
            b"GNU.sparse.major=1\n",
            b"GNU.sparse.minor=0\n",
            b"GNU.sparse.name=hole\n",
            b"GNU.sparse.realsize=999999999999\n",
        )
        + _raw(b"a", b"%011o\x00" % 512)
        + b"1\n0\n0\n".ljust(512, b"\x00")
        + END
    ),
    "sparse map that is no number": gzip.compress(
        _pax(b"GNU.sparse.major=1\n", b"GNU.sparse.minor=0\n", b"GNU.sparse.realsize=5\n")
        + _raw(b"a", b"%011o\x00" % 512)
        + b"x\n".ljust(512, b"\x00")
        + END
    ),
    "more after the end": gzip.compress(_raw(b"a", b"00000000000\x00") + END) + b"more",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_broken_packages_are_refused_with_a_sentence(
    send: Send, content: bytes, sentence: Callable[[httpx.Response], str]
) -> None:
    begin = time.monotonic()
    answer = send(content)
    assert time.monotonic() - begin < 3
    assert answer.status_code in {400, 413}
    assert sentence(answer)


def test_names_that_are_no_text_become_readable(send: Send, names: Callable[[], list[str]]) -> None:
    content = gzip.compress(_raw(b"caf\xe9.txt", b"00000000001\x00") + b"x".ljust(512, b"\x00") + END)
    assert send(content).status_code == 200
    assert names() == ["caf?.txt"]


def test_all_or_nothing(send: Send, names: Callable[[], list[str]]) -> None:
    assert send(_package((_member("kept", 1), b"x"))).status_code == 200
    assert send(_package((_member("new", 1), b"x"), (_member("../evil", 1), b"x"))).status_code == 400
    assert names() == ["kept"]
