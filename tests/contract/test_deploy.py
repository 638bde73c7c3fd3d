"""What docs/deploy and docs/nightly.md tell people to run is what the tool takes."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import hcl2
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
        found += [(path.name, " ".join(words)) for words in _arguments(text)]
    return found


def _arguments(text: str) -> list[list[str]]:
    """The arguments of a container, one a line: a list in YAML, Bicep or HCL that begins with the verb."""
    lists = re.findall(r"^ *(?:- |['\"])?scan['\",]*\n((?: *(?:- |['\"])--.+\n)+)", text, re.MULTILINE)
    return [["--" + line.strip(" -'\",") for line in found.splitlines()] for found in lists]


LINES = _lines()


def test_each_way_of_running_it_has_a_command_line() -> None:
    named = {name for name, _ in LINES}
    assert named == {
        "auditor.cron",
        "auditor.service",
        "aws.yaml",
        "azure-job.bicep",
        "github-actions.yml",
        "gitlab-ci.yml",
        "google.tf",
        "kubernetes.yaml",
        "nightly.md",
    }


@pytest.mark.parametrize(("name", "line"), LINES, ids=[name for name, _ in LINES])
def test_a_command_line_is_one_the_tool_takes(
    name: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("waivers.toml").write_text("")
    context = scan.make_context("scan", shlex.split(line.replace("/etc/auditor/", "")))
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


def _checked(*command: str) -> tuple[int, str]:
    tool = Path(sys.executable).with_name(command[0])
    done = subprocess.run([tool, *command[1:]], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_the_cloudformation_template_is_sound(tmp_path: Path) -> None:
    assert _checked("cfn-lint", str(DEPLOY / "aws.yaml")) == (0, "")
    (tmp_path / "wrong.yaml").write_text(
        (DEPLOY / "aws.yaml").read_text("utf-8").replace("Encrypted: true", "Sealed: 1")
    )
    assert _checked("cfn-lint", str(tmp_path / "wrong.yaml"))[0] != 0


def test_the_dockerfile_is_sound(tmp_path: Path) -> None:
    assert _checked("hadolint", str(DEPLOY / "Dockerfile")) == (0, "")
    (tmp_path / "Dockerfile").write_text("FROM python\nRUN cd /tmp\n")
    assert _checked("hadolint", str(tmp_path / "Dockerfile"))[0] != 0


def test_the_kubernetes_manifest_is_sound(tmp_path: Path) -> None:
    assert _checked("kubernetes-validate", "--strict", "--quiet", str(DEPLOY / "kubernetes.yaml"))[0] == 0
    wrong = (DEPLOY / "kubernetes.yaml").read_text("utf-8").replace("concurrencyPolicy", "concurrencyPolice")
    (tmp_path / "wrong.yaml").write_text(wrong)
    assert _checked("kubernetes-validate", "--strict", "--quiet", str(tmp_path / "wrong.yaml"))[0] != 0


def test_the_terraform_is_hcl() -> None:
    kinds = {kind for block in hcl2.loads((DEPLOY / "google.tf").read_text("utf-8"))["resource"] for kind in block}
    assert {kind.strip('"') for kind in kinds} >= {"google_cloud_run_v2_job", "google_cloud_scheduler_job"}
