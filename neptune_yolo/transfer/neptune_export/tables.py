"""Writes the tables of one run: rows in groups, groups in parts, part 0 under its name once all is there."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from neptune_yolo.transfer.neptune_export.layout import (
    COMPRESSION,
    MAX_PART_BYTES,
    STAMP_KEY,
    STEP_DECIMALS,
    STEP_DIGITS,
    VALUE_COLUMNS,
    ExportedType,
    arrow_schema,
    parse_part_name,
    part_name,
    sanitized,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

GROUP_ROWS = 65_536
GROUP_BYTES = 8 * 1024 * 1024
"""Rows that are written at a time, and about as many bytes as they may take."""

MAX_STEP = 10.0 ** (STEP_DIGITS - STEP_DECIMALS)
"""Steps are below; the column has no more digits."""

_EXACT = 2**53
_SCALE = 10**STEP_DECIMALS
_ROW_BYTES = 64


class RunTables:
    """The parts of one run. What an earlier export has left of it is removed first."""

    def __init__(self, folder: Path, project: str, identifier: str, stamp: str) -> None:
        """Prepare to write; the folder is made.

        Args:
            folder: Of the tables.
            project: ``workspace/project``.
            identifier: Of the run, model or version.
            stamp: Changes when the run does; see `stamp_of`.

        Raises:
            OSError: If an older part cannot be removed.
        """
        self._folder = folder
        self._names = {"project_id": project, "run_id": identifier}
        self._schema = arrow_schema().with_metadata({STAMP_KEY: stamp.encode()})
        self._rows: list[dict[str, Any]] = []
        self._batches: list[pa.RecordBatch] = []
        self._count = self._bytes = 0
        self._parts: list[Path] = []
        self._file: IO[bytes] | None = None
        self._writer: pq.ParquetWriter | None = None
        folder.mkdir(parents=True, exist_ok=True)
        remove_parts(folder, identifier)

    def add(self, path: str, kind: ExportedType, value: Any, size_bytes: int = 0) -> None:
        """Add a single value.

        Args:
            path: Of the attribute.
            kind: Of it.
            value: As the column takes it; a moment in milliseconds since 1970 (UTC), a file as its path.
            size_bytes: About how large it is.
        """
        self.add_row(path, kind, {VALUE_COLUMNS[kind]: value}, size_bytes)

    def add_row(self, path: str, kind: ExportedType, values: Mapping[str, Any], size_bytes: int = 0) -> None:
        """Add a row with values of several columns; a step is a number."""
        self._rows.append({**self._names, "attribute_path": path, "attribute_type": kind.value, **values})
        self._grow(1, _ROW_BYTES + size_bytes)

    def add_series(
        self,
        path: str,
        kind: ExportedType,
        steps: "NDArray[np.float64]",
        times_ms: "NDArray[np.int64]",
        values: "Sequence[str] | NDArray[np.float64]",
    ) -> None:
        """Add points of a series as columns of the same length.

        Args:
            path: Of the attribute.
            kind: A series of numbers or of texts.
            steps: Below `MAX_STEP`.
            times_ms: Milliseconds since 1970 (UTC).
            values: Of the points.
        """
        self._pack_rows()
        for start in range(0, len(steps), GROUP_ROWS):
            part = slice(start, start + GROUP_ROWS)
            self._add_points(path, kind, steps[part], times_ms[part], values[part])

    def _add_points(
        self,
        path: str,
        kind: ExportedType,
        steps: "NDArray[np.float64]",
        times_ms: "NDArray[np.int64]",
        values: "Sequence[str] | NDArray[np.float64]",
    ) -> None:
        count = len(steps)
        fixed = {**self._names, "attribute_path": path, "attribute_type": kind.value}
        columns = {}
        for field in self._schema:
            if field.name in fixed:
                columns[field.name] = pa.repeat(fixed[field.name], count)
            elif field.name == "step":
                columns[field.name] = decimals(steps)
            elif field.name == "timestamp":
                columns[field.name] = pa.array(times_ms).cast(field.type)
            elif field.name == VALUE_COLUMNS[kind]:
                columns[field.name] = pa.array(values, field.type)
            else:
                columns[field.name] = pa.nulls(count, field.type)
        self._batches.append(pa.RecordBatch.from_pydict(columns, schema=self._schema))
        text_bytes = sum(map(len, values)) if kind is ExportedType.STRING_SERIES else 0
        self._grow(count, count * _ROW_BYTES + text_bytes)

    def complete(self) -> None:
        """Write the rest, and give the parts their names, the first one last.

        Raises:
            OSError: If a file cannot be written.
        """
        self._write_group()
        if self._writer is None:
            self._open_part()
        self.close()
        for part in reversed(self._parts):
            part.rename(part.with_suffix(""))

    def close(self) -> None:
        """Close the part that is open; what was not completed keeps the name of something unfinished."""
        writer, file, self._writer, self._file = self._writer, self._file, None, None
        try:
            if writer is not None:
                writer.close()
        finally:
            if file is not None:
                file.close()

    def _grow(self, rows: int, size_bytes: int) -> None:
        self._count += rows
        self._bytes += size_bytes
        if self._count >= GROUP_ROWS or self._bytes >= GROUP_BYTES:
            self._write_group()

    def _pack_rows(self) -> None:
        if self._rows:
            rows = [{**row, "file_value": _path_struct(row.get("file_value"))} for row in self._rows]
            steps = np.array([np.nan if row.get("step") is None else row["step"] for row in rows])
            for row in rows:
                row.pop("step", None)
            batch = pa.RecordBatch.from_pylist(rows, schema=self._schema)
            at = self._schema.get_field_index("step")
            self._batches.append(batch.set_column(at, self._schema.field(at), decimals(steps)))
            self._rows = []

    def _write_group(self) -> None:
        self._pack_rows()
        if self._batches:
            if self._file is None or self._file.tell() > MAX_PART_BYTES:
                self._open_part()
            assert self._writer is not None  # noqa: S101 - for the type checker: it has just been opened
            self._writer.write_table(pa.Table.from_batches(self._batches), row_group_size=2 * GROUP_ROWS)
        self._batches, self._count, self._bytes = [], 0, 0

    def _open_part(self) -> None:
        self.close()
        path = self._folder / part_name(self._names["run_id"], len(self._parts), unfinished=True)
        self._file = path.open("wb")
        self._parts.append(path)
        self._writer = pq.ParquetWriter(self._file, self._schema, compression=COMPRESSION)


def decimals(steps: "NDArray[np.float64]") -> "pa.Array":
    """Return steps as the column has them, rounded to its digits; missing where they are NaN."""
    is_known = np.isfinite(steps)
    scaled = np.rint(np.where(is_known, steps, 0.0) * _SCALE)
    low = scaled.astype(np.int64)
    for at in np.flatnonzero(np.abs(scaled) >= _EXACT).tolist():
        low[at] = int(Decimal(float(steps[at])).scaleb(STEP_DECIMALS).to_integral_value())
    words = np.empty((len(steps), 2), dtype="<i8")
    words[:, 0], words[:, 1] = low, low >> 63
    valid = None if is_known.all() else pa.py_buffer(np.packbits(is_known, bitorder="little").tobytes())
    kind = pa.decimal128(STEP_DIGITS, STEP_DECIMALS)
    return pa.Array.from_buffers(kind, len(steps), [valid, pa.py_buffer(words.tobytes())])


def rounded(steps: "NDArray[np.float64]") -> "NDArray[np.float64]":
    """Return steps as they are once they were written and read again."""
    from neptune_yolo.transfer.neptune_export.reading import steps as read_steps

    return read_steps(decimals(steps))


def stamp_of(part: Path) -> str | None:
    """Return what a run was like when a part was written; None for a part of another program, or a damaged one."""
    try:
        metadata = pq.read_schema(part).metadata or {}
    except (pa.ArrowException, OSError):
        return None
    stamp = metadata.get(STAMP_KEY)
    return None if stamp is None else stamp.decode(errors="replace")


def remove_parts(folder: Path, identifier: str) -> None:
    """Remove all parts of a run, the first one first: without it, the others count for nothing.

    Raises:
        OSError: If one cannot be removed.
    """
    name = sanitized(identifier)
    found = [(part, path) for path in folder.iterdir() if (part := parse_part_name(path.name)) and part.name == name]
    for _, path in sorted(found, key=lambda item: item[0].number):
        path.unlink()


def _path_struct(path: str | None) -> dict[str, str] | None:
    return None if path is None else {"path": path}
