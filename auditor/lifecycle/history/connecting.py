"""Opens a history: an SQLite file, or a PostgreSQL database by its URL."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

from auditor.errors import StorageError, UsageError
from auditor.lifecycle.history.tables import MIGRATIONS, VERSION

_URLS: Final = ("postgresql://", "postgres://")
_WAIT: Final = 60
"""Seconds to wait for another run that is writing."""


class Database(Protocol):
    """A connection within one transaction. Placeholders are question marks."""

    def ask(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Runs one statement; the rows it answers."""


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def ask(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        return self._connection.execute(query, values).fetchall()


class _Postgres:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def ask(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        cursor = self._connection.execute(query.replace("?", "%s"), values)
        return cursor.fetchall() if cursor.description else []


def is_url(place: str) -> bool:
    """Whether a history is meant that a server keeps."""
    return place.startswith(_URLS)


@contextmanager
def writing(place: str) -> Iterator[Database]:
    """The history, made or brought up to date where needed, for one transaction that no other run takes part in.

    Raises StorageError for one that cannot be written, UsageError for what is no history.
    """
    with _opened(place, write=True) as database:
        _migrate(database, place)
        yield database


@contextmanager
def reading(place: str) -> Iterator[Database]:
    """The history as it is. Raises UsageError where there is none."""
    if not is_url(place) and "://" not in place and not Path(place).exists():
        raise UsageError(f"There is no history at {place}: 'auditor scan --history {place}' begins one.")
    with _opened(place, write=False) as database:
        version = _version(database, place)
        if version == 0:
            raise UsageError(f"{place} is not a history: it is the database of another program.")
        if version != VERSION:
            raise UsageError(f"{place} is not a history of this version: a scan with --history {place} brings it up.")
        yield database


def _opened(place: str, *, write: bool) -> Any:
    if not is_url(place) and "://" in place:
        raise UsageError(f"--history takes a file or postgresql://…, not {place.partition(':')[0]}://….")
    if not is_url(place) and Path(place).is_dir():
        raise UsageError(f"{place} is a directory: name a file for the history.")
    return _postgres(place) if is_url(place) else _sqlite(place, write=write)


@contextmanager
def _sqlite(place: str, *, write: bool) -> Iterator[Database]:
    try:
        with closing(_connected(place, write=write)) as connection:
            connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
            try:
                yield _Sqlite(connection)
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
    except sqlite3.DatabaseError as refused:
        raise _refusal(place, refused) from refused
    except OSError as refused:
        raise StorageError(f"{place} cannot be written: {refused.strerror or refused}.") from refused


def _connected(place: str, *, write: bool) -> sqlite3.Connection:
    if not write:  # whoever may only read the file may read the history
        address = f"{Path(place).resolve().as_uri()}?mode=ro"
        return sqlite3.connect(address, timeout=_WAIT, isolation_level=None, uri=True)
    Path(place).parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(place, timeout=_WAIT, isolation_level=None)
    for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {setting}")
    return connection


def _refusal(place: str, refused: sqlite3.DatabaseError) -> Exception:
    said = str(refused)
    if "not a database" in said:
        return UsageError(f"{place} is not a history: it is no SQLite file. Name another with --history.")
    if "locked" in said:
        return StorageError(f"{place} is in use by another run for more than {_WAIT} seconds: try again later.")
    return StorageError(f"{place} cannot be used ({said}): see to the disk or its permissions.")


@contextmanager
def _postgres(place: str) -> Iterator[Database]:
    try:
        import psycopg  # noqa: PLC0415 - an extra
    except ImportError as missing:
        raise UsageError("A history in PostgreSQL needs: pip install 'serverless-auditor[postgres]'.") from missing
    try:
        with psycopg.connect(place, connect_timeout=_WAIT) as connection:
            connection.execute("SELECT pg_advisory_xact_lock(hashtext('serverless-auditor history'))")
            yield _Postgres(connection)
    except psycopg.Error as refused:
        said = " ".join(str(refused).split())
        raise StorageError(f"The history in PostgreSQL cannot be used: {said}.") from refused


_HAS_TABLES: Final = "SELECT 1 FROM sqlite_master WHERE name = 'auditor_history'"
_HAS_TABLES_POSTGRES: Final = (
    "SELECT 1 FROM information_schema.tables WHERE table_name = 'auditor_history' AND table_schema = current_schema()"
)


def _version(database: Database, place: str) -> int:
    """The version of the tables; 0 where there is none yet."""
    query = _HAS_TABLES_POSTGRES if is_url(place) else _HAS_TABLES
    if not database.ask(query):
        return 0
    ((version,),) = database.ask("SELECT version FROM auditor_history")
    return int(version)


def _migrate(database: Database, place: str) -> None:
    version = _version(database, place)
    if version > VERSION:
        raise UsageError(f"{place} was written by a newer version of auditor (tables {version}, here {VERSION}).")
    if version == 0:
        if not is_url(place) and database.ask("SELECT 1 FROM sqlite_master LIMIT 1"):
            raise UsageError(f"{place} is the database of another program: name another file with --history.")
        database.ask("CREATE TABLE auditor_history (version INTEGER NOT NULL)")
        database.ask("INSERT INTO auditor_history VALUES (?)", (0,))
    for number, step in enumerate(MIGRATIONS[version:], version + 1):
        for statement in step:
            database.ask(statement)
        database.ask("UPDATE auditor_history SET version = ?", (number,))
