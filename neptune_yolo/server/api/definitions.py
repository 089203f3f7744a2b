"""Models of the Swagger documents: fields that the client reads as attributes must be declared here."""

from typing import Any

STRING: dict[str, Any] = {"type": "string"}
NUMBER: dict[str, Any] = {"type": "number"}
INTEGER: dict[str, Any] = {"type": "integer"}
BOOLEAN: dict[str, Any] = {"type": "boolean"}
MOMENT: dict[str, Any] = {"type": "string", "format": "date-time"}


def _model(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": f"#/definitions/{name}"}


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


_ATTRIBUTE_PROPERTIES = {
    "floatProperties": _model(value=NUMBER),
    "intProperties": _model(value=INTEGER),
    "boolProperties": _model(value=BOOLEAN),
    "stringProperties": _model(value=STRING),
    "datetimeProperties": _model(value=MOMENT),
    "experimentStateProperties": _model(value=STRING),
    "fileProperties": _model(name=STRING, ext=STRING, size=INTEGER),
    "fileSetProperties": _model(size=INTEGER),
    "floatSeriesProperties": _model(last=NUMBER),
    "stringSeriesProperties": _model(last=STRING),
    "imageSeriesProperties": _model(lastStep=NUMBER),
    "stringSetProperties": _model(values=_array(STRING)),
    "gitRefProperties": _model(commit=_reference("Commit")),
    "notebookRefProperties": _model(value=STRING, notebookName=STRING),
    "artifactProperties": _model(hash=STRING),
}


def _definition_name(properties: str) -> str:
    return properties[0].upper() + properties[1:]


DEFINITIONS: dict[str, Any] = {
    "Error": _model(
        code=INTEGER,
        errorType=STRING,
        title=STRING,
        message=STRING,
        validationErrors={"type": "array", "items": {}},  # the client reads its items as plain mappings
    ),
    "ClientConfig": _model(
        apiUrl=STRING,
        applicationUrl=STRING,
        pyLibVersions=_reference("ClientVersions"),
        multiPartUpload=_reference("MultiPartUpload"),
        artifacts=_reference("ArtifactsConfig"),
        sysNameSetByBackend=BOOLEAN,
    ),
    "ClientVersions": _model(minRecommendedVersion=STRING, minCompatibleVersion=STRING, maxCompatibleVersion=STRING),
    "MultiPartUpload": _model(
        enabled=BOOLEAN,
        minChunkSize=INTEGER,
        maxChunkSize=INTEGER,
        maxChunkCount=INTEGER,
        maxSinglePartSize=INTEGER,
    ),
    "ArtifactsConfig": _model(enabled=BOOLEAN, apiVersion=INTEGER),
    "Tokens": _model(accessToken=STRING, refreshToken=STRING, username=STRING),
    "Project": _model(
        id=STRING,
        name=STRING,
        organizationName=STRING,
        organizationId=STRING,
        projectKey=STRING,
        version=INTEGER,
        visibility=STRING,
    ),
    "ProjectList": _model(entries=_array(_reference("Project")), matchingItemCount=INTEGER),
    "Organization": _model(id=STRING, name=STRING),
    "MemberInfo": _model(username=STRING),
    "ProjectMember": _model(role=STRING, registeredMemberInfo=_reference("MemberInfo")),
    "OrganizationMember": _model(role=STRING, registeredMemberInfo=_reference("MemberInfo")),
    "ServiceAccount": _model(id=STRING, displayName=STRING),
    "ProjectServiceAccount": _model(role=STRING, serviceAccountInfo=_reference("ServiceAccount")),
    # The client asks which further fields there are, so that those about storage are not declared.
    "WorkspaceStatus": _model(membersCount=INTEGER, activeProjectsUsage=INTEGER),
    "Experiment": _model(
        id=STRING,
        type=STRING,
        shortId=STRING,
        organizationName=STRING,
        projectName=STRING,
        trashed=BOOLEAN,
    ),
    "Checkpoint": _model(id=STRING),
    "Commit": _model(commitId=STRING, message=STRING, authorName=STRING, authorEmail=STRING, commitDate=MOMENT),
    "GitInfo": _model(
        commit=_reference("Commit"),
        repositoryDirty=BOOLEAN,
        currentBranch=STRING,
        remotes=_array(STRING),
    ),
    "ExperimentCreationParams": _model(
        projectIdentifier=STRING,
        parentId=STRING,
        type=STRING,
        cliVersion=STRING,
        gitInfo=_reference("GitInfo"),
        customId=STRING,
        notebookId=STRING,
        checkpointId=STRING,
        key=STRING,
    ),
    **{_definition_name(name): schema for name, schema in _ATTRIBUTE_PROPERTIES.items()},
    "Attribute": _model(
        name=STRING,
        type=STRING,
        **{name: _reference(_definition_name(name)) for name in _ATTRIBUTE_PROPERTIES},
    ),
    "AttributeList": _model(attributes=_array(_reference("Attribute"))),
    "FloatAttribute": _model(value=NUMBER),
    "IntAttribute": _model(value=INTEGER),
    "BoolAttribute": _model(value=BOOLEAN),
    "StringAttribute": _model(value=STRING),
    "DatetimeAttribute": _model(value=MOMENT),
    "FileAttribute": _model(name=STRING, ext=STRING, size=INTEGER),
    "FloatSeriesAttribute": _model(last=NUMBER),
    "StringSeriesAttribute": _model(last=STRING),
    "StringSetAttribute": _model(values=_array(STRING)),
    "ArtifactAttribute": _model(hash=STRING),
    "FloatPoint": _model(timestampMillis=INTEGER, step=NUMBER, value=NUMBER),
    "FloatPoints": _model(totalItemCount=INTEGER, values=_array(_reference("FloatPoint"))),
    "StringPoint": _model(timestampMillis=INTEGER, step=NUMBER, value=STRING),
    "StringPoints": _model(totalItemCount=INTEGER, values=_array(_reference("StringPoint"))),
    "ImagePoint": _model(
        timestampMillis=INTEGER,
        step=NUMBER,
        name=STRING,
        description=STRING,
        contentType=STRING,
        size=INTEGER,
    ),
    "ImagePoints": _model(totalItemCount=INTEGER, values=_array(_reference("ImagePoint"))),
    "OperationError": _model(errorDescription=STRING),
    "FileEntry": _model(name=STRING, size=INTEGER, mtime=MOMENT, fileType=STRING),
    "UploadStarted": _model(uploadId=STRING, errors=_array(_reference("OperationError"))),
    "UploadOutcome": _model(errors=_array(_reference("OperationError"))),
    "PreparedDownload": _model(id=STRING, downloadUrl=STRING),
    "Artifact": _model(artifactHash=STRING, size=INTEGER, receivedMetadata=BOOLEAN),
    "ArtifactFileMetadata": _model(key=STRING, value=STRING),
    "ArtifactFile": _model(
        filePath=STRING,
        fileHash=STRING,
        type=STRING,
        size=INTEGER,
        metadata=_array(_reference("ArtifactFileMetadata")),
    ),
    "TrashOutcome": _model(errors=_array(STRING), updatedExperimentIdentifiers=_array(STRING)),
    "Column": _model(name=STRING, type=STRING),
    "ColumnList": _model(entries=_array(_reference("Column"))),
    "ArtifactFiles": _model(files=_array(_reference("ArtifactFile"))),
}
