"""S8: a cloud that was not scanned is named, with the reason, wherever the result is shown."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.demo import pointed_at
from auditor.cli.main import run
from moto_fixtures.aws.server import Server

WHERE = ("--region", "us-east-1", "--no-progress")
NO_AZURE = "No Azure credentials were found: run `az login`"
NO_GCP = "No Google Cloud credentials were found: run `gcloud auth application-default login`"


@pytest.fixture
def aws(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An environment with credentials of AWS and of nobody else."""
    with Server() as server:
        elsewhere = {"AZURE_CONFIG_DIR": str(tmp_path / "azure"), "CLOUDSDK_CONFIG": str(tmp_path / "gcloud")}
        yield {**server.environment, **elsewhere, "NO_GCE_CHECK": "true"}


def scan(environment: dict[str, str], out: Path, *options: str) -> tuple[int, dict[str, Any]]:
    with pointed_at(environment):
        code = run(["scan", *WHERE, "-o", str(out), *options])
    return code, json.loads((out / "report.json").read_bytes())


def test_s8_clouds_without_credentials_are_named_everywhere(
    aws: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = scan(aws, tmp_path / "out", "--fail-on-incomplete")
    said = capsys.readouterr().out
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    reasons = {row["cloud"]: row["reason"] for row in report["run"]["clouds_not_scanned"]}
    assert (code, report["run"]["complete"], set(reasons)) == (0, True, {"azure", "gcp"})
    assert reasons["azure"].startswith(NO_AZURE)
    assert reasons["gcp"].startswith(NO_GCP)
    assert f"azure was not scanned. {NO_AZURE}" in said
    assert f"gcp was not scanned. {NO_GCP}" in said
    assert "<strong>Azure was not scanned.</strong> No Azure credentials" in page
    assert "<strong>GCP was not scanned.</strong> No Google Cloud credentials" in page


def test_s8_naming_a_cloud_leaves_the_others_out_on_purpose(
    aws: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, report = scan(aws, tmp_path / "out", "--provider", "aws")
    assert report["run"]["clouds_not_scanned"] == []
    assert "not scanned" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "which is not there."), ("{}", "The Google Cloud credentials cannot be read")],
    ids=["missing file", "malformed file"],
)
def test_s8_credentials_that_fail_make_the_run_incomplete(
    aws: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, reason: str
) -> None:
    key = tmp_path / "key.json"
    if content is not None:
        key.write_text(content)
    configured = {**aws, "GOOGLE_APPLICATION_CREDENTIALS": str(key)}
    code, report = scan(configured, tmp_path / "out")
    reasons = {row["cloud"]: row["reason"] for row in report["run"]["clouds_not_scanned"]}
    assert (code, report["run"]["complete"]) == (0, False)
    assert reason in reasons["gcp"]
    assert reasons["azure"].startswith(NO_AZURE)
    assert [error for error in report["run"]["errors"] if reason in error]
    assert [row["status"] for row in report["scopes"]] == ["read"]
    assert reason in capsys.readouterr().out
    code, _ = scan(configured, tmp_path / "gated", "--fail-on-incomplete", "--quiet")
    assert code == 4
    assert capsys.readouterr().err.startswith("auditor: incomplete: ")


def test_s8_a_replay_names_them_too_and_a_union_only_what_none_scanned(aws: dict[str, str], tmp_path: Path) -> None:
    scan(aws, tmp_path / "out", "--quiet")
    assert run(["evaluate", str(tmp_path / "out"), "-o", str(tmp_path / "again"), "--quiet"]) == 0
    again = json.loads((tmp_path / "again" / "report.json").read_bytes())
    assert [row["cloud"] for row in again["run"]["clouds_not_scanned"]] == ["azure", "gcp"]
    from moto_fixtures.gcp.company import start

    google = start()
    try:
        with pointed_at(google.environment):
            run(["collect", "--provider", "gcp", "--depth", "quick", "--quiet", "-o", str(tmp_path / "google")])
    finally:
        google.stop()
    shutil.copytree(tmp_path / "google" / "snapshot", tmp_path / "out" / "snapshot", dirs_exist_ok=True)
    run(["evaluate", str(tmp_path / "out"), "-o", str(tmp_path / "both"), "--quiet"])
    both = json.loads((tmp_path / "both" / "report.json").read_bytes())
    assert [row["cloud"] for row in both["run"]["clouds_not_scanned"]] == ["azure"]


def test_s8_without_any_credentials_each_cloud_has_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CONFIG_DIR", str(tmp_path))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    assert run(["scan", "--no-progress", "-o", str(tmp_path / "out")]) == 5
    first, *clouds = capsys.readouterr().err.splitlines()
    assert first == "auditor: No cloud has credentials:"
    assert [line.split(" credentials")[0] for line in clouds] == ["  No AWS", "  No Azure", "  No Google Cloud"]


def test_s8_a_cloud_that_is_named_without_credentials_gets_the_sentence_that_helps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AZURE_CONFIG_DIR", str(tmp_path))
    assert run(["scan", "--provider", "azure", "--no-progress", "-o", str(tmp_path / "out")]) == 5
    complained = capsys.readouterr().err
    assert complained.startswith(f"auditor: {NO_AZURE}")
    assert complained.count("\n") == 1


def test_a10_the_report_tells_who_asked_with_which_command_and_settings(aws: dict[str, str], tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "own.py").write_text('"""Nothing yet."""\n')
    (tmp_path / "own.toml").write_text("[settings]\ntrusted_accounts = ['111122223333']\ntimeout_seconds = 900\n")
    external = "plan" + "ted-external-id"
    role = ["--role-arn", "arn:aws:iam::123456789012:role/audit", "--external-id", external]
    options = ["--provider", "aws", *role, "--config", str(tmp_path / "own.toml"), "--quiet"]
    _, report = scan(aws, tmp_path / "out", *options, "--checks-dir", str(mine))
    run_row = report["run"]
    assert run_row["settings"] == {"trusted_accounts": ["111122223333"], "timeout_seconds": 900}
    assert run_row["caller"]["aws"].startswith("arn:aws:sts::123456789012:assumed-role/audit/")
    assert run_row["command"].startswith("auditor scan --region us-east-1 --no-progress -o ")
    assert "--external-id '[redacted]'" in run_row["command"]
    (plugin,) = run_row["plugins"]
    assert (plugin["name"], plugin["version"], len(plugin["sha256"])) == (str(mine), None, 64)
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    for shown in ("111122223333", run_row["caller"]["aws"], plugin["sha256"]):
        assert shown in page
    written = b"".join(path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert external.encode() not in written
    (mine / "own.py").write_text('"""Something else."""\n')
    _, changed = scan(aws, tmp_path / "changed", "--provider", "aws", "--checks-dir", str(mine), "--quiet")
    assert changed["run"]["plugins"][0]["sha256"] != plugin["sha256"]
    assert changed["run"]["settings"] == {}
