from hypothesis import given
from hypothesis import strategies as st
from neptune.internal.artifacts.file_hasher import FileHasher
from neptune.internal.artifacts.types import ArtifactFileData

from neptune_yolo.server.domain.artifacts import ArtifactFile, artifact_hash, merge_files, total_size

FILES = st.builds(
    ArtifactFile,
    path=st.text(),
    hash=st.text(alphabet="0123456789abcdef", max_size=40),
    type=st.sampled_from(["Local", "S3"]),
    size_bytes=st.none() | st.integers(0, 2**63 - 1),
    metadata=st.just((("file_path", "somewhere"),)),
)


@given(st.lists(FILES))
def test_the_hash_is_the_clients_own(files: list[ArtifactFile]) -> None:
    theirs = [ArtifactFileData(file.path, file.hash, file.type, dict(file.metadata), file.size_bytes) for file in files]
    assert artifact_hash(files) == FileHasher.get_artifact_hash_without_metadata(theirs)


def _file(path: str, content_hash: str, size_bytes: int | None = 1) -> ArtifactFile:
    return ArtifactFile(path, content_hash, "Local", size_bytes, ())


def test_of_two_files_at_one_path_the_newer_one_stays() -> None:
    old = [_file("b", "1"), _file("c", "2")]
    assert merge_files(old, [_file("a", "3"), _file("c", "4")]) == [_file("a", "3"), _file("b", "1"), _file("c", "4")]


def test_a_size_that_is_not_known_makes_the_sum_unknown() -> None:
    assert total_size([_file("a", "1", 3), _file("b", "1", 4)]) == 7
    assert total_size([_file("a", "1", 3), _file("b", "1", None)]) is None
    assert total_size([]) == 0
