"""``report.pdf``: the report as a document for people who file it, tagged and with bookmarks."""

import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

from auditor.reporter import Report
from reports.html.summary import run_id
from reports.pdf.metadata import dated
from reports.pdf.page import render
from reports.pdf.printers import installed


class PdfReporter:
    """Implements :class:`auditor.reporter.Reporter`. Raises UsageError where nothing is installed that prints."""

    format = "pdf"
    filename = "report.pdf"

    def __init__(self) -> None:
        self._printer = installed()

    def write(self, report: Report, stream: BinaryIO) -> None:
        """Prints the report. Raises FormatError where the printer does not."""
        head = report.head
        with tempfile.TemporaryDirectory(prefix="auditor-pdf-") as private:
            page, printed = Path(private, "report.html"), Path(private, "report.pdf")
            with page.open("w", encoding="utf-8") as written:
                written.writelines(render(report, self._printer.name))
            self._printer.print(page, printed, run_id(head))
            dated(printed, head["finished_at"])
            with printed.open("rb") as whole:
                shutil.copyfileobj(whole, stream)
