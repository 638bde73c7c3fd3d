"""``auditor checks test`` on the demo: the verdicts of a check of one's own."""

import json
from pathlib import Path

import pytest

from auditor.cli.main import run

CHECK = '''"""Flags functions by their names."""
from auditor.check import Evidence, Fix, Hit, NotApplicable, Risk, check
from auditor.model.ids import Cloud
from auditor.model.observed import Gap, GapReason, Unanswered
from auditor.model.severity import Severity

FIX = Fix(text="Rename {name}.", command="rename {name}", no_terraform="none")

@check(id="by-name", title="Named badly", risk=Risk.EXPOSURE, severity=Severity.LOW, fix={Cloud.GCP: FIX})
def by_name(function, context):
    """Because."""
    if function.name == "orders":
        yield Hit("orders is named badly", (Evidence("gcp:List", "name orders"),))
    elif function.name == "resize":
        raise Unanswered(Gap(GapReason.DENIED, "gcp:Get", "functions.get", "not allowed"))
    elif function.name == "CRASH":
        raise ValueError("secret text")
    elif function.name != "thumbnail":
        raise NotApplicable("another name")
'''


@pytest.fixture(scope="module")
def names(report: dict[str, list[dict[str, str]]]) -> list[str]:
    """The names of three functions of the demo."""
    return sorted({row["name"] for row in report["functions"] if row["cloud"] == "gcp"})[:3]


def written(folder: Path, names: list[str]) -> Path:
    text = CHECK
    for stand_in, name in zip(("orders", "resize", "CRASH"), names, strict=False):
        text = text.replace(stand_in, name)
    (folder / "mine.py").write_text(text)
    return folder / "mine.py"


def test_verdicts_are_counted_and_shown(
    scanned: Path, names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, names[:2])
    assert run(["checks", "test", str(file), "--snapshot", str(scanned)]) == 0
    shown = capsys.readouterr().out
    assert "by-name: Named badly\n" in shown
    assert " 1 FAIL, 1 UNKNOWN, " in shown
    assert f"  FAIL     {names[0]} (gcp/" in shown
    assert f": {names[0]} is named badly\n           gcp:List: name {names[0]}\n" in shown
    assert f"  UNKNOWN  {names[1]} (gcp/" in shown
    assert ": gcp:Get DENIED, needs functions.get: not allowed\n" in shown
    assert f"  Fix on gcp, for the first finding: Rename {names[0]}.\n    rename {names[0]}\n" in shown


def test_a_crash_is_shown_with_its_line_and_fails(
    scanned: Path, names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, names)
    assert run(["checks", "test", str(file), "--snapshot", str(scanned), "--format", "json"]) == 2
    captured = capsys.readouterr()
    (row,) = json.loads(captured.out)
    assert row["verdicts"]["ERROR"] == len(row["errors"]) > 0
    assert {error["message"] for error in row["errors"]} == {"ValueError at by_name, line 17"}
    assert {finding["function_name"] for finding in row["findings"]} == {names[0]}
    assert "by-name crashed, see ERROR above: correct the named line (exit 2)" in captured.err


def test_one_mistake_is_told_once_and_names_what_is_missing(
    scanned: Path, names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, names)
    file.write_text(file.read_text().replace('    if function.name == "', '    if function.tags.nothing == "', 1))
    assert run(["checks", "test", str(file), "--snapshot", str(scanned)]) == 2
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "  ERROR  " in line]
    assert " more: AttributeError at by_name, line 12: Known has no 'nothing', which is a fact: need() gives" in line


def test_a_placeholder_that_nothing_fills_is_named(
    scanned: Path, names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, names[:2])
    file.write_text(file.read_text().replace("rename {name}", "rename {locatoin} ${name} {locus}"))
    assert run(["checks", "test", str(file), "--snapshot", str(scanned)]) == 2
    complained = capsys.readouterr().err
    assert "{locatoin} in a repair of by-name is no placeholder; did you mean location?" in complained
    assert "{name} in a repair" not in complained


def test_without_a_snapshot_the_demo_is_collected_once(
    names: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    file = written(tmp_path, names[:2])
    assert run(["checks", "test", str(file)]) == 0
    first = capsys.readouterr()
    assert "Collecting the demo accounts" in first.err
    assert run(["checks", "test", str(file)]) == 0
    second = capsys.readouterr()
    assert second.err == ""
    assert second.out == first.out
    (tmp_path / "cache" / "serverless-auditor" / "demo-gcp" / "made-by").write_text("an older version")
    assert run(["checks", "test", str(file)]) == 0
    assert "Collecting the demo accounts" in capsys.readouterr().err
