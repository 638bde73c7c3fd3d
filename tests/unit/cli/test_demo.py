"""S10: what is said where a package is missing: the demo's extra, or an SDK."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.cli.main import run

HOME = Path(__file__).parents[3]
WITHOUT = """
import sys
missing = sys.argv.pop(1)
class Without:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == missing:
            raise ModuleNotFoundError("No module named " + repr(name), name=name)
sys.meta_path.insert(0, Without())
from auditor.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


def without(package: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", WITHOUT, package, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(HOME)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("package", ["moto", "flask", "werkzeug", "flask_cors", "xmltodict", "responses"])
def test_s10_whatever_part_is_missing_the_sentence_names_the_extra(package: str, tmp_path: Path) -> None:
    done = without(package, "demo", "--provider", "aws", "-o", "out", folder=tmp_path)
    assert done.returncode == 2
    assert "pip install 'serverless-auditor[demo]'" in done.stderr
    assert f"needs the Python package {package}" in done.stderr
    assert "internal error" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_s10_an_error_of_ours_is_not_taken_for_a_missing_part(tmp_path: Path) -> None:
    done = without("moto_fixtures", "demo", "-o", "out", folder=tmp_path)
    assert done.returncode == 1
    assert "internal error" in done.stderr


def test_an_sdk_that_is_not_installed_is_named(tmp_path: Path) -> None:
    done = without("boto3", "scan", "--provider", "aws", "--no-progress", folder=tmp_path)
    assert done.returncode == 2
    assert "Auditing aws needs the Python package boto3" in done.stderr
    assert "our fault" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--framework", "cis-v0"), "No framework is called 'cis-v0'"),
        (("--waivers", "none.toml"), "none.toml"),
        (("--fail-on", "new:high"), "needs an earlier run to compare with"),
    ],
)
def test_what_is_refused_is_refused_before_a_company_is_deployed(
    options: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", *options, "-o", str(tmp_path / "out")]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "Deploying" not in told
