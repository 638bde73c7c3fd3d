"""The `html` format: adapts the renderer to the reporter contract."""

from typing import BinaryIO

from auditor.reporter import Report
from reports.html.page import render


class HtmlReporter:
    """Writes `report.html`: one file that works offline."""

    format = "html"
    filename = "report.html"

    def write(self, report: Report, stream: BinaryIO) -> None:
        """Write the page as UTF-8, piece by piece."""
        rows = (report.functions(), report.findings(), report.verdicts(), report.causes(), report.paths())
        pieces = render(report.head, *rows)
        stream.writelines(piece.encode("utf-8") for piece in pieces)
