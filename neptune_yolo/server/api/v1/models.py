"""Models of a project, their versions and the stages of these."""

from neptune_yolo.server.api.v1.operation import Asked, Nothing, Operation, Record
from neptune_yolo.server.api.v1.rendering import attribute_view
from neptune_yolo.server.api.v1.values import AttributeView, ProjectPath
from neptune_yolo.server.domain.attribute import STAGE_PATH, AttributeType, SeriesValue, StringSetValue
from neptune_yolo.server.domain.container import ContainerType, ModelStage
from neptune_yolo.server.domain.operation import AssignValue
from neptune_yolo.server.exceptions import InvalidRequestError, NotFoundError
from neptune_yolo.server.services.registry import ModelEntry, RegistryEntry

_SHOWN_TYPES = frozenset(AttributeType) - {AttributeType.STRING_SERIES, AttributeType.IMAGE_SERIES}
_MAX_ATTRIBUTES = 200
"""Attributes of a version in the list of versions; its own list has all of them."""


class ModelPath(Record, frozen=True, kw_only=True):
    """Names a model of a project by its identifier, such as ``YOL-DET``."""

    workspace: str
    project: str
    model: str


class VersionPath(Record, frozen=True, kw_only=True):
    """Names a version of a model by its identifier, such as ``YOL-DET-3``."""

    workspace: str
    project: str
    version: str


class StageWanted(Record, frozen=True, kw_only=True):
    """The stage that a version is to have."""

    stage: ModelStage


class VersionHead(Record, frozen=True, kw_only=True):
    """A version of a model in short."""

    sys_id: str
    name: str
    stage: str
    created_ms: int
    owner: str


class ModelHead(Record, frozen=True, kw_only=True):
    """A model in short: ``latest`` is its newest version, ``staged`` those in staging or production, newest first."""

    sys_id: str
    name: str
    description: str
    tags: list[str]
    owner: str
    created_ms: int
    trashed: bool
    version_count: int
    latest: VersionHead | None
    staged: list[VersionHead]


class ModelHeads(Record, frozen=True, kw_only=True):
    """Models, the newest first."""

    models: list[ModelHead]


class VersionView(Record, frozen=True, kw_only=True):
    """A version of a model: ``run`` is the run of this project that it came from, if it says so, at ``run/id``.

    ``attributes`` are those outside ``sys``, up to 200 of them.
    """

    sys_id: str
    name: str
    description: str
    tags: list[str]
    stage: str
    owner: str
    created_ms: int
    modified_ms: int
    size_bytes: int
    run: str | None
    attributes: list[AttributeView]


class ModelView(Record, frozen=True, kw_only=True):
    """A model with its versions, the newest first; ``role`` is what the caller may do with it."""

    model: ModelHead
    role: str
    versions: list[VersionView]


def list_models(asked: Asked, where: ProjectPath) -> ModelHeads:
    """Return the models of a project that are not in the trash, the newest first."""
    entries = asked.services.registry.list_models(f"{where.workspace}/{where.project}")
    return ModelHeads(models=[_model(entry) for entry in entries])


def get_model(asked: Asked, where: ModelPath) -> ModelView:
    """Return a model and up to 1000 of its versions, the newest first."""
    entry, role = asked.services.registry.get_model(f"{where.workspace}/{where.project}/{where.model}")
    return ModelView(
        model=_model(entry), role=role.name.lower(), versions=[_version(version) for version in entry.versions]
    )


def change_stage(asked: Asked, where: VersionPath, body: StageWanted) -> Nothing:
    """Give a version of a model another stage."""
    identifier = f"{where.workspace}/{where.project}/{where.version}"
    if asked.services.runs.find(identifier).type is not ContainerType.MODEL_VERSION:
        raise NotFoundError("model version", identifier)
    assigned = AssignValue(STAGE_PATH, AttributeType.STRING, body.stage.value)
    errors = asked.services.operations.execute(identifier, [assigned], "")
    if errors:
        raise InvalidRequestError(errors[0])
    return Nothing()


def _model(entry: ModelEntry) -> ModelHead:
    container = entry.model.container
    staged = [v for v in entry.versions if v.stage in (ModelStage.PRODUCTION, ModelStage.STAGING)]
    return ModelHead(
        sys_id=container.sys_id,
        name=_text(entry.model, "sys/name"),
        description=_text(entry.model, "sys/description"),
        tags=_tags(entry.model),
        owner=container.owner,
        created_ms=container.created_ms,
        trashed=container.trashed,
        version_count=len(entry.versions),
        latest=_version_head(entry.versions[0]) if entry.versions else None,
        staged=[_version_head(version) for version in staged],
    )


def _version_head(entry: RegistryEntry) -> VersionHead:
    return VersionHead(
        sys_id=entry.container.sys_id,
        name=_text(entry, "sys/name"),
        stage=entry.stage,
        created_ms=entry.container.created_ms,
        owner=entry.container.owner,
    )


def _version(entry: RegistryEntry) -> VersionView:
    size = entry.attributes.get("sys/size")
    shown = [
        attribute
        for path, attribute in entry.attributes.items()
        if not path.startswith("sys/") and attribute.type in _SHOWN_TYPES
    ]
    return VersionView(
        sys_id=entry.container.sys_id,
        name=_text(entry, "sys/name"),
        description=_text(entry, "sys/description"),
        tags=_tags(entry),
        stage=entry.stage,
        owner=entry.container.owner,
        created_ms=entry.container.created_ms,
        modified_ms=entry.container.modified_ms,
        size_bytes=int(size.value) if size is not None and isinstance(size.value, float) else 0,
        run=_text(entry, "run/id") or None,
        attributes=[attribute_view(attribute) for attribute in shown[:_MAX_ATTRIBUTES]],
    )


def _text(entry: RegistryEntry, path: str) -> str:
    attribute = entry.attributes.get(path)
    if attribute is None or attribute.value is None or isinstance(attribute.value, SeriesValue):
        return ""
    return str(attribute.value)


def _tags(entry: RegistryEntry) -> list[str]:
    attribute = entry.attributes.get("sys/tags")
    return list(attribute.value.values) if attribute and isinstance(attribute.value, StringSetValue) else []


_PROJECT = "/projects/{workspace}/{project}"

MODEL_OPERATIONS = (
    Operation("GET", f"{_PROJECT}/models", list_models, "models"),
    Operation("GET", f"{_PROJECT}/models/{{model}}", get_model, "models"),
    Operation("PUT", f"{_PROJECT}/versions/{{version}}/stage", change_stage, "models"),
)
