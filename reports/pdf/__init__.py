"""The PDF report: a page without scripts, printed by an installed Chromium or by WeasyPrint."""

from reports.pdf.reporter import PdfReporter

__all__ = ["PdfReporter"]
