"""``lake/``: findings and functions as Parquet, in Hive partitions that data lakes read and prune by.

``lake/<findings|functions>/date=<day>/provider=<cloud>/account=<id>/part-00000.parquet``. The column ``row`` holds the
whole row of report.json as JSON; the others are what queries filter and group by.
"""

# ruff: noqa: PLC0415 - pyarrow is heavy, and imported only for a run that asks for this format

from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from auditor.errors import UsageError
from auditor.model.json_text import ascii_json
from auditor.reporter import Report, Row
from auditor.wording import inert_lines

if TYPE_CHECKING:
    import pyarrow as pa

VERSION: Final = "1"
"""Of the columns. Within a version columns are only added, at the end."""

HELD: Final = 10_000
"""Rows in memory at most: beyond it the fullest partition is written out."""

_LONGEST: Final = 200
"""Characters of an account's name in a directory's name; file systems take 255 bytes of one with its key."""

_TEXT, _FLAG, _NUMBER, _SCORE, _TEXTS = "string", "bool", "int32", "float64", "list"

FINDINGS: Final = {
    "parquet_version": _TEXT,
    "fingerprint": _TEXT,
    "status": _TEXT,
    "severity": _TEXT,
    "confidence": _TEXT,
    "risk": _TEXT,
    "check_id": _TEXT,
    "title": _TEXT,
    "message": _TEXT,
    "cause": _TEXT,
    "waived": _FLAG,
    "waived_until": _TEXT,
    "waived_reason": _TEXT,
    "first_seen": _TEXT,
    "function_name": _TEXT,
    "function_id": _TEXT,
    "cloud": _TEXT,
    "account_id": _TEXT,
    "region": _TEXT,
    "owner": _TEXT,
    "subject_id": _TEXT,
    "resource_id": _TEXT,
    "locus": _TEXT,
    "cwe": _NUMBER,
    "controls": _TEXTS,
    "fix": _TEXT,
    "fix_command": _TEXT,
    "started_at": _TEXT,
    "run_complete": _FLAG,
    "row": _TEXT,
}
FUNCTIONS: Final = {
    "parquet_version": _TEXT,
    "id": _TEXT,
    "name": _TEXT,
    "kind": _TEXT,
    "cloud": _TEXT,
    "account_id": _TEXT,
    "region": _TEXT,
    "runtime": _TEXT,
    "owner": _TEXT,
    "identity_id": _TEXT,
    "worst_reach": _TEXT,
    "score_low": _SCORE,
    "score_high": _SCORE,
    "grade": _TEXT,
    "started_at": _TEXT,
    "run_complete": _FLAG,
    "row": _TEXT,
}


class ParquetReporter:
    """Implements :class:`auditor.reporter.DirectoryReporter`. Raises UsageError where pyarrow is not installed."""

    format = "parquet"
    filename = "lake"

    def __init__(self) -> None:
        try:
            import pyarrow.parquet  # noqa: F401 - told before anything is read
        except ImportError as missing:
            raise UsageError(
                f"--format parquet needs the Python package {missing.name or 'pyarrow'}, which cannot be imported: "
                "pip install 'serverless-auditor[lake]'."
            ) from missing

    def write_into(self, report: Report, directory: Path) -> None:
        """Writes a partition for each account that has a row, streaming."""
        head = report.head
        told = {
            "parquet_version": VERSION,
            "started_at": head["started_at"],
            "run_complete": bool(head["run"]["complete"]),
        }
        day = str(head["started_at"])[:10]
        for name, columns, rows, values in (
            ("findings", FINDINGS, report.findings(), _finding),
            ("functions", FUNCTIONS, report.functions(), _function),
        ):
            table = _Table(directory / name / f"date={_segment(day)}", columns)
            table.write({**told, **values(row)} for row in rows)


