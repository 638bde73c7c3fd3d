"""A local store of advisories: records by package, what is exploited, how likely the rest is to be."""

import csv
import gzip
import io
import json
import sqlite3
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self
from weakref import finalize

from auditor.code.advisories.matching import comparable
from auditor.code.advisories.versions import ECOSYSTEMS
from auditor.errors import StorageError, UsageError
from auditor.input_faults import shown, syntax

FILE: Final = "advisories.sqlite"
_TABLES: Final = """
CREATE TABLE IF NOT EXISTS record (id TEXT, source TEXT, body BLOB, PRIMARY KEY (id, source)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS package (ecosystem TEXT, name TEXT, id TEXT, source TEXT,
  PRIMARY KEY (ecosystem, name, id, source)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS exploited (cve TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS likelihood (cve TEXT PRIMARY KEY, epss REAL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS fetched (source TEXT PRIMARY KEY, at TEXT, etag TEXT) WITHOUT ROWID;
"""
_SCHEMA: Final = 1
_UNASSIGNED: Final = "MAL-0000-"
KEV, EPSS = "KEV", "EPSS"


class AdvisoryStore:
    """Advisories in SQLite. ``ecosystems`` are those whose records are held, each with when they were fetched."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._exploited: set[str] | None = None
        finalize(self, connection.close)  # whoever lets go of a store, by an error too, leaves no open database
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, _SCHEMA):
            raise UsageError("The advisory store is of another version: 'auditor advisories update' makes a new one.")
        connection.executescript(_TABLES)
        connection.execute(f"PRAGMA user_version = {_SCHEMA}")

    @classmethod
    def open(cls, directory: Path) -> Self:
        """The store in a directory, made where there is none. Raises StorageError where that cannot be."""
        try:
            directory.mkdir(parents=True, exist_ok=True)
            return cls(sqlite3.connect(directory / FILE, check_same_thread=False))
        except (OSError, sqlite3.Error) as refused:
            raise StorageError(f"The advisory store {directory / FILE} cannot be opened: {refused}.") from refused

    @classmethod
    def of_dumps(cls, directory: Path) -> Self:
        """A store of what lies in a directory: its own file, else OSV dumps and feeds that were carried there.

        Raises UsageError where there is neither.
        """
        if (directory / FILE).is_file():
            return cls.open(directory)
        store = cls(sqlite3.connect(":memory:", check_same_thread=False))
        for source, at, records in _dumps(directory):
            try:
                store.replace(source, records, at)
            except (zipfile.BadZipFile, zlib.error, ValueError, AttributeError, EOFError, OSError) as damaged:
                raise UsageError(
                    f"{directory / source / 'all.zip'} holds no OSV records: it is no whole zip of JSON files."
                ) from damaged
        for path in sorted(directory.glob("known_exploited_vulnerabilities*.json")):
            _taken(path, store.replace_exploited)
        for path in sorted(directory.glob("epss_scores-*.csv*")):
            _taken(path, store.replace_likelihood)
        if not store.fetched():
            raise UsageError(
                f"{directory} holds no advisories: neither {FILE} nor OSV dumps (ECOSYSTEM/all.zip, *.json,"
                " *.jsonl.gz)."
            )
        return store

    def fetched(self) -> Mapping[str, str]:
        """When each ecosystem's records, KEV and EPSS were fetched, RFC 3339 UTC."""
        return dict(self._connection.execute("SELECT source, at FROM fetched ORDER BY source"))

    def etag(self, source: str) -> str:
        """By what the server knows what was fetched; "" where nothing was."""
        row = self._connection.execute("SELECT etag FROM fetched WHERE source = ?", (source,)).fetchone()
        return row[0] if row else ""

    def checked(self, source: str, at: str) -> None:
        """Notes that what is held is still what is published."""
        with self._connection as writing:
            writing.execute("UPDATE fetched SET at = ? WHERE source = ?", (at, source))

    def replace(self, source: str, records: Iterable[Mapping[str, Any]], at: str, etag: str = "") -> int:
        """Takes a source's records in place of those held, whole or not at all; how many there are."""
        count = 0
        with self._connection as writing:
            writing.execute("DELETE FROM record WHERE source = ?", (source,))
            writing.execute("DELETE FROM package WHERE source = ?", (source,))
            for record in records:
                identity = record.get("id")
                if not isinstance(identity, str) or identity.startswith(_UNASSIGNED) or record.get("withdrawn"):
                    continue
                body = zlib.compress(json.dumps(_kept(record), separators=(",", ":")).encode(), 1)
                writing.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", (identity, source, body))
                for package in _packages(record):
                    writing.execute("INSERT OR IGNORE INTO package VALUES (?, ?, ?, ?)", (*package, identity, source))
                count += 1
            self._note(writing, source, at, etag)
        return count

    def replace_exploited(self, catalog: bytes, at: str, etag: str = "") -> int:
        """Takes CISA's catalogue of exploited vulnerabilities. Raises ValueError where it is none."""
        rows = json.loads(catalog)["vulnerabilities"]
        with self._connection as writing:
            self._exploited = None
            writing.execute("DELETE FROM exploited")
            writing.executemany("INSERT OR IGNORE INTO exploited VALUES (?)", [(str(row["cveID"]),) for row in rows])
            self._note(writing, KEV, at, etag)
        return len(rows)

    def replace_likelihood(self, table: bytes, at: str, etag: str = "") -> int:
        """Takes FIRST's table of EPSS scores, compressed or not. Raises ValueError where it is none."""
        text = (gzip.decompress(table) if table.startswith(b"\x1f\x8b") else table).decode()
        lines = (line for line in text.splitlines() if not line.startswith("#"))
        table_rows = csv.DictReader(lines)
        if not {"cve", "epss"} <= set(table_rows.fieldnames or ()):
            raise ValueError("it has no columns cve and epss")
        rows = [(row["cve"], float(row["epss"])) for row in table_rows]
        with self._connection as writing:
            writing.execute("DELETE FROM likelihood")
            writing.executemany("INSERT OR REPLACE INTO likelihood VALUES (?, ?)", rows)
            self._note(writing, EPSS, at, etag)
        return len(rows)

    @staticmethod
    def _note(writing: sqlite3.Connection, source: str, at: str, etag: str) -> None:
        writing.execute("INSERT OR REPLACE INTO fetched VALUES (?, ?, ?)", (source, at, etag))

    def covers(self, ecosystem: str) -> bool:
        """Whether the records of an ecosystem are held: nothing found says nothing where they are not."""
        return bool(self._connection.execute("SELECT 1 FROM fetched WHERE source = ?", (ecosystem,)).fetchone())

    def about(self, ecosystem: str, name: str) -> Iterator[Mapping[str, Any]]:
        """The records about a package."""
        query = (
            "SELECT DISTINCT record.id, record.body FROM package JOIN record USING (id, source)"
            " WHERE ecosystem = ? AND name = ? ORDER BY record.id"
        )
        seen = set()
        for identity, body in self._connection.execute(query, (ecosystem, comparable(ecosystem, name))).fetchall():
            if identity not in seen:
                seen.add(identity)
                yield json.loads(zlib.decompress(body))

    def exploited(self, names: Iterable[str]) -> bool:
        """Whether any of these CVE numbers is exploited by CISA's word."""
        if self._exploited is None:
            self._exploited = {row[0] for row in self._connection.execute("SELECT cve FROM exploited")}
        return not self._exploited.isdisjoint(names)

    def epss(self, names: Iterable[str]) -> float | None:
        """The highest EPSS of these CVE numbers; None where none has one."""
        scores = [score for name in names if (score := self._one("SELECT epss FROM likelihood WHERE cve = ?", name))]
        return max(scores, default=None)

    def _one(self, query: str, name: str) -> Any:
        row = self._connection.execute(query, (name,)).fetchone()
        return row[0] if row else None

    def close(self) -> None:
        """Ends it."""
        self._connection.close()


