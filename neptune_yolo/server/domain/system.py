"""What every container has without anybody writing it, as far as tables ask for it."""

from collections.abc import Mapping

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.container import ContainerType

_COMMON: Mapping[str, AttributeType] = {
    "sys/id": AttributeType.STRING,
    "sys/creation_time": AttributeType.DATETIME,
    "sys/modification_time": AttributeType.DATETIME,
    "sys/ping_time": AttributeType.DATETIME,
    "sys/state": AttributeType.STATE,
    "sys/size": AttributeType.FLOAT,
    "sys/running_time": AttributeType.FLOAT,
    "sys/monitoring_time": AttributeType.INT,
    "sys/tags": AttributeType.STRING_SET,
    "sys/group_tags": AttributeType.STRING_SET,
    "sys/name": AttributeType.STRING,
}

_OWNED: Mapping[str, AttributeType] = {
    **_COMMON,
    "sys/owner": AttributeType.STRING,
    "sys/trashed": AttributeType.BOOL,
}

SYSTEM_ATTRIBUTES: Mapping[ContainerType, Mapping[str, AttributeType]] = {
    ContainerType.PROJECT: {**_COMMON, "sys/visibility": AttributeType.STRING},
    ContainerType.RUN: {
        **_OWNED,
        "sys/failed": AttributeType.BOOL,
        "sys/custom_run_id": AttributeType.STRING,
    },
    ContainerType.MODEL: _OWNED,
    ContainerType.MODEL_VERSION: {
        **_OWNED,
        "sys/stage": AttributeType.STRING,
        "sys/model_id": AttributeType.STRING,
    },
}
"""Path -> type, for each kind of container; ``sys/custom_run_id`` is there only if the client gave one."""

SYSTEM_TYPES: Mapping[str, AttributeType] = {
    path: kind for attributes in SYSTEM_ATTRIBUTES.values() for path, kind in attributes.items()
}
"""Path -> type, over all kinds of containers."""