class _Table:
    """Rows on their way into the partitions of one table."""

    def __init__(self, place: Path, columns: Mapping[str, str]) -> None:
        self._place = place
        self._schema = _schema(columns)
        self._held: dict[tuple[str, str], list[Row]] = {}
        self._parts: dict[tuple[str, str], int] = {}

    def write(self, rows: Iterable[Row]) -> None:
        """Writes them all, each partition's in the order in which they come."""
        held = 0
        for row in rows:
            self._held.setdefault((str(row["cloud"]), str(row["account_id"])), []).append(row)
            held += 1
            if held >= HELD:
                fullest = max(self._held, key=lambda key: (len(self._held[key]), key))
                held -= len(self._held[fullest])
                self._flush(fullest)
        for key in sorted(self._held):
            self._flush(key)

    def _flush(self, key: tuple[str, str]) -> None:
        import pyarrow as pa
        from pyarrow import parquet

        rows = self._held.pop(key)
        part = self._parts[key] = self._parts.get(key, -1) + 1
        cloud, account = key
        place = self._place / f"provider={_segment(cloud)}" / f"account={_segment(account)}"
        place.mkdir(parents=True, exist_ok=True)
        columns = [
            pa.array([row.get(field.name) for row in rows], field.type, from_pandas=False) for field in self._schema
        ]
        parquet.write_table(
            pa.Table.from_arrays(columns, schema=self._schema),
            place / f"part-{part:05}.parquet",
            compression="zstd",
            store_schema=False,
        )


def _schema(columns: Mapping[str, str]) -> "pa.Schema":
    import pyarrow as pa

    types: dict[str, Callable[[], pa.DataType]] = {
        _TEXT: pa.string,
        _FLAG: pa.bool_,
        _NUMBER: pa.int32,
        _SCORE: pa.float64,
        _TEXTS: lambda: pa.list_(pa.string()),
    }
    return pa.schema([pa.field(name, types[kind]()) for name, kind in columns.items()])


def _segment(value: str) -> str:
    """A value as the name of a Hive partition: percent-encoded, and a digest where it is too long for a name."""
    name = quote(value, safe="", errors="surrogatepass")
    return name if len(name) <= _LONGEST else sha256(name.encode()).hexdigest()


def _text(value: object) -> str | None:
    """Text that Parquet, which is UTF-8, can hold, and a terminal can show."""
    return None if value is None else inert_lines(str(value))


def _finding(row: Row) -> Row:
    waived, fix = row["waived"] or {}, row["remediation"]
    named = (
        *("fingerprint", "status", "severity", "confidence", "risk", "check_id", "title", "message", "cause"),
        *("first_seen", "function_name", "function_id", "cloud", "region", "owner", "subject_id", "resource_id"),
        "locus",
    )
    return {
        **{name: _text(row.get(name)) for name in named},
        "account_id": _text(row["account"]),
        "waived": bool(waived),
        "waived_until": _text(waived.get("expires")),
        "waived_reason": _text(waived.get("reason")),
        "cwe": row.get("cwe"),
        "controls": list(_texts(row.get("controls") or ())),
        "fix": _text(fix["text"]),
        "fix_command": _text(fix["command"]),
        "row": ascii_json(row),
    }


def _function(row: Row) -> Row:
    score = row.get("score") or {}
    return {
        **{name: _text(row.get(name)) for name in ("id", "name", "kind", "cloud", "owner")},
        "account_id": _text(str(row["scope"]).partition("/")[2]),
        "region": _text(row.get("location")),
        "runtime": _text(row.get("runtime")),
        "identity_id": _text((row.get("identity") or {}).get("id")),
        "worst_reach": _text((row.get("invoke_reach") or {}).get("worst")),
        "score_low": score.get("low"),
        "score_high": score.get("high"),
        "grade": _text(score.get("grade")),
        "row": ascii_json(row),
    }


def _texts(values: Iterable[Any]) -> Iterator[str | None]:
    return (_text(value) for value in values)
