"""Strangers' checks, providers and reporters: loaded only when the configuration names their distribution."""

import sys
from pathlib import Path

import pytest

from auditor.cli.main import run

MODULE = '''
"""Flags every function, as a stranger's check might."""
from auditor.check import Context, Evidence, Fix, Hit, Risk, check
from auditor.model.ids import Cloud
from auditor.model.severity import Severity

FIX = {Cloud.AWS: Fix(text="Nothing.", no_command="none", no_terraform="none")}

@check(id="strangers-check", title="A stranger says so", risk=Risk.EXPOSURE, severity=Severity.LOW, fix=FIX)
def strangers_check(function, context):
    """Because."""
    yield Hit("so", (Evidence("x", "y"),))


class PaperReporter:
    format = "paper"
    filename = "report.paper"

    def write(self, report, stream):
        stream.write(b"on paper: " + str(len(list(report.findings()))).encode())
'''
POINTS = """
[serverless_auditor.checks]
mine = strangers_package

[serverless_auditor.reporters]
paper = strangers_package:PaperReporter
broken = strangers_package:Missing
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    site = tmp_path / "site"
    info = site / "strangers_things-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: strangers-things\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(POINTS)
    (site / "strangers_package.py").write_text(MODULE)
    monkeypatch.syspath_prepend(site)
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "strangers_package", raising=False)
    return tmp_path


def listed(capsys: pytest.CaptureFixture[str]) -> str:
    assert run(["checks", "list"]) == 0
    return capsys.readouterr().out


def test_installed_is_not_enough(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "strangers-check" not in listed(capsys)
    assert "strangers_package" not in sys.modules
    assert run(["report", "x.json", "-M", "paper"]) == 2


def test_named_in_the_configuration_it_is_loaded(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (installed / "auditor.toml").write_text('plugins = ["strangers-things"]\n')
    assert "strangers-check" in listed(capsys)


def test_a_plugin_that_cannot_load_is_named(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (installed / "auditor.toml").write_text('plugins = ["strangers-things"]\n')
    (installed / "r.json").write_text("{}")
    assert run(["report", "r.json", "-M", "broken"]) == 2
    assert "strangers-things could not load" in capsys.readouterr().err


def test_checks_of_ones_own_from_a_directory(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = installed / "mine"
    mine.mkdir()
    (mine / "stranger.py").write_text(MODULE)
    assert run(["checks", "show", "strangers-check", "--checks-dir", "mine"]) == 0
    assert "A stranger says so" in capsys.readouterr().out


def test_a_name_taken_twice_is_refused(installed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (installed / "auditor.toml").write_text('plugins = ["strangers-things"]\n')
    mine = installed / "mine"
    mine.mkdir()
    (mine / "stranger.py").write_text(MODULE)
    assert run(["checks", "list", "--checks-dir", "mine"]) == 2
    assert "Two checks are called 'strangers-check'" in capsys.readouterr().err
