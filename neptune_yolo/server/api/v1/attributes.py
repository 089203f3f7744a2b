"""One run in short, and its attributes."""

from typing import Annotated

import msgspec

from neptune_yolo.server.api.v1.operation import Asked, Operation, Record
from neptune_yolo.server.api.v1.rendering import attribute_view, run_head
from neptune_yolo.server.api.v1.values import AttributeOfRun, AttributeView, RunHead, RunPath, Text

MAX_ATTRIBUTES = 20_000

Limit = Annotated[int, msgspec.Meta(ge=1, le=MAX_ATTRIBUTES)]
Offset = Annotated[int, msgspec.Meta(ge=0, le=2**31)]


class AttributesAsked(RunPath, frozen=True, kw_only=True):
    """Which attributes of a run: those whose path begins with ``prefix`` and contains ``search``, in any case."""

    prefix: Text = ""
    search: Text = ""
    limit: Limit = MAX_ATTRIBUTES
    offset: Offset = 0


class AttributeViews(Record, frozen=True, kw_only=True):
    """Attributes by path; ``total`` is the number of all that fit."""

    total: int
    attributes: list[AttributeView]


def get_run(asked: Asked, where: RunPath) -> RunHead:
    """Return a run (or model, or version) in short: its state, and what people call it."""
    return run_head(asked.services.heads.get(where.identifier))


def list_attributes(asked: Asked, where: AttributesAsked) -> AttributeViews:
    """Return the attributes of a run with their present values, by path."""
    search = where.search.casefold()
    found = [
        attribute
        for attribute in asked.services.attributes.list_all(where.identifier)
        if attribute.path.startswith(where.prefix) and search in attribute.path.casefold()
    ]
    page = found[where.offset : where.offset + where.limit]
    return AttributeViews(total=len(found), attributes=[attribute_view(attribute) for attribute in page])


def get_attribute(asked: Asked, where: AttributeOfRun) -> AttributeView:
    """Return one attribute of a run with its present value, however long it is."""
    return attribute_view(asked.services.attributes.find(where.identifier, where.path), cut_at=None)


_RUN = "/projects/{workspace}/{project}/runs/{run}"

ATTRIBUTE_OPERATIONS = (
    Operation("GET", _RUN, get_run, "run"),
    Operation("GET", f"{_RUN}/attributes", list_attributes, "run"),
    Operation("GET", f"{_RUN}/attribute", get_attribute, "run"),
)
