"""Read by pyarrow and by DuckDB, two readers that nobody here wrote."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pyarrow import dataset

from auditor.cli.main import run
from auditor.errors import ExitCode, UsageError
from auditor.wording import inert_lines
from reports import parquet_report
from reports.parquet_report import FINDINGS, FUNCTIONS, ParquetReporter
from tests.unit.cli.finished import written
from tests.unit.reports import hostile

SOURCE = hostile.report()


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("lake")
    ParquetReporter().write_into(SOURCE, place)
    return place


def by_pyarrow(lake: Path, table: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = dataset.dataset(lake / table, partitioning="hive").to_table().to_pylist()
    return read


def by_duckdb(lake: Path, query: str) -> list[tuple[Any, ...]]:
    place = f"read_parquet('{lake}/findings/**/*.parquet', hive_partitioning=true, hive_types_autocast=false)"
    rows: list[tuple[Any, ...]] = duckdb.connect().execute(query.format(findings=place)).fetchall()
    return rows


def test_every_finding_and_function_is_read_back_whole(lake: Path) -> None:
    for table, rows, key in (("findings", SOURCE.findings(), "fingerprint"), ("functions", SOURCE.functions(), "id")):
        expected = {row[key]: row for row in json.loads(json.dumps(list(rows)))}
        read = {json.loads(row["row"])[key]: json.loads(row["row"]) for row in by_pyarrow(lake, table)}
        assert read == expected


def test_columns_are_those_that_are_promised(lake: Path) -> None:
    for table, columns in (("findings", FINDINGS), ("functions", FUNCTIONS)):
        names = dataset.dataset(lake / table).schema.names
        assert names == list(columns)


def test_partitions_are_day_cloud_and_account(lake: Path) -> None:
    day = SOURCE.head["started_at"][:10]
    expected = {(row["cloud"], row["account"]) for row in SOURCE.findings()}
    found = by_duckdb(lake, "SELECT DISTINCT provider, account, date FROM {findings}")
    assert {(provider, account) for provider, account, _ in found} == expected
    assert {date for _, _, date in found} == {day}
    places = {path.parent.relative_to(lake).as_posix() for path in lake.rglob("*.parquet")}
    assert {place for place in places if place.startswith("findings/")} == {
        f"findings/date={day}/provider={cloud}/account={account}" for cloud, account in expected
    }


def test_duckdb_groups_by_what_the_report_says(lake: Path) -> None:
    counted: dict[tuple[str, str], int] = {}
    for row in SOURCE.findings():
        key = row["account"], row["severity"]
        counted[key] = counted.get(key, 0) + 1
    found = by_duckdb(lake, "SELECT account_id, severity, count(*) FROM {findings} GROUP BY ALL")
    assert {(account, severity): number for account, severity, number in found} == counted


def test_waivers_scores_and_controls_are_columns(lake: Path) -> None:
    by_mark = {row["fingerprint"]: row for row in SOURCE.findings()}
    for row in by_pyarrow(lake, "findings"):
        finding = by_mark[row["fingerprint"]]
        assert row["waived"] is bool(finding["waived"])
        assert row["waived_until"] == (finding["waived"] or {}).get("expires")
        assert row["controls"] == finding["controls"]
        assert row["cwe"] == finding["cwe"]
    scores = {row["id"]: (row["score"]["low"], row["score"]["high"]) for row in SOURCE.functions()}
    assert {row["name"]: 1 for row in by_pyarrow(lake, "functions")}.keys() == {
        inert_lines(row["name"]) for row in SOURCE.functions()
    }
    read = {
        json.loads(row["row"])["id"]: (row["score_low"], row["score_high"]) for row in by_pyarrow(lake, "functions")
    }
    assert read == scores


def test_names_control_no_terminal(lake: Path) -> None:
    for row in by_pyarrow(lake, "findings"):
        texts = [value for value in row.values() if isinstance(value, str)]
        assert [text for text in texts if not text.replace("\n", "").isprintable()] == []


class Rows:
    """A report of one account with a name of the attacker's choice."""

    def __init__(self, account: str, number: int = 1) -> None:
        self.head = SOURCE.head
        self._account = account
        self._number = number

    def findings(self) -> Iterator[Mapping[str, Any]]:
        row = next(SOURCE.findings())
        for number in range(self._number):
            yield {**row, "account": f"{self._account}{number % 3}", "locus": str(number)}

    def functions(self) -> Iterator[Mapping[str, Any]]:
        return iter(())


@pytest.mark.parametrize("account", [
    "../../../etc", "..", "a/b=c", "\udc80 half", "nul\x00", "ü" * 90, "x" * 999, "{date}", "%2e", "con:", "account='",
])  # fmt: skip
def test_an_account_cannot_choose_where_it_is_written(account: str, tmp_path: Path) -> None:
    place = tmp_path / "lake"
    place.mkdir()
    ParquetReporter().write_into(Rows(account), place)  # type: ignore[arg-type]
    (file,) = (path for path in tmp_path.rglob("*") if path.is_file())
    assert file.relative_to(place).parts[0] == "findings"
    assert len(file.relative_to(place).parts) == 5
    (row,) = by_pyarrow(place, "findings")
    assert json.loads(row["row"])["account"] == f"{account}0"
    assert by_duckdb(place, "SELECT count(*) FROM {findings}") == [(1,)]


def test_memory_holds_few_rows_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_report, "HELD", 10)
    ParquetReporter().write_into(Rows("1", 95), tmp_path)  # type: ignore[arg-type]
    assert len(list(tmp_path.rglob("part-00001.parquet"))) == 3
    assert sorted(int(row["locus"]) for row in by_pyarrow(tmp_path, "findings")) == list(range(95))


def test_without_pyarrow_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "pyarrow"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(UsageError, match=r"pip install 'serverless-auditor\[lake\]'"):
        ParquetReporter()


def test_pyarrow_is_imported_for_no_other_format() -> None:
    code = "import sys; from auditor import plugins; plugins.reporter('json'); import reports.parquet_report; print('pyarrow' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


def test_a_finished_report_is_rendered_beside_the_others_and_again(tmp_path: Path) -> None:
    report = written(9, tmp_path / "from")
    into = tmp_path / "to"
    again = ["report", str(report), "-M", "parquet,csv", "-o", str(into), "--quiet"]
    assert run(again) == ExitCode.OK
    first = {path.relative_to(into): path.read_bytes() for path in into.rglob("*.parquet")}
    assert first
    assert run(["verify", str(into)]) == ExitCode.OK
    assert run(again) == ExitCode.OK
    assert {path.relative_to(into): path.read_bytes() for path in into.rglob("*.parquet")} == first
    listed = json.loads((into / "manifest.json").read_text())["files"]
    assert {path.as_posix() for path in first} <= set(listed)


def test_a_lake_of_somebody_elses_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = written(9, tmp_path / "from")
    into = tmp_path / "to"
    (into / "lake").mkdir(parents=True)
    (into / "lake" / "boats.txt").write_text("mine")
    assert run(["report", str(report), "-M", "parquet", "-o", str(into), "--quiet"]) == ExitCode.USAGE
    assert "lake was not written by this tool" in " ".join(capsys.readouterr().err.split())
    assert (into / "lake" / "boats.txt").read_text() == "mine"


def test_a_directory_does_not_go_to_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = written(9, tmp_path / "from")
    assert run(["report", str(report), "-M", "parquet", "-o", "-"]) == ExitCode.USAGE
    assert "--format parquet writes a directory" in " ".join(capsys.readouterr().err.split())
