"""Multipart uploads in any order, with parts sent twice, missing, too long or of another upload."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import values
from tests.fuzz.conftest import examples
from tests.fuzz.world import LEADERBOARD, World, check

FILE = f"{LEADERBOARD}/attributes/file"

parts = st.lists(
    st.tuples(st.integers(0, 3), st.binary(max_size=20), st.sampled_from(["right", "right", "none", "wrong"])),
    max_size=6,
)


@examples(50)
@given(total=st.one_of(st.none(), st.integers(0, 60)), sent=parts, finishes=st.integers(1, 2))
def test_an_upload_is_whole_or_is_not(
    world: World, total: int | None, sent: list[tuple[int, bytes, str]], finishes: int
) -> None:
    length = sum(len(content) for _, content, _ in sent) if total is None else total
    target = {"experimentIdentifier": world.new_run(), "attribute": "file", "ext": "bin"}
    started = check(world.send("POST", f"{FILE}/multipart/start", params={**target, "totalLength": str(length)})).json()
    upload = {**target, "uploadId": started["uploadId"]}
    kept: dict[int, bytes] = {}
    for index, content, header in sent:
        headers = _range(len(content) + (header == "wrong")) if header != "none" else {}
        params = {**upload, "uploadPartIdx": str(index)}
        answer = check(world.send("POST", f"{FILE}/multipart/part", params=params, content=content, headers=headers))
        fits = header != "wrong" and len(content) <= length
        assert (answer.status_code == 200) is fits
        if fits:
            kept[index] = content
    whole = b"".join(content for _, content in sorted(kept.items()))
    is_complete = sorted(kept) == list(range(len(kept))) and len(whole) == length
    finish = [world.send("POST", f"{FILE}/multipart/finish", params=upload) for _ in range(finishes)]
    assert {check(answer).status_code for answer in finish} == {200 if is_complete else 400}
    wanted = {"experimentId": target["experimentIdentifier"], "attribute": "file"}
    saved = check(world.send("GET", f"{FILE}/download", params=wanted))
    assert saved.status_code == (200 if is_complete else 404)
    assert not is_complete or saved.content == whole
    assert list((world.settings.file_root / "staging").glob("*")) == []


@examples(40)
@given(extension=values.texts, attribute=values.texts, content=st.binary(max_size=30))
def test_a_download_has_a_name_that_can_be_saved(world: World, extension: str, attribute: str, content: bytes) -> None:
    params: dict[str, Any] = {"experimentIdentifier": world.ids["run"], "attribute": f"f/{attribute}", "ext": extension}
    answer = check(world.send("POST", f"{FILE}/upload", params=params, content=content))
    if answer.status_code != 200 or answer.json()["errors"]:
        return
    saved = check(
        world.send("GET", f"{FILE}/download", params={"experimentId": world.ids["run"], "attribute": f"f/{attribute}"})
    )
    assert saved.content == content
    header = saved.headers["Content-Disposition"]
    name = header[header.rfind("filename=") + 9 :].strip('"')
    assert name not in {"", ".", ".."}
    assert not set(name) & set('/\\:"\r\n\x00')
    assert len(name.encode()) <= 255


def _range(length: int) -> dict[str, str]:
    return {"X-Range": f"bytes=0-{length - 1}"} if length else {}
