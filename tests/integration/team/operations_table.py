"""Every operation of the protocol, as a request, and the least role that it needs."""

import io
import tarfile
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any


class Need(IntEnum):
    """What somebody must be for an operation to be answered."""

    PUBLIC = 0
    SIGNED_IN = 1
    VIEWER = 2
    CONTRIBUTOR = 3
    OWNER = 4


@dataclass(frozen=True)
class Ask:
    """One request.

    Attributes:
        need: The least that its caller must be.
        params: Its query.
        json: Its body as JSON; None for another one, or none.
        content: Its body as bytes.
        status: How it is answered to those who may.
    """

    need: Need
    params: Mapping[str, Any] = field(default_factory=dict)
    json: Any = None
    content: bytes | None = None
    status: int = 200


@dataclass(frozen=True)
class Place:
    """What the requests are about; by default, things that do not exist."""

    project: str = field(default_factory=lambda: f"team/{uuid.uuid4().hex[:6]}")
    workspace: str = "elsewhere"
    project_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    run_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    spare: str = "SEC-2"
    file_upload: str = field(default_factory=lambda: str(uuid.uuid4()))
    set_upload: str = field(default_factory=lambda: str(uuid.uuid4()))
    account_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def hidden(self, text: str) -> str:
        """Return an answer without what the request has named."""
        for name in (self.project, self.project_id, self.run_id, self.file_upload, self.set_upload, self.workspace):
            text = text.replace(name, "*")
        return text


READ = {
    "getFloatAttribute": "float",
    "getIntAttribute": "int",
    "getBoolAttribute": "bool",
    "getStringAttribute": "string",
    "getDatetimeAttribute": "datetime",
    "getFileAttribute": "file",
    "getFloatSeriesAttribute": "floats",
    "getStringSeriesAttribute": "strings",
    "getStringSetAttribute": "sys/tags",
    "getArtifactAttribute": "artifact",
    "getFloatSeriesValues": "floats",
    "getStringSeriesValues": "strings",
    "getImageSeriesValues": "images",
    "downloadAttribute": "file",
}
"""Operation -> attribute that it reads."""

