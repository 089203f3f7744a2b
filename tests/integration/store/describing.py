"""The tables of a PostgreSQL database as text."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

_COLUMNS = """
    SELECT a.attrelid::regclass::text AS owner, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || coalesce(' COLLATE ' || nullif(c.collname, 'default'), '')
        || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
        || coalesce(' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid), '')
        || coalesce(' -- ' || col_description(a.attrelid, a.attnum), '') AS line
    FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid
    LEFT JOIN pg_collation c ON c.oid = a.attcollation
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE t.relnamespace = current_schema()::regnamespace AND t.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attrelid::regclass::text COLLATE "C", a.attnum
"""
_CONSTRAINTS = """
    SELECT conrelid::regclass::text AS owner, 'CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid) AS line
    FROM pg_constraint WHERE connamespace = current_schema()::regnamespace AND contype IN ('p', 'u', 'f', 'c')
    ORDER BY conname COLLATE "C"
"""
_INDEXES = """
    SELECT i.indrelid::regclass::text AS owner, pg_get_indexdef(i.indexrelid) AS line
    FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
    WHERE t.relnamespace = current_schema()::regnamespace AND NOT i.indisprimary
        AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype = 'u')
    ORDER BY i.indexrelid::regclass::text COLLATE "C"
"""


def describe_schema(connection: Connection) -> str:
    """Return the columns, constraints and indexes of all tables, in a fixed order."""
    return "\n".join(_lines(connection)) + "\n"


def _lines(connection: Connection) -> Iterator[str]:
    found = [connection.execute(text(statement)).all() for statement in (_COLUMNS, _CONSTRAINTS, _INDEXES)]
    for table in sorted({owner for owner, _ in found[0]}):
        yield table
        for rows in found:
            yield from (f"    {line}" for owner, line in rows if owner == table)
