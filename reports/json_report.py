"""``report.json``: everything the other reports show, streamed row by row."""

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from auditor.model.json_text import ascii_json
from auditor.reporter import Report

_ORDER = (
    "schema_version",
    "tool",
    "started_at",
    "finished_at",
    "data_as_of",
    "run",
    "scopes",
    "coverage",
    "summary",
    "score",
    "totals",
    "graph",
    "plan",
    "worst",
    "accounts",
    "shared_defects",
    "spend",
    "waivers",
)

_WHERE_ASKED = (
    *("baseline", "new", "resolved", "gone", "not_examined_again", "carried", "closed", "history"),
    "frameworks",
)
"""Where an earlier run was compared, and where frameworks were asked for."""


class JsonReporter:
    """Implements :class:`auditor.reporter.Reporter`."""

    format = "json"
    filename = "report.json"

    def write(self, report: Report, stream: BinaryIO) -> None:
        head = report.head
        stream.write(b"{\n")
        for key in _ORDER:
            if key in head:  # a report of before there was this key has none
                _member(stream, key, head[key])
        _array(stream, "functions", report.functions())
        _array(stream, "paths", report.paths())
        _object(stream, "verdicts", report.verdicts())
        _array(stream, "causes", report.causes())
        _array(stream, "findings", report.findings())
        for key in _WHERE_ASKED:
            if key in head:
                _member(stream, key, head[key])
        _member(stream, "unknowns", head["unknowns"])
        _member(stream, "partial_verdicts", head.get("partial_verdicts", {}))
        _member(stream, "checks", head["checks"], last=True)
        stream.write(b"}\n")


def _member(stream: BinaryIO, key: str, value: Any, *, last: bool = False) -> None:
    stream.write(f'"{key}": {ascii_json(value)}{"" if last else ","}\n'.encode("ascii"))


def _array(stream: BinaryIO, key: str, rows: Iterable[Mapping[str, Any]]) -> None:
    stream.write(f'"{key}": ['.encode("ascii"))
    separator = "\n"
    for row in rows:
        stream.write(f"{separator}{ascii_json(row)}".encode("ascii"))
        separator = ",\n"
    stream.write(b"\n],\n")


def _object(stream: BinaryIO, key: str, members: Iterable[tuple[str, Mapping[str, str]]]) -> None:
    stream.write(f'"{key}": {{'.encode("ascii"))
    separator = "\n"
    for name, value in members:
        stream.write(f"{separator}{ascii_json(name)}: {ascii_json(value)}".encode("ascii"))
        separator = ",\n"
    stream.write(b"\n},\n")
