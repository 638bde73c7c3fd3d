"""What docs/deploy and docs/nightly.md tell people to run is what the tool takes."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from auditor.cli.scan import command as scan

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"


def _lines() -> list[tuple[str, str]]:
    """Every command line of a scan, with the file it stands in."""
    found = []
    for path in (*sorted(DEPLOY.iterdir()), ROOT / "docs" / "nightly.md"):
        text = re.sub(r"\\\n\s*", "", path.read_text("utf-8"))
        found += [(path.name, line) for line in re.findall(r"auditor scan (--.+)", text)]
    return found


LINES = _lines()


def test_each_way_of_running_it_has_a_command_line() -> None:
    named = {name for name, _ in LINES}
    assert named == {"auditor.cron", "auditor.service", "github-actions.yml", "gitlab-ci.yml", "nightly.md"}


@pytest.mark.parametrize(("name", "line"), LINES, ids=[name for name, _ in LINES])
def test_a_command_line_is_one_the_tool_takes(
    name: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("waivers.toml").write_text("")
    context = scan.make_context("scan", shlex.split(line))
    assert context.params["history"], name
    assert context.params["fail_on"] == "new:high"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_the_units_are_sound(tmp_path: Path) -> None:
    for path in (DEPLOY / "auditor.service", DEPLOY / "auditor.timer"):
        text = path.read_text("utf-8").replace("ExecStart=auditor ", "ExecStart=/bin/true ")
        (tmp_path / path.name).write_text(text)
    units = [str(tmp_path / name) for name in ("auditor.service", "auditor.timer")]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["github-actions.yml", "gitlab-ci.yml"])
def test_pipelines_are_yaml_and_pin_what_they_use(name: str) -> None:
    text = (DEPLOY / name).read_text("utf-8")
    assert isinstance(yaml.safe_load(text), dict)
    used = re.findall(r"uses: (\S+)", text)
    assert [each for each in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each)] == []