_KEPT: Final = ("id", "aliases", "summary", "details", "severity", "affected", "database_specific")


def _kept(record: Mapping[str, Any]) -> dict[str, Any]:
    """What is needed of a record; its details only as far as they stand in for a summary."""
    kept = {key: record[key] for key in _KEPT if key in record}
    if "details" in kept:
        kept["details"] = "" if record.get("summary") else str(kept["details"])[:300]
    return kept


def _packages(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for entry in record.get("affected") or ():
        package = entry.get("package") if isinstance(entry, Mapping) else None
        if isinstance(package, Mapping):
            ecosystem = str(package.get("ecosystem", "")).partition(":")[0]
            yield ecosystem, comparable(ecosystem, str(package.get("name", "")))


def records_of_zip(path: Path) -> Iterator[Mapping[str, Any]]:
    """The records of a dump: a JSON file each. Raises zipfile.BadZipFile or ValueError where it is damaged."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".json"):
                yield json.loads(archive.read(name))


def _dumps(directory: Path) -> Iterator[tuple[str, str, Iterable[Mapping[str, Any]]]]:
    """The dumps of a directory by ecosystem, and single records, which are put with the ecosystems they are about."""
    for path in sorted(directory.glob("*/all.zip")):
        yield path.parent.name, _day_of(path), records_of_zip(path)
    singles: dict[str, list[Mapping[str, Any]]] = {}
    newest = ""
    for path in sorted({*directory.glob("*.json"), *directory.glob("*.jsonl"), *directory.glob("*.jsonl.gz")}):
        if path.name.startswith("known_exploited"):
            continue
        newest = max(newest, _day_of(path))
        for record in _records(path):
            for ecosystem in {ecosystem for ecosystem, _ in _packages(record)} & set(ECOSYSTEMS):
                singles.setdefault(ecosystem, []).append(record)
    for ecosystem, records in singles.items():
        yield ecosystem, newest, records


def _records(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        with closing(io.StringIO(raw.decode())) as text:
            lines = (json.loads(line) for line in text if line.strip())
            for record in (json.load(text),) if path.suffix == ".json" else lines:
                if not isinstance(record, dict):
                    raise UsageError(f"{path} holds no OSV records: one of them must be a table, not {shown(record)}.")
                yield record
    except OSError as unreadable:
        raise UsageError(f"{path} cannot be read: {unreadable.strerror or 'it is not gzip'}.") from unreadable
    except EOFError as cut:
        raise UsageError(f"{path} cannot be read: it is cut off.") from cut
    except (ValueError, RecursionError) as wrong:
        raise UsageError(f"{path} holds no OSV records: it {syntax('JSON', wrong)}.") from wrong


def _taken(path: Path, take: Callable[[bytes, str], int]) -> None:
    """Takes a feed that was carried here. Raises UsageError for a file that is none."""
    try:
        take(path.read_bytes(), _day_of(path))
    except OSError as unreadable:
        raise UsageError(f"{path} cannot be read: {unreadable.strerror or 'it is not gzip'}.") from unreadable
    except (ValueError, KeyError, TypeError, EOFError, RecursionError, csv.Error) as damaged:
        raise UsageError(f"{path} is not the feed that its name says.") from damaged


def _day_of(path: Path) -> str:

    return datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
