"""What a run was like in Neptune, and where attributes go that the server keeps by itself."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from neptune_yolo.read.forms import RunHead
from neptune_yolo.transfer.exceptions import SourceUnreadableError
from neptune_yolo.transfer.neptune_export.layout import VALUE_COLUMNS, ExportedKind
from neptune_yolo.transfer.report import Difference
from neptune_yolo.transfer.writing import PastFacts, RunWriter

if TYPE_CHECKING:
    import pyarrow as pa

    from neptune_yolo.transfer.neptune_export.reading import Rows

MAX_ATTRIBUTES = 10_000
"""Attributes below ``sys`` that are looked at."""

IMPORT_PREFIX = "import/"
"""Below it stands where a run comes from."""

ORIGINAL_RUN_PATH = "import/original_run_id"
ORIGINAL_PROJECT_PATH = "import/original_project"
NOT_KEPT_PATH = "import/not_kept"

_OF_SERVER = frozenset({"import/source", "import/fingerprint", "import/finished"})
"""Written by the server; those of an earlier import are left out."""

_FACTS = frozenset(
    {
        "sys/id",
        "sys/creation_time",
        "sys/modification_time",
        "sys/ping_time",
        "sys/running_time",
        "sys/owner",
        "sys/trashed",
        "sys/custom_run_id",
        "sys/model_id",
        "sys/state",
    }
)
_WRITABLE = frozenset(
    {"sys/name", "sys/description", "sys/tags", "sys/group_tags", "sys/failed", "sys/hostname"},
)
_RUN_ID = re.compile(r"[A-Z0-9_]{1,64}-[1-9][0-9]{0,8}")
"""What a run can be called here."""

_STAGE_PATH = "sys/stage"
_FIRST_MS, _LAST_MS = -62_135_596_800_000, 253_402_300_799_999
_MAX_CUSTOM_ID = 255
_MAX_OWNER = 128

System = Mapping[str, object]
"""Attributes below ``sys`` by path; moments in milliseconds since 1970 (UTC)."""


@dataclass(frozen=True)
class Identity:
    """By which names a run goes.

    Attributes:
        sys_id: What people call it; None for one of Neptune 3 that says nothing of it.
        custom_run_id: The program's own identifier; None without one.
        model: Of which model it is a version; None for others.
    """

    sys_id: str | None
    custom_run_id: str | None
    model: str | None


def system_of(found: Iterable["Rows"]) -> System:
    """Return the attributes below ``sys`` with their values."""
    values: dict[str, object] = {}
    for rows in found:
        column = VALUE_COLUMNS.get(rows.type)  # type: ignore[call-overload]
        if column in rows.columns.schema.names and len(values) < MAX_ATTRIBUTES:
            values[rows.path] = last_value(rows.columns.column(column))
    return values


def identity_of(kind: ExportedKind, run_id: str, system: System) -> Identity:
    """Return by which names a run goes: that of Neptune 2 is its ``sys/id``, that of Neptune 3 the program's own."""
    if kind is not ExportedKind.RUN:
        model = system.get("sys/model_id")
        of_version = str(model) if model else run_id.rpartition("-")[0]
        return Identity(run_id, None, of_version if kind is ExportedKind.MODEL_VERSION else None)
    said, own = (str(system.get(path) or "") for path in ("sys/id", "sys/custom_run_id"))
    if not said and _RUN_ID.fullmatch(run_id):
        said = run_id
    elif said != run_id:
        own = own or run_id
    is_fit = len(own) <= _MAX_CUSTOM_ID and "\x00" not in own
    return Identity(said if _RUN_ID.fullmatch(said) else None, own if own and is_fit else None, None)


def kept_beside(system: System, writer: RunWriter, facts: PastFacts) -> dict[str, str]:
    """Return names that a run had and cannot go by here, by the paths where they are kept instead.

    Args:
        system: Its attributes below ``sys``.
        writer: The run here.
        facts: What it was like.
    """
    owner = facts.owner if writer.project.role == "owner" or writer.head.owner == facts.owner else None
    here = {"sys/id": writer.sys_id, "sys/custom_run_id": writer.head.custom_run_id, "sys/owner": owner}
    return {
        IMPORT_PREFIX + path: str(system[path])
        for path, name in here.items()
        if system.get(path) not in (None, "", name)
    }


def facts_differences(head: RunHead, facts: PastFacts) -> Iterator[Difference]:
    """Yield what the server does not tell of a run as it was.

    Args:
        head: As the server has it.
        facts: As it was.
    """
    names = {
        "sys/creation_time": (facts.created_ms, head.created_ms),
        "sys/modification_time": (facts.modified_ms, head.modified_ms),
        "sys/ping_time": (facts.created_ms if facts.pinged_ms is None else facts.pinged_ms, head.pinged_ms),
        "sys/owner": (facts.owner or head.owner, head.owner),
        "sys/trashed": (facts.trashed, head.trashed),
    }
    for path, (expected, found) in names.items():
        if expected != found:
            yield Difference(path, repr(expected), repr(found))


def facts_of(system: System, exported_ms: int) -> PastFacts:
    """Return what a run was like.

    Args:
        system: Its attributes below ``sys``.
        exported_ms: When it was exported, for what says nothing of its time; in milliseconds since 1970 (UTC).
    """
    created_ms = _moment(system, "sys/creation_time", exported_ms)
    modified_ms = _moment(system, "sys/modification_time", created_ms)
    seconds = system.get("sys/running_time", system.get("sys/monitoring_time"))
    running_ms = round(seconds * 1000) if isinstance(seconds, int | float) and 0 <= seconds < _LAST_MS / 1000 else 0
    owner = system.get("sys/owner")
    return PastFacts(
        created_ms=created_ms,
        modified_ms=modified_ms,
        pinged_ms=_moment(system, "sys/ping_time", modified_ms),
        running_ms=running_ms,
        owner=owner if isinstance(owner, str) and 0 < len(owner) <= _MAX_OWNER and "\x00" not in owner else None,
        trashed=system.get("sys/trashed") is True,
    )


def last_value(column: "pa.Array") -> object:
    """Return the last value of a column; a moment in milliseconds since 1970 (UTC), whatever year it is of.

    Raises:
        SourceUnreadableError: If it is a text that cannot be read.
    """
    last = column.slice(len(column) - 1)
    try:
        return (last.cast("int64") if str(last.type).startswith("timestamp") else last)[0].as_py()
    except UnicodeError as error:
        raise SourceUnreadableError(
            f"Expected a text in UTF-8, got another one: {error}. Export the run again."
        ) from error


def target_path(path: str, kind: ExportedKind) -> str | None:
    """Return where an attribute goes; None for what the server keeps by itself, or is no part of the run.

    What else is below ``sys`` goes below ``import/sys``.
    """
    if path in _FACTS or path in _OF_SERVER:
        return None
    if not path.startswith("sys/") or path in _WRITABLE:
        return path
    if path == _STAGE_PATH and kind is ExportedKind.MODEL_VERSION:
        return path
    return IMPORT_PREFIX + path


def takes_tags(path: str) -> bool:
    """Return whether an attribute can be a set of strings; all others are texts."""
    return path in ("sys/tags", "sys/group_tags")


def is_moment(moment_ms: int) -> bool:
    """Return whether the server takes a moment: of the years 1 to 9999."""
    return _FIRST_MS <= moment_ms <= _LAST_MS


def _moment(system: System, path: str, otherwise: int) -> int:
    value = system.get(path)
    return value if isinstance(value, int) and not isinstance(value, bool) and is_moment(value) else otherwise
