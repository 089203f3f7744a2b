"""How PostgreSQL is opened."""

from importlib.util import find_spec
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text

from neptune_yolo.server.exceptions import ConfigurationError

STATEMENT_TIMEOUT_MS = 60_000
"""How long one statement may take, in milliseconds; queries of tables have a shorter limit of their own."""

LOCK_TIMEOUT_MS = 30_000
"""How long a statement waits for a row that another transaction is changing, in milliseconds."""

IDLE_TIMEOUT_MS = 600_000
"""How long a transaction may do nothing, in milliseconds; then its server process is taken for lost."""

CONNECT_TIMEOUT_SECONDS = 10
RECYCLE_SECONDS = 1800
"""Age at which a connection is replaced, before a firewall forgets it."""

_SESSION = {
    "statement_timeout": STATEMENT_TIMEOUT_MS,
    "lock_timeout": LOCK_TIMEOUT_MS,
    "idle_in_transaction_session_timeout": IDLE_TIMEOUT_MS,
}
_KEEPALIVES = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}


def create_postgresql_engine(url: URL, *, pool_size: int, pool_timeout: float, writes: bool) -> Engine:
    """Return an engine that looks after its connections.

    Reading transactions see one state of the database (REPEATABLE READ) and cannot write. Writing ones are READ
    COMMITTED: each statement sees what others have committed, so what is read to be changed has to be locked first.

    Args:
        url: Of the database.
        pool_size: Connections of one process.
        pool_timeout: How long a transaction waits for a connection, in seconds.
        writes: Whether its transactions may write.

    Raises:
        ConfigurationError: If the driver is not installed.
    """
    _require_driver()
    options = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    given = url.query.get("options", "")
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=pool_timeout,
        pool_pre_ping=True,
        pool_recycle=RECYCLE_SECONDS,
        hide_parameters=True,
        execution_options={"is_writing": writes},
        connect_args={
            "options": f"{options} {given}".strip(),
            "application_name": "neptune-yolo",
            "connect_timeout": CONNECT_TIMEOUT_SECONDS,
            **_KEEPALIVES,
        },
    )
    event.listen(engine, "connect", _prepare_writing if writes else _prepare_reading)
    event.listen(engine, "connect", _replace_nul)
    return engine


def prepare_long_statements(connection: Connection) -> None:
    """Let the statements of this transaction take as long as they need, and wait for others as long."""
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    connection.execute(text("SET LOCAL lock_timeout = 0"))


def require_encoding(connection: Connection) -> None:
    """Require a database that can keep every character.

    Raises:
        ConfigurationError: If it cannot.
    """
    encoding = connection.execute(text("SHOW server_encoding")).scalar_one()
    if encoding != "UTF8":
        raise ConfigurationError(
            f"Expected a PostgreSQL database with the encoding UTF8, got {encoding}. "
            f"Create one with: CREATE DATABASE name ENCODING 'UTF8' TEMPLATE template0."
        )


def _require_driver() -> None:
    if find_spec("psycopg") is None:
        raise ConfigurationError(
            "Expected the package psycopg for a PostgreSQL database, but it is not installed. "
            "Run `python -m pip install 'neptune-yolo[postgresql]'`."
        )


def _prepare_reading(raw: Any, _record: object) -> None:
    from psycopg import IsolationLevel

    raw.isolation_level = IsolationLevel.REPEATABLE_READ
    raw.read_only = True


def _replace_nul(raw: Any, _record: object) -> None:
    """Let NUL in texts, which PostgreSQL refuses, stand for the character that replaces what is none.

    What is stored has none by the rules of the protocol; what is asked for may have some, and is not found then.
    """
    from psycopg.types.string import StrDumperUnknown

    class Dumper(StrDumperUnknown):
        def dump(self, obj: str) -> Any:
            return super().dump(obj.replace("\x00", "\N{REPLACEMENT CHARACTER}") if "\x00" in obj else obj)

    raw.adapters.register_dumper(str, Dumper)


def _prepare_writing(raw: Any, _record: object) -> None:
    from psycopg import IsolationLevel

    raw.isolation_level = IsolationLevel.READ_COMMITTED
    raw.read_only = False
