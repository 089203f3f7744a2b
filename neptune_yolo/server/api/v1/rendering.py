"""Attributes and runs in the forms of the read API."""

from typing import Any

from neptune_yolo.server.api.v1.values import AttributeView, FileSummary, RunHead, SeriesSummary
from neptune_yolo.server.domain.attribute import (
    ArtifactValue,
    Attribute,
    Datetime,
    FileSetValue,
    FileValue,
    GitRefValue,
    ImageSeriesValue,
    SeriesValue,
    StringSetValue,
)
from neptune_yolo.server.services.run_heads import STATUS_PATH, HeadFacts

CUT_AT = 2000
"""Characters of a text in a list; the whole of it is one attribute's own answer."""


def attribute_view(attribute: Attribute, *, cut_at: int | None = CUT_AT) -> AttributeView:
    """Return an attribute as it is shown.

    Args:
        attribute: With its value.
        cut_at: Characters after which texts are cut; None for whole texts.
    """
    value = attribute.value
    series, file = series_summary(value), file_summary(value)
    plain = plain_value(value)
    length = None
    if isinstance(plain, str) and cut_at is not None and len(plain) > cut_at:
        length, plain = len(plain), plain[:cut_at]
    return AttributeView(
        path=attribute.path, type=str(attribute.type), value=plain, length=length, series=series, file=file
    )


def plain_value(value: object) -> Any:
    """Return a value as JSON gives it; None for files and series of pictures, which have none."""
    match value:
        case Datetime():
            return value.milliseconds
        case StringSetValue():
            return list(value.values)
        case SeriesValue():
            return value.last
        case ArtifactValue():
            return value.hash
        case GitRefValue():
            return value.details
        case FileValue() | FileSetValue() | ImageSeriesValue():
            return None
    return value


def series_summary(value: object) -> SeriesSummary | None:
    """Return what a series looks like from outside; None for other values."""
    if isinstance(value, ImageSeriesValue):
        return SeriesSummary(count=value.point_count, last_step=value.last_step)
    if not isinstance(value, SeriesValue):
        return None
    known = value.statistics
    if known is None:
        return SeriesSummary(count=value.point_count, last_step=value.last_step)
    return SeriesSummary(
        count=value.point_count,
        last_step=value.last_step,
        minimum=known.minimum,
        maximum=known.maximum,
        mean=known.mean,
        variance=known.variance,
    )


def file_summary(value: object) -> FileSummary | None:
    """Return what is known of a file or file set; None for other values."""
    if isinstance(value, FileValue):
        return FileSummary(extension=value.extension, size_bytes=value.size_bytes, sha256=value.sha256)
    if isinstance(value, FileSetValue):
        return FileSummary(extension="", size_bytes=value.size_bytes, sha256="")
    return None


def run_head(facts: HeadFacts) -> RunHead:
    """Return a run, model or version in short."""
    container, values = facts.container, facts.values
    tags, status = values.get("sys/tags"), values.get(STATUS_PATH)
    return RunHead(
        id=container.id,
        workspace=container.project.workspace,
        project=container.project.name,
        sys_id=container.sys_id,
        type=container.type.value,
        state=facts.state.value,
        failed=values.get("sys/failed") is True,
        status=status if isinstance(status, str) else None,
        trashed=container.trashed,
        name=str(values.get("sys/name", "")),
        description=str(values.get("sys/description", "")),
        tags=list(tags.values) if isinstance(tags, StringSetValue) else [],
        owner=container.owner,
        custom_run_id=container.custom_run_id,
        created_ms=container.created_ms,
        modified_ms=container.modified_ms,
        pinged_ms=container.pinged_ms,
        running_ms=facts.running_ms,
        role=facts.role.name.lower(),
    )
