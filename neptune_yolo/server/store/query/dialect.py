"""What SQLite and PostgreSQL say differently in a query of a table."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import JSON, ColumnElement, Connection, cast, func, literal, type_coerce
from sqlalchemy.dialects.postgresql import JSONB

from neptune_yolo.server.exceptions import InvalidRequestError
from neptune_yolo.server.nql.automaton import Automaton
from neptune_yolo.server.nql.patterns import Node, to_postgres

MATCHED_CHARACTERS = 4096
"""``MATCHES`` looks at so many characters from the beginning of a text."""

PLACES_LIMIT = 30_000_000
"""Places of patterns that one query may visit; some seconds of work."""

_FUNCTION = "nql_matches"


class Dialect:
    """Writes the parts of a statement that depend on the database.

    Args:
        is_postgresql: Whether it is PostgreSQL; else it is SQLite.
    """

    def __init__(self, *, is_postgresql: bool) -> None:
        self.is_postgresql = is_postgresql
        self._automata: list[Automaton] = []
        self._places_left = PLACES_LIMIT

    def ordered(self, text: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return a text that compares by its code points."""
        return text.collate("C") if self.is_postgresql else text

    def contains(self, text: ColumnElement[Any], part: str) -> ColumnElement[bool]:
        """Return whether a part occurs in a text; letter case counts."""
        find = func.strpos if self.is_postgresql else func.instr
        return find(text, part) > 0

    def contains_folded(self, text: ColumnElement[Any], part: str) -> ColumnElement[bool]:
        """Return whether a part occurs in a text; letter case does not count (on SQLite, that of ASCII letters)."""
        folded = part.lower() if self.is_postgresql else "".join(c.lower() if c.isascii() else c for c in part)
        return self.contains(func.lower(text), folded)

    def matches(self, text: ColumnElement[Any], pattern: Node) -> ColumnElement[bool]:
        """Return whether a pattern matches somewhere in a text."""
        beginning = func.substr(text, 1, MATCHED_CHARACTERS)
        if self.is_postgresql:
            return beginning.regexp_match(to_postgres(pattern))
        self._automata.append(Automaton(pattern, self._spend))
        return func.nql_matches(len(self._automata) - 1, beginning) == literal(1)

    def commit_id(self, details: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the hash of a commit from the JSON text that describes it."""
        document = cast(details, JSONB) if self.is_postgresql else type_coerce(details, JSON)
        commit_id: ColumnElement[Any] = document["commit"]["commitId"].as_string()
        return commit_id

    def prepare(self, connection: Connection) -> Callable[[], None]:
        """Let a connection run the statement.

        Returns:
            What is to be called once it has run; it raises ``InvalidRequestError`` if the patterns took too long.
        """
        if not self._automata:
            return lambda: None
        raw: Any = connection.connection.driver_connection
        raw.create_function(_FUNCTION, 2, self._search, deterministic=True)
        return self._require_finished

    def _search(self, number: int, text: object) -> bool:
        if not isinstance(text, str) or self._places_left <= 0:
            return False
        return self._automata[number].search(text)

    def _spend(self, places: int) -> None:
        self._places_left -= places

    def _require_finished(self) -> None:
        if self._places_left <= 0:
            raise InvalidRequestError(
                "Expected patterns that are matched within seconds, but these take longer. "
                "Write a simpler pattern after MATCHES, or exclude runs by another condition that stands before it."
            )
