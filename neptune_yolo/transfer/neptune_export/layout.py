"""Names, columns and types of an export: what is where, for those who read it and those who write it.

::

    <data>/SAN(workspace/project)/SAN(run)_part_<n>.parquet                    runs
    <data>/SAN(workspace/project)/models/SAN(model)_part_<n>.parquet           models
    <data>/SAN(workspace/project)/model_versions/SAN(version)_part_<n>.parquet their versions
    <files>/SAN(workspace/project)/<workspace>/<project>/<RUN-ID>/<attribute/path>
    <files>/SAN(workspace/project)/models/<ID>/<attribute/path>
    <files>/SAN(workspace/project)/model_versions/<ID>/<attribute/path>

A part is written as ``.parquet.tmp``. Once a run is complete its parts are renamed, part 0 last: a run without part 0
was left unfinished. Tables are long: a row per parameter, per point of a series, and per file. Paths of files are
relative to ``<files>/SAN(workspace/project)``. A file set is a folder, with a ZIP archive in it if the exporter
downloaded one; an artifact is its list of files as JSON.
"""

import hashlib
import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

MAX_PART_BYTES = 50 * 1024 * 1024
"""A part that is larger is followed by another one."""

COMPRESSION = "snappy"
STEP_DIGITS = 18
STEP_DECIMALS = 6
STEP_QUANTUM = Decimal(1).scaleb(-STEP_DECIMALS)
FILES_LIST_NAME = "files_list.json"
"""Name of the list of an artifact's files, in the folder of the attribute."""

FILE_SET_ARCHIVE_SUFFIX = ".zip"
UNFINISHED_SUFFIX = ".tmp"

STAMP_KEY = b"neptune_yolo.exported"
"""Of the metadata of tables that we have written: what the run was like then. The exporter has no such metadata."""

_PART_NAME = re.compile(r"(?P<name>.+)_part_(?P<number>[0-9]{1,9})\.parquet(?P<unfinished>\.tmp)?")


class ExportedKind(StrEnum):
    """What a table tells of, spelled as the folder below the project's; runs lie in the project's own."""

    RUN = "runs"
    MODEL = "models"
    MODEL_VERSION = "model_versions"


class ExportedType(StrEnum):
    """Types of attributes, spelled as in the column ``attribute_type``."""

    FLOAT = "float"
    INT = "int"
    STRING = "string"
    BOOL = "bool"
    DATETIME = "datetime"
    STRING_SET = "string_set"
    FLOAT_SERIES = "float_series"
    STRING_SERIES = "string_series"
    HISTOGRAM_SERIES = "histogram_series"
    FILE = "file"
    FILE_SERIES = "file_series"
    FILE_SET = "file_set"
    ARTIFACT = "artifact"


VALUE_COLUMNS = {
    ExportedType.FLOAT: "float_value",
    ExportedType.INT: "int_value",
    ExportedType.STRING: "string_value",
    ExportedType.BOOL: "bool_value",
    ExportedType.DATETIME: "datetime_value",
    ExportedType.STRING_SET: "string_set_value",
    ExportedType.FLOAT_SERIES: "float_value",
    ExportedType.STRING_SERIES: "string_value",
    ExportedType.HISTOGRAM_SERIES: "histogram_value",
    ExportedType.FILE: "file_value",
    ExportedType.FILE_SERIES: "file_value",
    ExportedType.FILE_SET: "file_value",
    ExportedType.ARTIFACT: "file_value",
}
"""The column that holds the value of a row."""

SERIES_TYPES = frozenset(
    {
        ExportedType.FLOAT_SERIES,
        ExportedType.STRING_SERIES,
        ExportedType.HISTOGRAM_SERIES,
        ExportedType.FILE_SERIES,
    }
)
"""Types with a row per step. The exporter gives a file series no timestamps; ours does."""


@dataclass(frozen=True)
class PartName:
    """What the name of a part tells.

    Attributes:
        name: Sanitized ID of the run, model or model version.
        number: From 0.
        unfinished: Whether it was still being written.
    """

    name: str
    number: int
    unfinished: bool


def sanitized(identifier: str) -> str:
    """Return the name of a file or folder for a project or a run.

    Every character that is not a letter, a digit, an underscore or a dash becomes an underscore; a dash and the BLAKE2b
    hash of the original (8 bytes, in hexadecimal) follow.
    """
    kept = "".join(char if char.isalnum() or char in "_-" else "_" for char in identifier)
    return f"{kept}-{hashlib.blake2b(identifier.encode(), digest_size=8).hexdigest()}"


def part_name(identifier: str, number: int, *, unfinished: bool = False) -> str:
    """Return the name of a part of a run, model or model version."""
    return f"{sanitized(identifier)}_part_{number}.parquet{UNFINISHED_SUFFIX if unfinished else ''}"


def parse_part_name(file_name: str) -> PartName | None:
    """Return what the name of a part tells; None for other files."""
    match = _PART_NAME.fullmatch(file_name)
    if match is None:
        return None
    return PartName(match["name"], int(match["number"]), match["unfinished"] is not None)


def tables_folder(project: str, kind: ExportedKind) -> str:
    """Return the folder of tables, relative to the folder of data.

    Args:
        project: ``workspace/project``.
        kind: What the tables tell of.
    """
    folder = sanitized(project)
    return folder if kind is ExportedKind.RUN else f"{folder}/{kind}"


def files_folder(project: str, kind: ExportedKind, identifier: str) -> str:
    """Return the folder of one run's files, relative to ``<files>/SAN(project)``; paths in tables begin with it."""
    return f"{project}/{identifier}" if kind is ExportedKind.RUN else f"{kind}/{identifier}"


def arrow_schema() -> "pa.Schema":
    """Return the columns of a table, with their types."""
    import pyarrow as pa

    moment = pa.timestamp("ms", tz="UTC")
    histogram = pa.struct(
        [("type", pa.string()), ("edges", pa.list_(pa.float64())), ("values", pa.list_(pa.float64()))]
    )
    return pa.schema(
        [
            ("project_id", pa.string()),
            ("run_id", pa.string()),
            ("attribute_path", pa.string()),
            ("attribute_type", pa.string()),
            ("step", pa.decimal128(STEP_DIGITS, STEP_DECIMALS)),
            ("timestamp", moment),
            ("int_value", pa.int64()),
            ("float_value", pa.float64()),
            ("string_value", pa.string()),
            ("bool_value", pa.bool_()),
            ("datetime_value", moment),
            ("string_set_value", pa.list_(pa.string())),
            ("file_value", pa.struct([("path", pa.string())])),
            ("histogram_value", histogram),
        ]
    )
