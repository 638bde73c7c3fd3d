"""S16: a configuration that is found where the command happens to be started never loads code."""

import sys
from pathlib import Path

import pytest

from auditor.cli.main import run
from auditor.model.capture import CaptureFacts, Depth
from auditor.snapshot.archive import write_facts

SKIPPED = "skipped: a configuration that is found in the working directory runs no code."
PLANTED = "from pathlib import Path\nPath({marker!r}).write_text('ran')\n"
POINTS = (
    "[serverless_auditor.checks]\nmine = planted_package\n[serverless_auditor.reporters]\npaper = planted_package:X\n"
)

READS_CONFIGURATION = [
    ["scan", "--provider", "aws", "--no-progress"],
    ["collect", "--provider", "aws", "--no-progress"],
    ["evaluate", "captured", "-o", "out"],
    ["checks", "list"],
    ["checks", "show", "url-auth-none"],
    ["report", "finished/report.json", "-o", "out"],
    ["doctor", "--provider", "aws"],
]
READS_NONE = [["permissions", "aws"], ["schema", "report"], ["--help"], ["demo", "--help"], ["--version"]]


@pytest.fixture
def marker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where planted code would leave its trace; the command is started in a folder that somebody else prepared."""
    marker = tmp_path / "ran"
    folder = tmp_path / "folder"
    (folder / "planted").mkdir(parents=True)
    (folder / "planted" / "check.py").write_text(PLANTED.format(marker=str(marker)))
    (folder / "planted_package.py").write_text(PLANTED.format(marker=str(marker)))
    info = folder / "planted_things-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: planted-things\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINTS)
    facts = CaptureFacts("2026-11-23T00:00:00Z", "2026-11-23T00:01:00Z", Depth.QUICK, "1", (), (), (), False, ())
    write_facts(folder / "captured", facts)
    run(["evaluate", str(folder / "captured"), "-o", str(folder / "finished"), "-M", "json", "--quiet"])
    monkeypatch.chdir(folder)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "planted_package", raising=False)
    return marker


FILES = [
    ("auditor.toml", "checks-dir = ['planted']\n"),
    ("auditor.toml", "checks_dir = 'planted'\n"),
    ("auditor.toml", "plugins = ['planted-things']\n"),
    ("auditor.toml", "sign-command = 'touch ran {manifest} {signature}'\n"),
    ("pyproject.toml", "[tool.auditor]\nchecks-dir = ['planted']\n"),
    ("pyproject.toml", "[tool.auditor]\nplugins = 'planted-things'\n"),
]


@pytest.mark.parametrize("verb", READS_CONFIGURATION, ids=lambda verb: " ".join(verb[:2]))
@pytest.mark.parametrize(("name", "text"), FILES)
def test_s16_no_verb_runs_code_that_a_found_file_names(
    marker: Path, capsys: pytest.CaptureFixture[str], verb: list[str], name: str, text: str
) -> None:
    Path(name).write_text(text)
    run(verb)
    complained = capsys.readouterr().err
    assert not marker.exists()
    assert complained.count(SKIPPED) == 1
    assert f"auditor: {name}: " in complained


@pytest.mark.parametrize("verb", READS_NONE, ids=" ".join)
def test_s16_verbs_without_configuration_do_not_read_it(
    marker: Path, capsys: pytest.CaptureFixture[str], verb: list[str]
) -> None:
    Path("auditor.toml").write_text("checks-dir = ['planted']\nplugins = ['planted-things']\n")
    assert run(verb) == 0
    assert not marker.exists()
    assert capsys.readouterr().err == ""


def test_s16_what_else_the_file_says_still_counts(marker: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("auditor.toml").write_text("checks-dir = ['planted']\nseverity = 'critical'\n")
    assert run(["checks", "list", "--format", "json"]) == 0
    listed = capsys.readouterr().out
    assert '"severity": "critical"' in listed
    assert '"severity": "low"' not in listed


@pytest.mark.parametrize("named", [["--config", "auditor.toml"], ["--checks-dir", "planted"]], ids=" ".join)
def test_s16_code_that_is_named_runs(marker: Path, named: list[str]) -> None:
    Path("auditor.toml").write_text("checks-dir = ['planted']\n")
    run(["checks", "list", *named])
    assert marker.read_text() == "ran"


@pytest.mark.parametrize(("variable", "value"), [("AUDITOR_CHECKS_DIR", "planted"), ("AUDITOR_CONFIG", "auditor.toml")])
def test_s16_code_that_the_environment_names_runs(
    marker: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    Path("auditor.toml").write_text("checks-dir = ['planted']\n")
    monkeypatch.setenv(variable, value)
    run(["checks", "list"])
    assert marker.read_text() == "ran"
