import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from auditor import plugins
from auditor.cli.main import root
from auditor.engine.report_reader import DocumentReport, read_report
from auditor.formats import FORMATS, USUAL
from tests.unit.reports import hostile
from tests.unit.reports.printing import formats
from tests.unit.reports.test_pdf import page

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", formats(FORMATS))
def test_a_format_is_what_the_table_says(name: str) -> None:
    made = plugins.reporter(name)
    assert (made.format, made.filename) == (name, FORMATS[name].filename)


def test_every_format_makes_a_file_of_its_own() -> None:
    assert len({form.filename for form in FORMATS.values()}) == len(FORMATS)
    assert set(USUAL) <= set(FORMATS)


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_in_the_help_and_in_the_documents(name: str) -> None:
    help_text = CliRunner().invoke(root, ["scan", "--help"]).output
    assert name in help_text
    row = f"| `{name}` | `{FORMATS[name].filename}` |"
    documented = row in (ROOT / "docs" / "formats.md").read_text("utf-8")
    assert documented, f"add a row to docs/formats.md that begins with {row}"


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("html", "pdf", "parquet", "csv-controls")])
def test_a_format_says_in_every_file_that_findings_are_waived(name: str) -> None:
    assert b"accepted" in hostile.written(plugins.reporter(name), hostile.report())


ADDED = (
    "summary",
    "plan",
    "worst",
    "waivers",
    "partial_verdicts",
    "causes",
    "baseline",
    "new",
    "resolved",
    "gone",
    "carried",
)
IN_FINDINGS = ("cause", "first_seen", "cwe", "owner", "tags", "function_name", "region")


@pytest.mark.parametrize("name", formats(FORMATS))
def test_a_report_of_before_there_were_these_keys_is_rendered_too(name: str, tmp_path: Path) -> None:
    document = json.loads(hostile.written(plugins.reporter("json"), hostile.report()))
    for key in ADDED:
        del document[key]
    for row in document["findings"]:
        for key in IN_FINDINGS:
            del row[key]
    (tmp_path / "report.json").write_text(json.dumps(document))
    assert hostile.written(plugins.reporter(name), read_report(tmp_path / "report.json"))


@pytest.mark.parametrize("started", ["", "2026-11-28T01:00:00Z"])
def test_the_first_run_of_a_history_is_since_nothing(started: str) -> None:
    document = json.loads(hostile.written(plugins.reporter("json"), hostile.report()))
    known = {"started_at": started, "depth": "standard", "tool_version": "1.0"}
    document |= {"baseline": known, "new": [row["fingerprint"] for row in document["findings"]]}
    document |= {key: [] for key in ("resolved", "gone", "not_examined_again", "carried", "closed")}
    source = DocumentReport(document)
    written = {name: hostile.written(plugins.reporter(name), source).decode() for name in ("markdown", "html")}
    written["pdf"] = page(source)
    first = {name for name, text in written.items() if "First run in this history: the next one is compared" in text}
    since = {name for name, text in written.items() if re.search(r"Since .*28", text)}
    assert (first, since) == ((set(written), set()) if not started else (set(), set(written)))
