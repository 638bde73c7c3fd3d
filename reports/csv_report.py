"""``findings.csv``: one finding a line, RFC 4180, for spreadsheets and for programs that read columns by name."""

import csv
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from auditor.reporter import Report
from auditor.wording import inert

VERSION: Final = "1"
"""Of the columns. Within a version columns are only added, at the end."""

COLUMNS: Final = (
    "csv_version",
    "fingerprint",
    "status",
    "severity",
    "confidence",
    "risk",
    "check_id",
    "title",
    "message",
    "cause",
    "waived",
    "waived_until",
    "waived_reason",
    "first_seen",
    "function",
    "function_id",
    "cloud",
    "account",
    "region",
    "owner",
    "tags",
    "cwe",
    "controls",
    "resource_id",
    "locus",
    "fix",
    "fix_command",
    "run_complete",
)

_FORMULA: Final = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What begins a formula, or makes a spreadsheet look for one behind it; the wide signs are read as the narrow ones."""


class CsvReporter:
    """Implements :class:`auditor.reporter.Reporter`."""

    format = "csv"
    filename = "findings.csv"

    def write(self, report: Report, stream: BinaryIO) -> None:
        writer = csv.writer(Utf8(stream), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        complete = yes(report.head["run"]["complete"])
        for row in report.findings():
            values = {**_values(row), "run_complete": complete}
            writer.writerow([cell(values[column]) for column in COLUMNS])


class Utf8:
    """What a csv writer writes to."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        self._stream.write(text.encode())


def cell(value: str | None) -> str:
    """A cell that no spreadsheet takes for a formula: a name from the cloud may begin as one."""
    text = value or ""
    return f"'{inert(text)}" if text.startswith(_FORMULA) else inert(text)


def _values(row: Mapping[str, Any]) -> dict[str, str | None]:
    waived, fix = row["waived"] or {}, row["remediation"]
    same = ("fingerprint", "status", "severity", "confidence", "risk", "check_id", "title", "message", "resource_id")
    cwe = row.get("cwe")
    return {
        **{name: row[name] for name in (*same, "cloud", "account", "function_id", "locus")},
        **{name: row.get(name) for name in ("cause", "first_seen", "region", "owner")},
        "csv_version": VERSION,
        "waived": yes(bool(waived)),
        "waived_until": waived.get("expires"),
        "waived_reason": waived.get("reason"),
        "function": row.get("function_name"),
        "tags": "; ".join(f"{key}={value}" for key, value in sorted(row.get("tags", {}).items())),
        "cwe": f"CWE-{cwe}" if cwe else None,
        "controls": "; ".join(row["controls"]),
        "fix": fix["text"],
        "fix_command": fix["command"],
    }


def yes(fact: bool) -> str:
    """A fact as a cell."""
    return "true" if fact else "false"
