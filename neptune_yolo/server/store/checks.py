"""Questions about everything in the database, to see whether it fits together."""

from collections.abc import Iterator, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKeyConstraint,
    Table,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
    text,
)

from neptune_yolo.server.domain.attribute import AttributeType
from neptune_yolo.server.domain.ids import Sha256
from neptune_yolo.server.domain.statistics import Statistics
from neptune_yolo.server.domain.verification import BlobReference, SeriesFacts
from neptune_yolo.server.store.models import (
    attributes,
    containers,
    file_entries,
    image_points,
    metadata,
    projects,
    string_points,
)

SHOWN_ROWS = 20
"""Rows of one table that are named; what breaks a reference once has mostly broken it for thousands."""

_SERIES = tuple(
    kind.value for kind in (AttributeType.FLOAT_SERIES, AttributeType.STRING_SERIES, AttributeType.IMAGE_SERIES)
)
_a, _f = attributes.c, file_entries.c


class SqlCheckStore:
    """Implements ``CheckStore``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_damage(self) -> list[str]:
        """Return what the database itself finds wrong with its pages and indexes, as sentences."""
        if self._connection.dialect.name != "sqlite":
            return []
        found = self._connection.execute(text(f"PRAGMA integrity_check({SHOWN_ROWS})")).scalars()
        return [str(line) for line in found if line != "ok"]

    def list_broken_references(self) -> list[tuple[str, str]]:
        """Return rows that refer to a row that is missing: table, and a sentence; of each table, some."""
        return [
            (table.name, sentence)
            for table in metadata.sorted_tables
            for key in table.foreign_key_constraints
            for sentence in self._broken(table, key)
        ]

    def page_references(self, after: str, limit: int) -> list[BlobReference]:
        """Return up to ``limit`` of the blobs that attributes refer to, by hash, those after a hash."""
        found: dict[str, tuple[set[int], int]] = {}
        end: str | None = None
        for table in (file_entries, image_points):
            c = table.c
            statement = (
                select(c.sha256, func.min(c.size_bytes), func.max(c.size_bytes), func.min(c.attribute_pk))
                .where(c.sha256 > after)
                .group_by(c.sha256)
                .order_by(c.sha256)
                .limit(limit)
            )
            rows = self._connection.execute(statement).all()
            if len(rows) == limit:
                end = rows[-1][0] if end is None else min(end, rows[-1][0])
            for sha256, least, most, attribute_pk in rows:
                found.setdefault(sha256, (set(), attribute_pk))[0].update((least, most))
        return [
            BlobReference(Sha256(sha256), frozenset(sizes), attribute_pk)
            for sha256, (sizes, attribute_pk) in sorted(found.items())
            if end is None or sha256 <= end
        ]

    def list_wrong_files(self) -> list[tuple[int, str]]:
        """Return file attributes and file sets that do not fit their entries: row number, and a sentence."""
        entry = exists().where(
            _f.attribute_pk == _a.pk, _f.sha256 == _a.string_value, _f.size_bytes == _a.int_value, _f.sub_path == ""
        )
        single = select(_a.pk).where(_a.type == AttributeType.FILE.value, _a.string_value.is_not(None), not_(entry))
        total = func.coalesce(func.sum(_f.size_bytes), 0)
        sets = (
            select(_a.pk, _a.int_value, total)
            .select_from(attributes.outerjoin(file_entries))
            .where(_a.type == AttributeType.FILE_SET.value)
            .group_by(_a.pk, _a.int_value)
            .having(or_(_a.int_value != total, and_(_a.int_value.is_(None), total != 0)))
        )
        wrong = [
            (pk, "Expected an entry with the hash and the size of the file, got another one or none.")
            for pk in self._connection.scalars(single.order_by(_a.pk))
        ]
        for pk, size_bytes, found in self._connection.execute(sets.order_by(_a.pk)):
            wrong.append((pk, f"Expected files of {size_bytes} bytes in all, got {found} bytes."))
        return wrong

    def page_series(self, after_pk: int, limit: int) -> list[SeriesFacts]:
        """Return up to ``limit`` series by row number, those after one."""
        columns = (_a.pk, _a.type, _a.last_step, _a.float_value, _a.point_count)
        figures = (_a.minimum, _a.maximum, _a.mean, _a.squares)
        statement = (
            select(*columns, *figures).where(_a.pk > after_pk, _a.type.in_(_SERIES)).order_by(_a.pk).limit(limit)
        )
        return [
            SeriesFacts(
                pk=row[0],
                type=AttributeType(row[1]),
                last_step=row[2],
                last=row[3],
                point_count=row[4],
                statistics=None if None in row[5:] else Statistics(row[4], row[5], row[6], row[7], row[8]),
            )
            for row in self._connection.execute(statement)
        ]

    def count_points(self, pks: Sequence[int]) -> dict[int, tuple[int, float]]:
        """Return number of points and last step of string and image series that have points; up to 500 of them."""
        counts: dict[int, tuple[int, float]] = {}
        for table in (string_points, image_points):
            statement = (
                select(table.c.attribute_pk, func.count(), func.max(table.c.step))
                .where(table.c.attribute_pk.in_(pks))
                .group_by(table.c.attribute_pk)
            )
            counts.update({row[0]: (row[1], row[2]) for row in self._connection.execute(statement)})
        return counts

    def describe(self, attribute_pk: int) -> str:
        """Return where people find an attribute: project, identifier and path."""
        statement = (
            select(projects.c.workspace, projects.c.name, containers.c.sys_id, _a.path)
            .select_from(attributes.join(containers).join(projects))
            .where(_a.pk == attribute_pk)
        )
        row = self._connection.execute(statement).one_or_none()
        return f"attribute {attribute_pk}" if row is None else f"{row[0]}/{row[1]}/{row[2]}: {row[3]}"

    def _broken(self, table: Table, key: ForeignKeyConstraint) -> Iterator[str]:
        parent = key.referred_table.alias()
        pairs = [(element.parent, parent.c[element.column.name]) for element in key.elements]
        joined: ColumnElement[bool] = and_(*(child == target for child, target in pairs))
        statement = (
            select(*dict.fromkeys([*table.primary_key.columns, *(child for child, _ in pairs)]))
            .select_from(table.outerjoin(parent, joined))
            .where(pairs[0][1].is_(None), *(child.is_not(None) for child, _ in pairs))
            .limit(SHOWN_ROWS)
        )
        for row in self._connection.execute(statement).mappings():
            facts = ", ".join(f"{name} {value!r}" for name, value in row.items())
            yield f"Expected a row of {key.referred_table.name} that the row ({facts}) refers to, got none."
