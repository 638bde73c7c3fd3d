"""``controls.csv``: one control of a framework a line, RFC 4180, those that were not assessed too."""

import csv
from collections import Counter
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

from auditor.model.finding import Status
from auditor.reporter import Report
from reports.csv_report import Utf8, cell, yes

Row = Mapping[str, Any]

VERSION: Final = "1"
"""Of the columns. Within a version columns are only added, at the end."""

COLUMNS: Final = (
    "csv_version",
    "framework",
    "framework_version",
    "control",
    "title",
    "status",
    "reason",
    "limit",
    "wanted",
    "clouds",
    "strength",
    "checks",
    "verdicts",
    "failed",
    "unknown",
    "passed",
    "not_applicable",
    "not_examined",
    "findings",
    "waived",
    "waived_until",
    "waived_reason",
    "controls_listed",
    "controls_total",
    "finished_at",
    "run_complete",
)

_STRENGTHS: Final = ("full", "partial", "supporting")
_NONE: Final = "none"
_COUNTED: Final = {
    "failed": (Status.FAIL,),
    "unknown": (Status.UNKNOWN, Status.ERROR),
    "passed": (Status.PASS,),
    "not_applicable": (Status.NOT_APPLICABLE,),
    "not_examined": (Status.NOT_EXAMINED,),
}
"""The statuses of verdicts that a column counts."""


class ControlsCsvReporter:
    """Implements :class:`auditor.reporter.Reporter`. A report without frameworks has the names of the columns only."""

    format = "csv-controls"
    filename = "controls.csv"

    def write(self, report: Report, stream: BinaryIO) -> None:
        writer = csv.writer(Utf8(stream), quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        head = report.head
        run = {"finished_at": head["finished_at"], "run_complete": yes(head["run"]["complete"])}
        for framework in head.get("frameworks") or ():
            for control in framework["controls"]:
                values = {**_of_framework(framework), **_values(control), **run}
                writer.writerow([cell(values[column]) for column in COLUMNS])


def _of_framework(framework: Row) -> dict[str, str | None]:
    total = framework.get("controls_total")
    return {
        "csv_version": VERSION,
        "framework": framework["id"],
        "framework_version": framework["version"],
        "controls_listed": str(len(framework["controls"])),
        "controls_total": None if total is None else str(total),
    }


def _values(control: Row) -> dict[str, str | None]:
    evidence, waived = control["evidence"], control["waived"]
    verdicts: Counter[str] = Counter()
    for row in evidence:
        verdicts.update(row["verdicts"])
    checks = {row["check_id"]: row["strength"] for row in evidence}
    strengths = [each for each in _STRENGTHS if each in checks.values()]
    return {
        **{name: control[name] for name in ("title", "status", "reason", "limit", "wanted")},
        "control": control["id"],
        "clouds": "; ".join(f"{cloud}: {row['status']}" for cloud, row in sorted(control["clouds"].items())),
        "strength": strengths[0] if strengths else _NONE,
        "checks": "; ".join(f"{check} ({strength})" for check, strength in sorted(checks.items())),
        "verdicts": str(verdicts.total()),
        **{name: str(sum(verdicts[each] for each in statuses)) for name, statuses in _COUNTED.items()},
        "findings": str(len(control["findings"])),
        "waived": str(len(waived)),
        "waived_until": min((row["expires"] for row in waived), default=None),
        "waived_reason": "; ".join(dict.fromkeys(row["reason"] for row in waived)),
    }
