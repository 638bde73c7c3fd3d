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
from auditor.plugins import reporter

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
    assert context.params["fail_on_incomplete"], name  # a night that lost answers alarms
    assert bool(context.params["keep"]) == ("{date}" in str(context.params["output_dir"]))
    assert bool(context.params["waivers"]) == (name not in {"aws.yaml", "azure-job.bicep", "google.tf"})
    exported = name in {"auditor.service", "auditor.cron", "nightly.md"}
    assert bool(context.params["metrics_file"]) == exported


def test_each_way_of_running_it_says_where_the_webhook_goes() -> None:
    pieces = {name for name, _ in LINES} - {"nightly.md"}
    silent = {name for name in pieces if "AUDITOR_NOTIFY" not in (DEPLOY / name).read_text("utf-8")}
    assert silent == set()
    unit = (DEPLOY / "auditor.service").read_text("utf-8")
    assert "SuccessExitStatus" not in unit  # a failed gate is seen also where nobody set a webhook
    assert "ReadWritePaths=-/var/lib/node_exporter" in unit


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_the_units_are_sound(tmp_path: Path) -> None:
    for path in (DEPLOY / "auditor.service", DEPLOY / "auditor.timer"):
        text = path.read_text("utf-8").replace("ExecStart=auditor ", "ExecStart=/bin/true ")
        (tmp_path / path.name).write_text(text)
    units = [str(tmp_path / name) for name in ("auditor.service", "auditor.timer")]
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "schema", "key"),
    [("github-actions.yml", "github-workflows", "runs-on"), ("gitlab-ci.yml", "gitlab-ci", "script")],
)
def test_pipelines_are_what_their_service_takes_and_pin_what_they_use(
    name: str, schema: str, key: str, tmp_path: Path
) -> None:
    check = ("check-jsonschema", "--builtin-schema", f"vendor.{schema}")
    assert _checked(*check, str(DEPLOY / name))[0] == 0
    text = (DEPLOY / name).read_text("utf-8")
    used = re.findall(r"uses: (\S+)", text)
    assert [each for each in used if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each)] == []
    (tmp_path / name).write_text(text.replace(f"{key}:", f"{key}s:"))
    assert _checked(*check, str(tmp_path / name))[0] != 0


def _written(line: str) -> set[str]:
    """The paths of the results of a scan, by its options."""
    params = scan.make_context("scan", shlex.split(line)).params
    return {f"{params['output_dir']}/{reporter(name, ()).filename}" for name in params["formats"]}


def test_github_keeps_and_shows_a_night_whose_gate_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (job,) = yaml.safe_load((DEPLOY / "github-actions.yml").read_text("utf-8"))["jobs"].values()
    monkeypatch.chdir(tmp_path)
    Path("waivers.toml").touch()
    (line,) = (line for name, line in LINES if name == "github-actions.yml")
    names = [str(step.get("uses") or step.get("run")).partition("@")[0] for step in job["steps"]]
    scanned = names.index(f"auditor scan {line}")
    after = dict(zip(names[scanned + 1 :], job["steps"][scanned + 1 :], strict=True))
    restored = job["steps"][names.index("actions/cache/restore")]["with"]
    assert {step["if"].partition(" && ")[0] for step in after.values()} == {"always()"}
    assert {key: restored[key] for key in ("path", "key")} == after["actions/cache/save"]["with"]
    assert set(after) == {
        "actions/cache/save",
        "actions/upload-artifact",
        "github/codeql-action/upload-sarif",
        'cat audit/summary.md >> "$GITHUB_STEP_SUMMARY"',
    }
    asked_for = {re.findall(r"hashFiles\('(.+)'\)", step["if"])[0] for step in after.values()}
    assert asked_for == {"history.sqlite", "audit/report.json", "audit/report.sarif", "audit/summary.md"}
    assert asked_for - {"history.sqlite"} <= _written(line)


def test_gitlab_keeps_a_night_whose_gate_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (job,) = yaml.safe_load((DEPLOY / "gitlab-ci.yml").read_text("utf-8")).values()
    monkeypatch.chdir(tmp_path)
    Path("waivers.toml").touch()
    (line,) = (line for name, line in LINES if name == "gitlab-ci.yml")
    assert (job["cache"]["when"], job["artifacts"]["when"]) == ("always", "always")
    assert job["artifacts"]["reports"]["junit"] in _written(line)


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
