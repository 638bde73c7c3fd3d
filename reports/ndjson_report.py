"""``findings.ndjson``: one finding a line, each the same object as in ``findings`` of report.json."""

from typing import BinaryIO

from auditor.model.json_text import ascii_json
from auditor.reporter import Report


class NdjsonReporter:
    """Implements :class:`auditor.reporter.Reporter`."""

    format = "ndjson"
    filename = "findings.ndjson"

    def write(self, report: Report, stream: BinaryIO) -> None:
        stream.writelines(f"{ascii_json(row)}\n".encode("ascii") for row in report.findings())
