"""The report formats that ship with the tool: which file each makes and which class writes it.

Names and dotted strings only: the core imports no format, and ``--help`` loads none.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Format:
    """A format: the file (or ``directory``) it makes in the output directory and its reporter, as ``module:Class``."""

    filename: str
    reporter: str
    directory: bool = False


FORMATS: Final = {
    "json": Format("report.json", "reports.json_report:JsonReporter"),
    "html": Format("report.html", "reports.html.reporter:HtmlReporter"),
    "csv": Format("findings.csv", "reports.csv_report:CsvReporter"),
    "csv-controls": Format("controls.csv", "reports.csv_controls_report:ControlsCsvReporter"),
    "ndjson": Format("findings.ndjson", "reports.ndjson_report:NdjsonReporter"),
    "markdown": Format("summary.md", "reports.markdown_report:MarkdownReporter"),
    "sarif": Format("report.sarif", "reports.sarif_report:SarifReporter"),
    "junit": Format("junit.xml", "reports.junit_report:JunitReporter"),
    "ocsf": Format("findings.ocsf.json", "reports.ocsf_report:OcsfReporter"),
    "asff": Format("findings.asff.jsonl", "reports.asff_report:AsffReporter"),
    "oscal": Format("assessment-results.oscal.json", "reports.oscal_report:OscalReporter"),
    "pdf": Format("report.pdf", "reports.pdf.reporter:PdfReporter"),
    "parquet": Format("lake", "reports.parquet_report:ParquetReporter", directory=True),
}
"""By the name that ``--format`` takes."""

USUAL: Final = ("json", "html")
"""What is written where no format is named."""
