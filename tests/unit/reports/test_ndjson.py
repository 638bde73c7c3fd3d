import json

from reports.ndjson_report import NdjsonReporter
from tests.unit.reports import hostile


def test_each_line_is_a_finding_of_the_report_and_plain_ascii() -> None:
    source = hostile.report()
    lines = hostile.written(NdjsonReporter(), source).decode("ascii").split("\n")
    assert lines.pop() == ""
    assert [json.loads(text) for text in lines] == [dict(row) for row in source.findings()]
    assert all(text.isprintable() for text in lines)


def test_waived_findings_keep_status_and_reason() -> None:
    rows = [json.loads(text) for text in hostile.written(NdjsonReporter()).splitlines()]
    waived = [row for row in rows if row["waived"]]
    assert len(waived) == 3
    assert all(row["status"] == "FAIL" and row["waived"]["reason"].startswith("accepted") for row in waived)