EMPTY_ARTIFACT = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""Hash of an artifact without files: SHA-256 of nothing."""


def asks(place: Place) -> dict[str, Ask]:
    """Return a request for each operation, by operation ID; those that destroy come last."""
    return {
        **_handshake_and_lists(place),
        **_reads(place),
        **_writes(place),
        **_uploads(place),
        **_members(place),
        **_ends(place),
    }


def _handshake_and_lists(place: Place) -> dict[str, Ask]:
    return {
        "getClientConfig": Ask(Need.PUBLIC),
        "exchangeApiToken": Ask(Need.PUBLIC),
        "listProjects": Ask(Need.SIGNED_IN, {"searchTerm": place.project.partition("/")[2]}),
        "listOrganizations": Ask(Need.SIGNED_IN),
        "getDownloadPrepareRequest": Ask(Need.SIGNED_IN, {"id": "experimentId=x&attribute=y"}),
        "createEmptyCheckpoint": Ask(Need.SIGNED_IN, {"notebookId": "x"}, {"path": "x"}, status=404),
        "getProject": Ask(Need.VIEWER, {"projectIdentifier": place.project}),
    }


def _reads(place: Place) -> dict[str, Ask]:
    run = {"experimentId": place.run_id}
    of_project = {"projectIdentifier": place.project_id}
    return {
        "getExperiment": Ask(Need.VIEWER, run),
        "getExperimentAttributes": Ask(Need.VIEWER, run),
        **{name: Ask(Need.VIEWER, {**run, "attribute": path}) for name, path in READ.items()},
        "getImageSeriesValue": Ask(Need.VIEWER, {**run, "attribute": "images", "index": 0}),
        "lsFileSetAttribute": Ask(Need.VIEWER, {**run, "attribute": "set", "path": ""}),
        "prepareForDownloadFileSetAttributeZip": Ask(Need.VIEWER, {**run, "attribute": "set"}),
        "downloadFileSetZip": Ask(Need.VIEWER, {**run, "attribute": "set"}),
        "listArtifactFiles": Ask(Need.VIEWER, {**of_project, "hash": EMPTY_ARTIFACT}),
        "searchLeaderboardAttributes": Ask(Need.VIEWER, {**of_project, "search": "sys", "type": "run"}, {}),
        "searchLeaderboardEntries": Ask(Need.VIEWER, {**of_project, "type": "run"}, {}),
    }


def _writes(place: Place) -> dict[str, Ask]:
    run = {"experimentId": place.run_id}
    new = {"projectIdentifier": place.project_id, "parentId": place.project_id, "type": "run"}
    artifact = {"projectIdentifier": place.project_id, "hash": EMPTY_ARTIFACT, "parentIdentifier": place.run_id}
    assign = [{"path": "float", "assignFloat": {"value": 1.0}}]
    return {
        "createExperiment": Ask(Need.CONTRIBUTOR, json=new),
        "ping": Ask(Need.CONTRIBUTOR, run),
        "executeOperations": Ask(Need.CONTRIBUTOR, run, assign),
        "signalExperiment": Ask(Need.CONTRIBUTOR, run, {"kind": "stop"}),
        "createNewArtifact": Ask(Need.CONTRIBUTOR, {**artifact, "size": 0}),
        "uploadArtifactFilesMetadata": Ask(Need.CONTRIBUTOR, artifact, {"files": []}),
        "createArtifactVersion": Ask(Need.CONTRIBUTOR, artifact, {"files": []}),
    }


def _uploads(place: Place) -> dict[str, Ask]:
    file = {"experimentIdentifier": place.run_id, "attribute": "file", "ext": "txt"}
    in_set = {"experimentIdentifier": place.run_id, "attribute": "set", "subPath": "a.txt"}
    part = {"uploadPartIdx": 0}
    package = {"experimentId": place.run_id, "attribute": "set", "reset": "False"}
    need = Need.CONTRIBUTOR
    return {
        "fileAtomUpload": Ask(need, file, content=b"text"),
        "fileAtomMultipartUploadStart": Ask(need, {**file, "totalLength": 4}),
        "fileAtomMultipartUploadPart": Ask(need, {**file, **part, "uploadId": place.file_upload}, content=b"text"),
        "fileAtomMultipartUploadFinish": Ask(need, {**file, "uploadId": place.file_upload}),
        "fileSetFileUpload": Ask(need, in_set, content=b"text"),
        "fileSetFileMultipartUploadStart": Ask(need, {**in_set, "totalLength": 4}),
        "fileSetFileMultipartUploadPart": Ask(need, {**in_set, **part, "uploadId": place.set_upload}, content=b"text"),
        "fileSetFileMultipartUploadFinish": Ask(need, {**in_set, "uploadId": place.set_upload}),
        "uploadFileSetAttributeTar": Ask(need, package, content=_package()),
    }


def _members(place: Place) -> dict[str, Ask]:
    project, workspace = {"projectIdentifier": place.project}, {"organizationIdentifier": place.workspace}
    account = {"serviceAccountId": place.account_id, "role": "viewer"}
    invitation = {"invitee": "new", "invitationType": "user", "roleGrant": "member", "addToAllProjects": False}
    invitations = {**workspace, "invitationsEntries": [invitation]}
    new = {"name": uuid.uuid4().hex, "organizationId": place.workspace, "visibility": "priv"}
    return {
        "listProjectMembers": Ask(Need.VIEWER, project),
        "listProjectServiceAccounts": Ask(Need.VIEWER, project),
        "addProjectMember": Ask(Need.OWNER, project, {"userId": "sam", "role": "viewer"}),
        "deleteProjectMember": Ask(Need.OWNER, {**project, "userId": "sam"}),
        "addProjectServiceAccount": Ask(Need.OWNER, project, account),
        "deleteProjectServiceAccount": Ask(Need.OWNER, {**project, "serviceAccountId": place.account_id}),
        "listOrganizationMembers": Ask(Need.CONTRIBUTOR, workspace),
        "listServiceAccounts": Ask(Need.CONTRIBUTOR, {**workspace, "deactivated": "false"}),
        "workspaceStatus": Ask(Need.CONTRIBUTOR, workspace),
        "createProject": Ask(Need.CONTRIBUTOR, json=new),
        "createOrganizationInvitations": Ask(Need.OWNER, json=invitations),
    }


def _ends(place: Place) -> dict[str, Ask]:
    project, spare = {"projectIdentifier": place.project}, [f"{place.project}/{place.spare}"]
    return {
        "trashExperiments": Ask(Need.CONTRIBUTOR, project, spare),
        "restoreExperiments": Ask(Need.CONTRIBUTOR, project, spare),
        "deleteExperiments": Ask(Need.CONTRIBUTOR, project, spare),
        "deleteAllExperiments": Ask(Need.CONTRIBUTOR, project),
        "deleteProject": Ask(Need.OWNER, project),
    }


def _package() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        member = tarfile.TarInfo("b.txt")
        member.size = 4
        archive.addfile(member, io.BytesIO(b"text"))
    return buffer.getvalue()
