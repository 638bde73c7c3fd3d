import csv
import io
from itertools import zip_longest

import pytest

from reports.csv_report import COLUMNS, CsvReporter, cell
from tests.unit.reports import hostile

SOURCE = hostile.report()
BYTES = hostile.written(CsvReporter(), SOURCE)


def lines() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(BYTES.decode("utf-8"), newline=""), strict=True))


def test_each_finding_is_one_line_in_the_reports_order() -> None:
    read = list(csv.reader(io.StringIO(BYTES.decode("utf-8"), newline=""), strict=True))
    assert tuple(read[0]) == COLUMNS
    assert {len(row) for row in read} == {len(COLUMNS)}
    assert [row["fingerprint"] for row in lines()] == [row["fingerprint"] for row in SOURCE.findings()]


def test_a_line_says_what_the_finding_says() -> None:
    by_mark = {row["fingerprint"]: row for row in SOURCE.findings()}
    for row in lines():
        finding = by_mark[row["fingerprint"]]
        for key in ("status", "severity", "check_id", "cause", "cloud", "account", "region", "title"):
            assert row[key] == finding[key]
        assert row["csv_version"] == "1"
        assert row["function"].endswith(cell(finding["function_name"]))
        assert row["fix_command"] == cell(finding["remediation"]["command"])
        assert row["cwe"] == ("CWE-306" if finding["check_id"] == "open-url" else "")
    controls = {row["controls"] for row in lines() if row["check_id"] == "open-url"}
    assert controls == {"nist-800-53-r5:AC-3; csa-serverless-12:SAS-2"}


def test_no_cell_begins_a_formula_or_holds_a_control_character() -> None:
    cells = [value for row in lines() for value in row.values()]
    assert [value for value in cells if value.startswith(tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"))] == []
    assert [value for value in cells if not value.replace("\n", "").isprintable()] == []
    assert {row["function"][:2] for row in lines()} >= {"'=", "'+", "'-", "'@"}


@pytest.mark.parametrize(("raw", "shown"), [
    ("=1+1", "'=1+1"), ("\tx", "'\\u0009x"), ("\rx", "'\\u000dx"), ("\uff1d1", "'\uff1d1"), ("a=b", "a=b"), (None, ""),
])  # fmt: skip
def test_a_cell_that_would_be_a_formula_is_quoted(raw: str | None, shown: str) -> None:
    assert cell(raw) == shown


def test_waivers_and_first_seen_are_told() -> None:
    waived = [row for row in lines() if row["waived"] == "true"]
    assert {row["function"] for row in waived} == {f"'{hostile.ATTACKS[0]}"}
    assert {row["waived_until"] for row in waived} == {hostile.LATE}
    assert all(row["waived_reason"].startswith("accepted ]]>") and row["status"] == "FAIL" for row in waived)
    assert [row["first_seen"] for row in lines() if row["first_seen"]] == [hostile.EARLY]


def test_line_ends_and_quotes_are_those_of_the_rfc() -> None:
    records = BYTES.decode("utf-8").split('"\r\n"')
    assert len(records) == 1 + sum(1 for _ in SOURCE.findings())
    assert BYTES.endswith(b'"\r\n')
    assert all(left == right for left, right in zip_longest(COLUMNS, records[0].strip('"').split('","')))


def test_the_run_is_said_to_be_incomplete() -> None:
    assert {row["run_complete"] for row in lines()} == {"false"}
