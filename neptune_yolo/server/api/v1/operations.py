"""Every operation of the read API."""

from neptune_yolo.server.api.v1.archives import ARCHIVE_OPERATIONS
from neptune_yolo.server.api.v1.artifacts import ARTIFACT_OPERATIONS
from neptune_yolo.server.api.v1.attributes import ATTRIBUTE_OPERATIONS
from neptune_yolo.server.api.v1.charts import CHART_OPERATIONS
from neptune_yolo.server.api.v1.comparisons import COMPARISON_OPERATIONS
from neptune_yolo.server.api.v1.events import EVENT_OPERATIONS
from neptune_yolo.server.api.v1.files import FILE_OPERATIONS
from neptune_yolo.server.api.v1.images import IMAGE_OPERATIONS
from neptune_yolo.server.api.v1.imports import IMPORT_OPERATIONS
from neptune_yolo.server.api.v1.members import MEMBER_OPERATIONS
from neptune_yolo.server.api.v1.models import MODEL_OPERATIONS
from neptune_yolo.server.api.v1.operation import Operation
from neptune_yolo.server.api.v1.projects import PROJECT_OPERATIONS
from neptune_yolo.server.api.v1.runs import RUN_OPERATIONS
from neptune_yolo.server.api.v1.series import SERIES_OPERATIONS
from neptune_yolo.server.api.v1.session import SESSION_OPERATIONS
from neptune_yolo.server.api.v1.signals import SIGNAL_OPERATIONS
from neptune_yolo.server.api.v1.strings import STRING_OPERATIONS
from neptune_yolo.server.api.v1.tokens import TOKEN_OPERATIONS
from neptune_yolo.server.api.v1.users import USER_OPERATIONS
from neptune_yolo.server.api.v1.views import VIEW_OPERATIONS

OPERATIONS: tuple[Operation, ...] = (
    *SESSION_OPERATIONS,
    *PROJECT_OPERATIONS,
    *MEMBER_OPERATIONS,
    *TOKEN_OPERATIONS,
    *USER_OPERATIONS,
    *RUN_OPERATIONS,
    *VIEW_OPERATIONS,
    *ATTRIBUTE_OPERATIONS,
    *FILE_OPERATIONS,
    *ARCHIVE_OPERATIONS,
    *STRING_OPERATIONS,
    *SIGNAL_OPERATIONS,
    *SERIES_OPERATIONS,
    *EVENT_OPERATIONS,
    *CHART_OPERATIONS,
    *IMAGE_OPERATIONS,
    *COMPARISON_OPERATIONS,
    *MODEL_OPERATIONS,
    *ARTIFACT_OPERATIONS,
    *IMPORT_OPERATIONS,
)
