"""Reads the tables of one run piece by piece, never a whole part."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from neptune_yolo.transfer.exceptions import SourceUnreadableError
from neptune_yolo.transfer.neptune_export.finding import FoundRun
from neptune_yolo.transfer.neptune_export.layout import STAMP_KEY, STEP_DECIMALS, arrow_schema, sanitized

if TYPE_CHECKING:
    from numpy.typing import NDArray

BATCH_ROWS = 32_768
BATCH_BYTES = 8 * 1024 * 1024
"""Rows in memory at a time, and about as many bytes as they may take."""

MAX_GROUP_BYTES = 4 * 1024**3
"""Unpacked size of a row group. The exporter's have a million rows at most."""

_STEP_TYPE = pa.decimal128(38, STEP_DECIMALS)
_EXACT, _SIGN_BIT = 2**53, 63
_STREAM_BYTES = 1024 * 1024
_FOOTER_BYTES = 64 * 1024
_NEEDED = ("project_id", "run_id", "attribute_path", "attribute_type")
_NAMES = ("attribute_path", "attribute_type", "run_id")
_CODED_BYTES = 16 * 1024 * 1024
_SYSTEM = "sys/"
_UNREADABLE = (pa.ArrowException, OSError, UnicodeError, OverflowError)


class Rows(NamedTuple):
    """Rows of one attribute that follow each other.

    Attributes:
        path: Of the attribute.
        type: As the table has it.
        columns: Their values, by the names of the columns.
    """

    path: str
    type: str
    columns: "pa.RecordBatch"


@dataclass(frozen=True)
class ExportedRun:
    """A run whose tables can be read, as far as their ends tell.

    Attributes:
        found: Its parts.
        project: ``workspace/project`` where it comes from.
        run_id: What it was called there.
        row_count: Rows of all parts.
        fingerprint: Changes when the tables do.
        is_ours: Whether our export has written it, which keeps the extensions of files.
    """

    found: FoundRun
    project: str
    run_id: str
    row_count: int
    fingerprint: str
    is_ours: bool

    @property
    def name(self) -> str:
        """For messages."""
        return f"{self.project}/{self.run_id}"


def open_run(found: FoundRun) -> ExportedRun:
    """Look at the ends of all parts, and return what they tell.

    Raises:
        SourceUnreadableError: If a part is damaged, or not a table of an export.
    """
    digest = hashlib.sha256()
    row_count = 0
    names: tuple[str, str] | None = None
    is_ours = False
    for path in found.parts:
        with _opened(path) as part, _readable(path):
            _check(part, path)
            is_ours = STAMP_KEY in (part.schema_arrow.metadata or {})
            row_count += part.metadata.num_rows
            names = names or _first_names(part)
        digest.update(f"{path.name} {path.stat().st_size}\n".encode())
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _FOOTER_BYTES))
            digest.update(file.read())
    if names is None:
        raise SourceUnreadableError(f"Expected rows of {found.name} in {found.folder}, found none. Export it again.")
    if sanitized(names[1]) != found.name:
        raise SourceUnreadableError(
            f"Expected a run whose files are called {found.name}, got one with the ID {names[1][:80]!r}. "
            "The files were renamed: export them again."
        )
    return ExportedRun(found, *names, row_count, digest.hexdigest()[:32], is_ours)


def read_rows(run: ExportedRun) -> Iterator[tuple[int, list[Rows]]]:
    """Yield the rows of a run in pieces: how many they are, and the same by attributes. Other runs' are left out.

    Raises:
        SourceUnreadableError: If a part turns out to be damaged.
    """
    for path in run.found.parts:
        with _opened(path) as part, _readable(path):
            for group in range(part.num_row_groups):
                for batch in _batches(part, group, None):
                    yield batch.num_rows, list(_by_attribute(_of_run(batch, run.run_id)))


def read_system(run: ExportedRun) -> list[Rows]:
    """Return the rows of all attributes below ``sys``, wherever they are.

    Raises:
        SourceUnreadableError: If a part turns out to be damaged.
    """
    names = [*_NEEDED[1:], "int_value", "float_value", "string_value", "bool_value", "datetime_value"]
    found: list[Rows] = []
    for path in run.found.parts:
        with _opened(path) as part, _readable(path):
            for group in range(part.num_row_groups):
                # The statistics of a damaged part end the process, so that paths are looked at instead.
                if any(_has_system(batch) for batch in _batches(part, group, ["attribute_path"])):
                    for batch in _batches(part, group, names):
                        chosen = batch.filter(_is_system(batch.column("attribute_path")))
                        found.extend(_by_attribute(_of_run(chosen, run.run_id)))
    return found


