"""Packages of files: valid ones that were damaged, and ones with names that nobody gives to a file."""

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, DrawFn

from tests.fuzz import values
from tests.fuzz.conftest import examples
from tests.fuzz.world import LEADERBOARD, World, check

KINDS = [tarfile.REGTYPE] * 6 + [
    tarfile.SYMTYPE,
    tarfile.LNKTYPE,
    tarfile.CHRTYPE,
    tarfile.DIRTYPE,
    tarfile.GNUTYPE_SPARSE,
    b"x",
]
SET = f"{LEADERBOARD}/attributes/fileset"

names = st.one_of(
    st.sampled_from(["a", "a/b", "a/b/c.txt", "./x", "d/"]),
    st.lists(st.sampled_from(["..", ".", "a", "", "C:", "~", "\\", "x\n", "é"]), min_size=1, max_size=4).map("/".join),
    values.texts,
)


@st.composite
def packages(draw: DrawFn) -> bytes:
    """Return a tar archive with a few members."""
    file = io.BytesIO()
    form = draw(st.sampled_from([tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT]))
    with tarfile.open(fileobj=file, mode="w", format=form) as archive:
        for name, kind, content in draw(
            st.lists(st.tuples(names, st.sampled_from(KINDS), st.binary(max_size=600)), max_size=4)
        ):
            member = tarfile.TarInfo(name)
            member.type, member.size = kind, len(content)
            member.linkname = draw(names) if kind in {tarfile.SYMTYPE, tarfile.LNKTYPE} else ""
            try:
                archive.addfile(member, io.BytesIO(content))
            except (ValueError, UnicodeError):
                continue  # this format cannot carry the name
    return file.getvalue()


@examples(50)
@given(data=st.data())
def test_no_package_gets_out_or_breaks_anything(sqlite_world: World, data: DataObject) -> None:
    content = data.draw(packages(), "archive")
    if data.draw(st.booleans()):
        content = data.draw(values.damaged(content), "damaged archive")
    content = gzip.compress(content, mtime=0)
    if not data.draw(st.integers(0, 3)):
        content = data.draw(values.damaged(content), "damaged package")
    params = {"experimentId": sqlite_world.ids["run"], "attribute": "package", "reset": "True"}
    check(sqlite_world.send("POST", f"{SET}/tar", params=params, content=content))
    _check_listing(sqlite_world, "package")
    _check_folder(sqlite_world)


@examples(50)
@given(uploads=st.lists(st.tuples(names, st.binary(max_size=50)), max_size=5))
def test_a_set_gives_back_what_it_took(world: World, uploads: list[tuple[str, bytes]]) -> None:
    wanted = {"experimentId": world.ids["run"], "attribute": "taken"}
    check(world.send("POST", f"{SET}/tar", params={**wanted, "reset": "True"}, content=_EMPTY))
    taken: dict[str, bytes] = {}
    for name, content in uploads:
        params = {"experimentIdentifier": world.ids["run"], "attribute": "taken", "subPath": name}
        if check(world.send("POST", f"{SET}/upload", params=params, content=content)).status_code == 200:
            taken["/".join(Path(name.replace("\\", "/")).parts)] = content
    archive = zipfile.ZipFile(io.BytesIO(check(world.send("GET", f"{SET}/zip", params=wanted)).content))
    packed = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    assert sorted(packed.values()) == sorted(taken.values())
    assert all(not name.startswith("/") and ".." not in name.split("/") for name in packed)
    _check_listing(world, "taken")


def _check_listing(world: World, attribute: str) -> None:
    wanted = {"experimentId": world.ids["run"], "attribute": attribute, "path": ""}
    answer = check(world.send("GET", f"{SET}/ls", params=wanted))
    if answer.status_code == 200:
        assert not {"..", ".", ""} & {entry["name"] for entry in answer.json()}


def _check_folder(world: World) -> None:
    root = world.settings.file_root
    assert list((root / "staging").glob("*")) == []
    for path in root.rglob("*"):
        assert path.is_dir() or len(path.name) == 64
        assert not path.is_symlink()
    assert {path.name for path in root.parent.iterdir()} <= {
        root.name,
        "user",
        "work",
        "data",
        "neptune.db",
        "neptune.db-wal",
        "neptune.db-shm",
    }


def _empty_package() -> bytes:
    file = io.BytesIO()
    tarfile.open(fileobj=file, mode="w:gz").close()
    return file.getvalue()


_EMPTY = _empty_package()
