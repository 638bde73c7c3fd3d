"""``auditor code`` and ``auditor advisories match``, as a shell sees them."""

import json
from pathlib import Path

import pytest

from auditor.cli.main import run

VULNERABLE = """\
import subprocess, boto3
def handler(event, context):
    name = event["queryStringParameters"]["name"]
    subprocess.run("ls " + name, shell=True)
    boto3.client("s3").get_object(Bucket="orders", Key=name)
    boto3.client(event["queryStringParameters"]["service"]).list_queues()
"""
WITHOUT_TIME = (
    "import sys; sys.path.insert(0, sys.argv[1]); import auditor.code.worker as w; w.WALL_SECONDS = 0; w.main()"
)
RECORD = {
    "id": "PYSEC-2018-28",
    "modified": "2021-07-05T00:01:25Z",
    "affected": [
        {
            "package": {"ecosystem": "PyPI", "name": "requests"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.20.0"}]}],
        }
    ],
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    made = tmp_path / "package"
    made.mkdir()
    (made / "app.py").write_text(VULNERABLE)
    (made / "requirements.txt").write_text("requests==2.19.0\n")
    return made


@pytest.fixture
def advisories(tmp_path: Path) -> Path:
    made = tmp_path / "advisories"
    made.mkdir()
    (made / "one.json").write_text(json.dumps(RECORD))
    return made


def document(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> dict:
    assert run([*arguments, "--format", "json"]) == code
    return json.loads(capsys.readouterr().out)


def test_a_package_as_json(package: Path, advisories: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["code", str(package), "--handler", "app.handler", "--advisories", str(advisories)]
    found = document(capsys, *asked, code=0)
    (defect,) = (each for each in found["findings"] if each["class"] == "command-injection")
    assert (defect["cwe"], defect["file"], defect["line"], defect["trigger"]) == (78, "app.py", 4, "http")
    assert defect["reached"] is True
    assert [(each["action"], each["resource"], each["certain"]) for each in found["calls"]] == [
        ("s3:GetObject", "Bucket=orders", True),
        (None, None, False),
    ]
    assert [each["purl"] for each in found["components"]] == ["pkg:pypi/requests@2.19.0"]
    assert [each["id"] for each in found["vulnerabilities"]] == ["PYSEC-2018-28"]
    assert (found["skipped"], found["complete"]) == ([], True)
    assert 'subprocess.run("ls' not in json.dumps(found), "code is never printed"


def test_what_another_trigger_reaches_fails_no_gate(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (package / "requirements.txt").unlink()
    asked = ["code", str(package), "--handler", "app.handler", "--fail-on", "high"]
    assert run([*asked, "--trigger", "http"]) == 3
    assert "command-injection" in capsys.readouterr().out
    assert run([*asked, "--trigger", "sqs"]) == 0
    said = capsys.readouterr().out
    assert "command-injection" not in said
    assert "more that no event of sqs reaches" in said
    assert run([*asked, "--trigger", "htpp"]) == 2
    assert "did you mean http?" in capsys.readouterr().err


def test_package_urls_are_matched(advisories: Path, capsys: pytest.CaptureFixture[str]) -> None:
    purls = ["pkg:pypi/requests@2.19.0", "pkg:pypi/requests@2.20.0"]
    found = document(capsys, "advisories", "match", *purls, "--advisories", str(advisories), code=0)
    assert found == {purls[0]: ["PYSEC-2018-28"], purls[1]: []}
    unheld = "pkg:golang/golang.org/x/crypto@v0.1.0"
    assert document(capsys, "advisories", "match", unheld, "--advisories", str(advisories), code=4) == {unheld: None}


def test_a_package_url_that_is_none_withholds_no_other_answer(advisories: Path, capsys) -> None:
    asked = ["requests", "pkg:pypi/requests@2.19.0", "pkg:pypi/requests"]
    assert run(["advisories", "match", *asked, "--advisories", str(advisories), "--format", "json"]) == 4
    said = capsys.readouterr()
    assert json.loads(said.out) == {asked[0]: None, asked[1]: ["PYSEC-2018-28"], asked[2]: None}
    assert "requests is no package URL with a version" in said.err
    assert "pkg:pypi/requests is no package URL with a version" in said.err
    assert run(["advisories", "match", *asked, "--advisories", str(advisories)]) == 4
    assert capsys.readouterr().out.splitlines()[0] == "requests  not judged"


def test_what_is_missing_fails_where_it_is_asked_for_only(package: Path, capsys, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "no-advisories"))
    asked = ["code", str(package), "--handler", "app.handler", "--format", "json"]
    assert run(asked) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["complete"] is False
    assert "incomplete: No advisories are held: 'auditor advisories update' fetches them." in said.err
    assert run([*asked, "--fail-on-incomplete"]) == 4
    assert run([*asked, "--fail-on-incomplete", "--fail-on", "high"]) == 3


def test_an_analysis_that_was_ended_is_a_gap(package: Path, advisories: Path, capsys, monkeypatch) -> None:
    monkeypatch.setattr("auditor.code.analyser._START", WITHOUT_TIME)
    asked = ["code", str(package), "--advisories", str(advisories)]
    found = document(capsys, *asked, code=0)
    assert found["skipped"] == ["The analysis of the package took longer than 0 s and was ended."]
    assert (found["complete"], found["components"], found["findings"]) == (False, [], [])
    assert run([*asked, "--fail-on-incomplete"]) == 4