def floats(column: "pa.Array") -> "NDArray[np.float64]":
    """Return numbers, NaN for those that are missing."""
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def steps(column: "pa.Array") -> "NDArray[np.float64]":
    """Return steps as the numbers next to them, NaN for those that are missing; Arrow's own are off by a bit."""
    if not pa.types.is_decimal(column.type):
        return floats(column) + 0.0
    words = np.frombuffer(column.buffers()[1], dtype="<i8")[2 * column.offset : 2 * (column.offset + len(column))]
    low, high = words[::2], words[1::2]
    found = low / float(10**STEP_DECIMALS)
    for at in np.flatnonzero((np.abs(low) >= _EXACT) | (high != low >> _SIGN_BIT)).tolist():
        found[at] = float(column[at].as_py() or 0)
    found[np.asarray(column.is_null().to_numpy(zero_copy_only=False))] = np.nan
    return found + 0.0  # no sign of a zero


def moments_ms(column: "pa.Array", missing: int) -> "NDArray[np.int64]":
    """Return moments in milliseconds since 1970 (UTC).

    Args:
        column: Moments.
        missing: For those that are missing.
    """
    whole = column.cast(pa.int64()).fill_null(missing)
    return np.asarray(whole.to_numpy(zero_copy_only=False), dtype=np.int64)


def texts(column: "pa.Array") -> list[str | None]:
    """Return texts.

    Raises:
        SourceUnreadableError: If one is no text.
    """
    try:
        if not pa.types.is_dictionary(column.type):
            return list(column.to_pylist())
        if len(column.dictionary) > len(column):
            return list(column.dictionary_decode().to_pylist())
        words = [*column.dictionary.to_pylist(), None]
    except UnicodeError as error:
        raise SourceUnreadableError(f"Expected texts in UTF-8, got others: {error}. Export the run again.") from error
    indices = column.indices.cast(pa.int64()).fill_null(len(words) - 1).to_pylist()
    return [words[index] for index in indices]


@contextmanager
def _opened(path: Path) -> Iterator["pq.ParquetFile"]:
    """Open a part for a block."""
    with _readable(path):
        metadata = pq.read_metadata(path)
        schema = metadata.schema.to_arrow_schema()
        coded = [
            name for name in _coded(metadata) if name in schema.names and pa.types.is_string(schema.field(name).type)
        ]
        part = pq.ParquetFile(
            path, metadata=metadata, buffer_size=_STREAM_BYTES, pre_buffer=False, read_dictionary=coded
        )
    try:
        yield part
    finally:
        part.close(force=True)


