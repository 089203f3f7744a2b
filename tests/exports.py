"""Makes exports as neptune-exporter leaves them, for tests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from neptune_yolo.transfer.neptune_export.layout import (
    VALUE_COLUMNS,
    ExportedKind,
    arrow_schema,
    files_folder,
    part_name,
    sanitized,
    tables_folder,
)

PROJECT = "ws/san"
CREATED = datetime(2021, 5, 1, 12, tzinfo=UTC)
CREATED_MS = int(CREATED.timestamp() * 1000)

Row = Mapping[str, Any]


def row(path: str, kind: str, value: Any, **others: Any) -> Row:
    """Return a row of a table; a file's value is its path."""
    if kind in ("file", "file_set", "file_series", "artifact"):
        value = {"path": value}
    return {"attribute_path": path, "attribute_type": kind, VALUE_COLUMNS.get(kind, "string_value"): value, **others}  # type: ignore[call-overload]


def point(
    path: str, step: float | Decimal | str | None, value: float | str, at_ms: int = 0, kind: str = "float_series"
) -> Row:
    """Return a row of a series."""
    moment = datetime.fromtimestamp((CREATED_MS + at_ms) / 1000, UTC)
    decimal = None if step is None else Decimal(str(step)).quantize(Decimal("1.000000"))
    return row(path, kind, value, step=decimal, timestamp=moment)


def system_rows(sys_id: str, **others: Row) -> list[Row]:
    """Return what Neptune keeps of a run by itself."""
    return [
        row("sys/id", "string", sys_id),
        row("sys/creation_time", "datetime", CREATED),
        row("sys/modification_time", "datetime", datetime(2021, 5, 1, 14, tzinfo=UTC)),
        row("sys/ping_time", "datetime", datetime(2021, 5, 1, 13, 59, 50, tzinfo=UTC)),
        row("sys/running_time", "float", 7190.5),
        row("sys/monitoring_time", "int", 7190),
        row("sys/size", "float", 123.0),
        row("sys/owner", "string", "ada"),
        row("sys/name", "string", "first try"),
        row("sys/description", "string", "of many"),
        row("sys/tags", "string_set", ["night", "day"]),
        row("sys/failed", "bool", value=True),
        row("sys/trashed", "bool", value=False),
        row("sys/hostname", "string", "machine"),
        *others.values(),
    ]


@dataclass
class Export:
    """An export in a folder.

    Attributes:
        folder: Its tables and files are in ``data`` and ``files`` of it.
        project: ``workspace/project``.
    """

    folder: Path
    project: str = PROJECT
    schema: pa.Schema = field(default_factory=arrow_schema)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def files(self) -> Path:
        return self.folder / "files" / sanitized(self.project)

    def part(self, run: str, number: int = 0, kind: ExportedKind = ExportedKind.RUN) -> Path:
        return self.data / tables_folder(self.project, kind) / part_name(run, number)

    def add(
        self, run: str, rows: Iterable[Row], *, number: int = 0, kind: ExportedKind = ExportedKind.RUN, group: int = 50
    ) -> Path:
        """Write a part of a run, and return its path."""
        path = self.part(run, number, kind)
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = [{"project_id": self.project, "run_id": run, **row} for row in rows]
        table = pa.Table.from_pylist(whole, schema=self.schema)
        pq.write_table(table, path, compression="snappy", row_group_size=group)
        return path

    def add_file(self, run: str, path: str, content: bytes, kind: ExportedKind = ExportedKind.RUN) -> str:
        """Write an exported file, and return its path as the table has it."""
        relative = f"{files_folder(self.project, kind, run)}/{path}"
        target = self.files / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return relative
