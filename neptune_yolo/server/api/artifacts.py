"""Artifacts: description of files that are tracked where they lie."""

from typing import Any

from neptune_yolo.server.api.endpoint import Call, Document, Endpoint, Parameter, Place, queries, reference
from neptune_yolo.server.domain.artifacts import MAX_HASH_LENGTH, MAX_SIZE_BYTES, Artifact, ArtifactFile
from neptune_yolo.server.domain.showing import shown
from neptune_yolo.server.exceptions import InvalidRequestError

_FILES = Parameter("artifactFilesDTO", Place.BODY, reference("ArtifactFiles"))


def _create(call: Call) -> Any:
    artifact_hash = call.text("hash")
    if not 0 < len(artifact_hash) <= MAX_HASH_LENGTH:
        raise InvalidRequestError(
            f"Expected the hash of an artifact, of at most {MAX_HASH_LENGTH} characters, got {artifact_hash[:80]!r}."
        )
    size_bytes = call.number("size", 0) if call.request.query_params.get("size") else None
    return _to_wire(call.services.artifacts.create(call.text("projectIdentifier"), artifact_hash, size_bytes))


def _describe(call: Call) -> Any:
    files = _parse_files(call.body)
    return _to_wire(call.services.artifacts.describe(call.text("projectIdentifier"), call.text("hash"), files))


def _add_files(call: Call) -> Any:
    files = _parse_files(call.body)
    return _to_wire(call.services.artifacts.add_files(call.text("projectIdentifier"), call.text("hash"), files))


def _list_files(call: Call) -> Any:
    files = call.services.artifacts.list_files(call.text("projectIdentifier"), call.text("hash"))
    return {"files": [_file_to_wire(file) for file in files]}


def _to_wire(artifact: Artifact) -> dict[str, Any]:
    return {"artifactHash": artifact.hash, "size": artifact.size_bytes, "receivedMetadata": artifact.is_complete}


def _file_to_wire(file: ArtifactFile) -> dict[str, Any]:
    return {
        "filePath": file.path,
        "fileHash": file.hash,
        "type": file.type,
        "size": file.size_bytes,
        "metadata": [{"key": key, "value": value} for key, value in file.metadata],
    }


def _parse_files(body: Any) -> list[ArtifactFile]:
    files = body.get("files") if isinstance(body, dict) else None
    if not isinstance(files, list):
        raise InvalidRequestError(f"Expected 'files' as an array of an artifact's files, got {shown(body)!r}.")
    return [_parse_file(file) for file in files]


def _parse_file(item: Any) -> ArtifactFile:
    try:
        path, content_hash, kind = item["filePath"], item["fileHash"], item["type"]
        metadata = tuple(sorted((str(pair["key"]), str(pair["value"])) for pair in item.get("metadata") or ()))
        size = item.get("size")
    except (KeyError, TypeError, AttributeError) as error:
        raise _unfit(item) from error
    is_sized = size is None or (type(size) is int and 0 <= size <= MAX_SIZE_BYTES)
    if not all(isinstance(text, str) for text in (path, content_hash, kind)) or not is_sized:
        raise _unfit(item)
    return ArtifactFile(path, content_hash, kind, size, metadata)


def _unfit(item: Any) -> InvalidRequestError:
    return InvalidRequestError(
        f"Expected a file with the texts 'filePath', 'fileHash' and 'type', a whole 'size' and 'metadata' as an array "
        f"of 'key' and 'value', got {shown(item)!r}. Track the files with the client's track_files()."
    )


ARTIFACT_ENDPOINTS = (
    Endpoint(
        "createNewArtifact",
        "POST",
        "/",
        _create,
        parameters=(
            *queries("projectIdentifier", "hash", "parentIdentifier"),
            Parameter("size", schema={"type": "integer"}),
        ),
        result=reference("Artifact"),
        document=Document.ARTIFACTS,
    ),
    Endpoint(
        "uploadArtifactFilesMetadata",
        "POST",
        "/files",
        _describe,
        parameters=(*queries("projectIdentifier", "hash"), _FILES),
        result=reference("Artifact"),
        document=Document.ARTIFACTS,
    ),
    Endpoint(
        "createArtifactVersion",
        "POST",
        "/version",
        _add_files,
        parameters=(*queries("projectIdentifier", "hash", "parentIdentifier"), _FILES),
        result=reference("Artifact"),
        document=Document.ARTIFACTS,
    ),
    Endpoint(
        "listArtifactFiles",
        "GET",
        "/files",
        _list_files,
        parameters=queries("projectIdentifier", "hash"),
        result=reference("ArtifactFiles"),
        document=Document.ARTIFACTS,
    ),
)