def _coded(metadata: "pq.FileMetaData") -> tuple[str, ...]:
    """Return the columns that are read as codes of texts.

    Codes take little memory however often a text occurs, but all texts of a row group stay in memory.
    """
    sizes = [metadata.row_group(group).total_byte_size for group in range(metadata.num_row_groups)]
    return (*_NAMES, "string_value") if max(sizes, default=0) <= _CODED_BYTES else _NAMES


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say of which part it was, if what is read in a block is damaged."""
    try:
        yield
    except _UNREADABLE as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: BaseException) -> SourceUnreadableError:
    return SourceUnreadableError(
        f"Expected a whole Parquet file, got {path}, which cannot be read ({str(error)[:300]}). Export the run again, "
        "or copy the file again."
    )


def _targets() -> dict[str, "pa.DataType"]:
    """Return the type of each column as it is read."""
    return {field.name: field.type for field in arrow_schema()}


def _target(name: str, given: "pa.DataType") -> "pa.DataType":
    """Return the type in which a column is read: steps may be numbers of any kind."""
    if name == "step":
        return _STEP_TYPE if pa.types.is_decimal(given) else pa.float64()
    return _targets()[name]


def _check(part: "pq.ParquetFile", path: Path) -> None:
    schema = part.schema_arrow
    missing = [name for name in _NEEDED if name not in schema.names]
    if missing:
        raise SourceUnreadableError(
            f"Expected a table of an export with the columns {', '.join(_NEEDED)}, got {path} without "
            f"{', '.join(missing)}. Remove it from the folder, or export again."
        )
    for name, target in _targets().items():
        given = schema.field(name).type if name in schema.names else target
        if not _fits(given, _target(name, given)):
            raise SourceUnreadableError(
                f"Expected the column {name!r} of {path} to be of type {target}, got {given}. Export the run again."
            )
    for group in range(part.num_row_groups):
        size = part.metadata.row_group(group).total_byte_size
        if size > MAX_GROUP_BYTES:
            raise SourceUnreadableError(
                f"Expected row groups of at most {MAX_GROUP_BYTES} bytes, got one of {size} in {path}. Write it again "
                "with smaller ones."
            )


def _fits(given: "pa.DataType", target: "pa.DataType") -> bool:
    given = given.value_type if pa.types.is_dictionary(given) else given
    is_text = pa.types.is_string(given) or pa.types.is_large_string(given)
    if is_text != pa.types.is_string(target) and not pa.types.is_null(given):
        return False
    try:
        pa.array([], given).cast(target)
    except pa.ArrowException:
        return False
    return True


def _first_names(part: "pq.ParquetFile") -> tuple[str, str] | None:
    for batch in part.iter_batches(batch_size=1, columns=["project_id", "run_id"]):
        row = batch.to_pylist()[0]
        if row["project_id"] and row["run_id"]:
            return str(row["project_id"]), str(row["run_id"])
    return None


def _batches(part: "pq.ParquetFile", group: int, names: Sequence[str] | None) -> Iterator["pa.RecordBatch"]:
    """Yield pieces of a row group, their columns of the right types."""
    facts = part.metadata.row_group(group)
    row_bytes = max(1, facts.total_byte_size // max(1, facts.num_rows))
    rows = min(BATCH_ROWS, max(64, BATCH_BYTES // row_bytes))
    known = [name for name in names or _targets() if name in part.schema_arrow.names]
    for batch in part.iter_batches(batch_size=rows, row_groups=[group], columns=known):
        batch.validate(full=True)  # texts that are none, codes without a text
        yield _conformed(batch, names)


def _conformed(batch: "pa.RecordBatch", names: Sequence[str] | None) -> "pa.RecordBatch":
    columns = {}
    for name, usual in _targets().items():
        if names is not None and name not in names:
            continue
        if name not in batch.schema.names:
            column = pa.nulls(batch.num_rows, usual)
        else:
            column = batch.column(name)
            target = _target(name, column.type)
            is_coded = usual == pa.string() and pa.types.is_dictionary(column.type)
            column = column if is_coded or column.type == target else column.cast(target, safe=False)
        columns[name] = column.dictionary_encode() if name in _NAMES and pa.types.is_string(column.type) else column
    return pa.RecordBatch.from_pydict(columns)


def _of_run(batch: "pa.RecordBatch", run_id: str) -> "pa.RecordBatch":
    known = batch.column("run_id").dictionary.to_pylist()
    return batch if known == [run_id] else batch.filter(pc.equal(batch.column("run_id").dictionary_decode(), run_id))


def _is_system(column: "pa.Array") -> "pa.Array":
    of_words = pc.starts_with(column.dictionary, _SYSTEM)
    return pc.fill_null(of_words.take(column.indices), fill_value=False)


def _has_system(batch: "pa.RecordBatch") -> bool:
    return bool(pc.any(_is_system(batch.column("attribute_path"))).as_py())


def _by_attribute(batch: "pa.RecordBatch") -> Iterator[Rows]:
    """Yield the rows of each attribute, those of each in their order; rows without a name are left out."""
    paths, types = batch.column("attribute_path"), batch.column("attribute_type")
    path_words, type_words = [*texts(paths.dictionary), None], [*texts(types.dictionary), None]
    codes = _codes(paths) * len(type_words) + _codes(types)
    if not len(codes):
        return
    if np.count_nonzero(np.diff(codes)) >= len(np.unique(codes)):
        order = np.argsort(codes, kind="stable")
        batch, codes = batch.take(pa.array(order)), codes[order]
    starts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist()]
    for start, end in zip(starts, [*starts[1:], len(codes)], strict=True):
        at_path, at_type = divmod(int(codes[start]), len(type_words))
        path, kind = path_words[at_path], type_words[at_type]
        if path is not None and kind is not None:
            yield Rows(path, kind, batch.slice(start, end - start))


def _codes(column: "pa.Array") -> "NDArray[np.int64]":
    coded = column.indices.cast(pa.int64()).fill_null(len(column.dictionary))
    return np.asarray(coded.to_numpy(zero_copy_only=False), dtype=np.int64)
